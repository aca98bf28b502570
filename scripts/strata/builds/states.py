"""What was recorded of each node when it was last run: rows of ``ops.node_states``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strata.warehouse.base import Warehouse

_COLUMNS = "unique_id, inputs, batch_id, as_of, status, updated_at"
# The row that describes the project; a run of dbt writes it.
PROJECT_ROW = "project"


@dataclass(frozen=True)
class State:
    """One row. ``inputs`` is empty where it is not known from what the node was built."""

    unique_id: str
    inputs: str
    batch_id: int
    as_of: str | None
    status: str
    updated_at: datetime


def read_states(warehouse: Warehouse) -> dict[str, State]:
    """All rows of nodes by unique id."""
    rows = warehouse.query(f"select {_COLUMNS} from {{ops}}.node_states where unique_id <> ?", [PROJECT_ROW])
    return {row[0]: State(*row) for row in rows}


def built_as_of(warehouse: Warehouse) -> str | None:
    """The day that counted as today in the last build, as YYYY-MM-DD; none where no node that reads it was built."""
    if not warehouse.has("ops", "node_states"):
        return None
    rows = warehouse.query(
        "select as_of from {ops}.node_states where as_of is not null order by updated_at desc limit 1"
    )
    return str(rows[0][0]).removeprefix("today ") if rows else None


def write_states(warehouse: Warehouse, states: Iterable[State]) -> None:
    """Replace all rows of nodes, inside a transaction of the caller. The row of the project is for dbt to write."""
    relation = warehouse.ops("node_states")
    warehouse.execute(f"delete from {relation} where unique_id <> ?", [PROJECT_ROW])
    columns = [list(column) for column in zip(*map(astuple, states), strict=True)]
    kinds = ("varchar", "varchar", "bigint", "varchar", "varchar", "timestamp")
    if columns:
        unnested = ", ".join(
            f"unnest(?::{kind}[]) as {name}" for kind, name in zip(kinds, _COLUMNS.split(", "), strict=True)
        )
        warehouse.append_to_ops("node_states", f"select {unnested}", columns)


def now() -> datetime:
    """The instant of writing, UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
