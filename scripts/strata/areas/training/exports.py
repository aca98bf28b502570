"""Marts of the area as files for other systems."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from strata.errors import StrataError
from strata.exports import write_documents
from strata.warehouse.base import Warehouse


def export_insights(warehouse: Warehouse, day: date, folder: Path) -> tuple[Path, int]:
    """Write one JSON document per user who left a record on a day, as NDJSON in the order of the users.

    Raises:
        StrataError: nothing is known of that day, or the marts were not built yet.
    """
    relation = warehouse.require("training", "insights_payload")
    rows = warehouse.query(f"select payload from {relation} where date = ? order by user_id", [day])
    if not rows:
        raise StrataError(f"Nobody left a record on {day}. `strata status` shows which days there are.")
    target = folder / f"insights-{day}.ndjson"
    return target, write_documents((payload for (payload,) in rows), target)
