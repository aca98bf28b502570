"""What a broken claim about a column reads like: one line that names the claim, on each engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strata.warehouse.base import Warehouse

# The words of DuckDB and of PostgreSQL. PostgreSQL goes on with the whole row, which is nobody's business.
_NULL = (
    re.compile(r"NOT NULL constraint failed: \S+\.(\w+)"),
    re.compile(r'null value in column "(\w+)" of relation "\w+" violates not-null constraint'),
)
_CHECK = (
    re.compile(r'CHECK constraint failed on table "\w+" with expression CHECK\((.*)\)'),
    re.compile(r'new row for relation "\w+" violates check constraint "([^"]+)"'),
)


def refused(said: str, node: Any) -> str | None:
    """What to say where a table refused a row, by the words of the engine; none where that is not what happened."""
    for pattern in _NULL:
        if found := pattern.search(said):
            return _refused(f"{found[1]} is not null", node.name)
    for pattern in _CHECK:
        if found := pattern.search(said):
            return _refused(_as_written(found[1], node), node.name)
    return None


def broken(warehouse: Warehouse, query: str) -> str:
    """What to say where the test constraints_hold failed, by the rows of its query."""
    return "; ".join(
        f"{claim} does not hold in {rows:,} row{'s' if rows > 1 else ''}, for example {example}"
        for claim, rows, example in warehouse.execute(query)
    )


def _refused(claim: str, name: str) -> str:
    return f"{claim} does not hold in a row that {name} was to get. Nothing of it was written."


def _as_written(expression: str, node: Any) -> str:
    """The constraint as the project writes it: DuckDB adds brackets, PostgreSQL keeps 63 characters of it."""
    for column in node.columns.values():
        for constraint in column.constraints:
            written = str(constraint.expression or "")
            if written and _plain(written).startswith(_plain(expression)):
                return written
    return expression


def _plain(expression: str) -> str:
    return re.sub(r"[\s()]", "", expression).lower()
