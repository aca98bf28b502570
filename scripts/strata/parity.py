"""Do two warehouses publish the same? Hashes of whole partitions first, rows only where those differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from strata.errors import StrataError, UsageError
from strata.published import Published
from strata.warehouse.base import Warehouse

_SEPARATOR, _NULL = "chr(31)", "chr(30)"
_MOST_DIFFERENCES = 5


@dataclass(frozen=True)
class Difference:
    """One row that is not on both sides. ``columns`` names those that differ where both have a row of that key."""

    table: str
    key: dict[str, str]
    columns: dict[str, tuple[str | None, str | None]]
    only_on: str | None


@dataclass(frozen=True)
class Compared:
    """What became of one table: rows on each side, partitions whose rows had to be looked at, first differences."""

    table: str
    rows: tuple[int, int]
    partitions: int
    looked_at: int
    differences: list[Difference]

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold the same rows."""
        return not self.differences


@dataclass(frozen=True)
class Side:
    """One of the two warehouses: how it is called, how it is asked, and how its SQL renders a column."""

    name: str
    warehouse: Warehouse
    schema: Callable[[str], str]

    def relation(self, table: Published) -> str:
        """The table on this side; for a pseudonym, which is this warehouse's own, the digest that led to it."""
        name = f"{self.schema(table.schema)}.{table.name}"
        if not table.pseudonyms:
            return name
        columns = ", ".join(
            f'coalesce(of_{column}.key_digest, published."{column}") as "{column}"'
            if column in table.pseudonyms
            else f'published."{column}"'
            for column in table.columns
        )
        joins = " ".join(
            f'left join {self.schema("ops")}.subjects as of_{column} on of_{column}.pseudonym = published."{column}"'
            for column in table.pseudonyms
        )
        return f"(select {columns} from {name} as published {joins}) as translated"


def compare(left: Side, right: Side, tables: Sequence[Published]) -> Iterator[Compared]:
    """Compare tables one after the other.

    Raises:
        StrataError: a table is missing on one side.
    """
    for table in tables:
        yield _compare_table(left, right, table)


def _compare_table(left: Side, right: Side, table: Published) -> Compared:
    hashes = [_partition_hashes(side, table) for side in (left, right)]
    partitions = sorted(set(hashes[0]) | set(hashes[1]))
    doubtful = [part for part in partitions if hashes[0].get(part) != hashes[1].get(part)]
    differences: list[Difference] = []
    for part in doubtful:
        if len(differences) < _MOST_DIFFERENCES:
            rows = [_rows(side, table, part) for side in (left, right)]
            differences += _differences(table, (left.name, right.name), rows)
    counts = tuple(sum(count for count, _, _ in side.values()) for side in hashes)
    first = differences[:_MOST_DIFFERENCES]
    return Compared(f"{table.schema}.{table.name}", (counts[0], counts[1]), len(partitions), len(doubtful), first)


def _partition_hashes(side: Side, table: Published) -> dict[str, tuple[int, str, str]]:
    """Rows and two sums of row hashes for every partition; sums do not depend on order and count every copy."""
    rendered = ", ".join(f"coalesce({_rendered(side, name, kind)}, {_NULL})" for name, kind in table.columns.items())
    partition = f"coalesce(cast({table.partition} as varchar), '')" if table.partition else "''"
    halves = [f"sum({_number(side, f'substr(row_hash, {start}, 15)')})" for start in (1, 16)]
    rows = side.warehouse.execute(
        f"select part, count(*), cast({halves[0]} as varchar), cast({halves[1]} as varchar) from ("
        f"select {partition} as part, md5(concat_ws({_SEPARATOR}, {rendered})) as row_hash "
        f"from {side.relation(table)}) as hashed group by part"
    )
    return {part: (int(count), first, second) for part, count, first, second in rows}


def _rendered(side: Side, name: str, kind: str) -> str:
    """A column as text. Where engines render alike all is well; where not, the rows are looked at one by one."""
    column = f'"{name}"'
    if kind in ("text", "string", "varchar", "text[]"):
        # As JSON a text cannot be taken for null, for two columns, or for a list of itself.
        return f"cast(to_json({column}) as varchar)"
    if kind == "float8":
        # DuckDB writes 1.0 where PostgreSQL writes 1.
        return f"regexp_replace(cast({column} as varchar), '[.]0$', '')"
    if kind == "timestamp":
        if side.warehouse.is_duckdb:
            return f"strftime({column}, '%Y-%m-%d %H:%M:%S.%f')"
        return f"to_char({column}, 'YYYY-MM-DD HH24:MI:SS.US')"
    return f"cast({column} as varchar)"


def _number(side: Side, text: str) -> str:
    if side.warehouse.is_duckdb:
        return f"cast('0x' || {text} as hugeint)"
    return f"cast(cast(('x' || {text}) as bit(60)) as bigint)"


def _rows(side: Side, table: Published, part: str) -> Counter[tuple[str | None, ...]]:
    """The rows of a partition, each column in its canonical form."""
    columns = ", ".join(f'"{name}"' for name in table.columns)
    where = f" where coalesce(cast({table.partition} as varchar), '') = ?" if table.partition else ""
    rows = side.warehouse.execute(
        f"select {columns} from {side.relation(table)}{where}", [part] if table.partition else []
    )
    kinds = list(table.columns.values())
    return Counter(tuple(canonical(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in rows)


def canonical(value: Any, kind: str) -> str | None:
    """A value in the form in which both engines must agree.

    Decimals by their scale, instants in microseconds of UTC, doubles by their shortest exact text, JSON with its keys
    sorted, lists as JSON. Null stays null.
    """
    if value is None:
        return None
    match kind:
        case "json":
            document = json.loads(value) if isinstance(value, str) else value
            return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        case "text[]":
            return json.dumps(list(value), ensure_ascii=False)
        case "float8":
            return repr(float(value))
        case "timestamp":
            return str(value.isoformat(sep=" ", timespec="microseconds"))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _differences(
    table: Published, names: tuple[str, str], rows: Sequence[Counter[tuple[str | None, ...]]]
) -> Iterator[Difference]:
    only = [dict(_by_key(table, rows[here] - rows[1 - here])) for here in (0, 1)]
    for key in sorted(set(only[0]) | set(only[1]), key=str):
        left, right = only[0].get(key), only[1].get(key)
        columns = {}
        if left and right:
            pairs = zip(table.columns, left, right, strict=True)
            columns = {name: (mine, theirs) for name, mine, theirs in pairs if mine != theirs}
        side = None if left and right else names[0 if left else 1]
        where = dict(zip(table.key, (str(part) for part in key), strict=True))
        yield Difference(f"{table.schema}.{table.name}", where, columns, side)


def _by_key(
    table: Published, rows: Counter[tuple[str | None, ...]]
) -> Iterator[tuple[tuple[str | None, ...], tuple[str | None, ...]]]:
    positions = [list(table.columns).index(name) for name in table.key]
    for row in rows:
        yield tuple(row[position] for position in positions), row


def choose_tables(published: Sequence[Published], names: Sequence[str]) -> list[Published]:
    """The tables of these names (``area.table``), or all where none is named.

    Raises:
        UsageError: a name means no published table; comparing nothing must not look like equality.
        StrataError: nothing is published.
    """
    by_name = {f"{table.schema}.{table.name}": table for table in published}
    unknown = sorted(set(names) - set(by_name))
    if unknown:
        raise UsageError(
            f"There is no published table {', '.join(unknown)}. Leave --table out to compare all; there are: "
            f"{', '.join(by_name)}."
        )
    if not by_name:
        raise StrataError("The project publishes no table; there is nothing to compare.")
    return [table for name, table in by_name.items() if not names or name in names]
