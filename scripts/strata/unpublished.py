"""What the door accepted and no published table can hold, as the view ``ops.unpublished`` lists it."""

from __future__ import annotations

from strata.warehouse.base import Warehouse


def unpublished(warehouse: Warehouse) -> list[tuple[str, str, int]]:
    """Table, reason and how many records or rows; none before the first build."""
    if not warehouse.has("ops", "unpublished"):
        return []
    rows = warehouse.query(
        "select area || '.' || table_name, reason, count(*) from {ops}.unpublished group by 1, 2 order by 1, 2"
    )
    return [(str(table), str(reason), int(count)) for table, reason, count in rows]
