"""What `strata status` says of the area."""

from __future__ import annotations

from strata.terminal import counted
from strata.warehouse.base import Warehouse


def notes(warehouse: Warehouse) -> list[str]:
    """A sentence where ids stood under several parents."""
    if not warehouse.has("ops", "scopes_with_two_parents"):
        return []
    [(doubled,)] = warehouse.query("select count(*) from {ops}.scopes_with_two_parents")
    if not doubled:
        return []
    return [
        f"{counted(doubled, 'id')} of the organisation stood under several parents on one day and counted as one "
        "scope there. ops.scopes_with_two_parents lists them."
    ]
