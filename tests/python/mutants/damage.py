"""The ways in which one published relation is damaged: one column, or its rows, in one row and in all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ONE, ALL = "one row", "all rows"


@dataclass(frozen=True)
class Relation:
    """A relation to damage: the area it belongs to, where it stands, and its columns with their data types.

    ``columns`` leaves out those that say when a row was written. ``identity`` are the columns by which one row is
    chosen: those that are the same in every run, so without pseudonyms.
    """

    node_id: str
    area: str
    schema: str
    name: str
    is_view: bool
    columns: Mapping[str, str]
    identity: tuple[str, ...]

    @property
    def label(self) -> str:
        """Schema and name, as people write it."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Damage:
    """One damage: what was done to which column (none where it was done to whole rows), and the SQL that does it.

    ``counts`` is a query that says how many rows the damage changes; where it is 0 the damage is none.
    """

    relation: Relation
    column: str | None
    kind: str
    where: str
    statement: str
    counts: str

    @property
    def label(self) -> str:
        """What was done, in a few words."""
        return f"{self.kind}, {self.where}"


def relations(manifest: Mapping[str, Any]) -> list[Relation]:
    """Public models of all areas, and all models of the snapshot layer; ops and seeds are not damaged."""
    found = []
    for node_id, node in manifest["nodes"].items():
        path = node["original_file_path"].split("/")
        if node["resource_type"] != "model" or len(path) != 4:
            continue
        _, area, layer, _ = path
        if node["access"] != "public" and layer != "snapshot":
            continue
        columns = {name: column for name, column in node["columns"].items() if not _meta(column).get("run_time")}
        identity = tuple(name for name, column in columns.items() if not _meta(column).get("pseudonym"))
        types = {name: str(column["data_type"]) for name, column in columns.items()}
        is_view = node["config"]["materialized"] == "view"
        found.append(Relation(node_id, area, node["schema"], node["alias"], is_view, types, identity))
    return sorted(found, key=lambda relation: relation.label)


def _meta(column: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = column["config"]["meta"]
    return meta


def damages(relation: Relation, seed: int) -> Iterator[Damage]:
    """All damages of a relation, in a fixed order. The seed chooses the rows that are damaged alone."""
    table = f'"{relation.schema}"."{relation.name}"'
    content = ", ".join(f'coalesce(cast("{name}" as varchar), chr(30))' for name in relation.identity)

    def one_row(condition: str) -> str:
        order = f"md5(concat_ws(chr(31), '{seed}', {content})), rowid"
        return f"rowid = (select rowid from {table} where {condition} order by {order} limit 1)"

    for column, kind in relation.columns.items():
        value, is_changed = _other_value(table, column, kind)
        for name, new, condition in (("value", value, is_changed), ("null", "null", f'"{column}" is not null')):
            for where, chosen in ((ONE, one_row(condition)), (ALL, condition)):
                statement = f'update {table} set "{column}" = {new} where {chosen}'
                counts = f"select count(*) from {table} where {condition}"
                yield Damage(relation, column, name, where, statement, counts)
    for where, chosen in ((ONE, one_row("true")), (ALL, "true")):
        counts = f"select count(*) from {table}"
        doubling = f"insert into {table} select * from {table} where {chosen}"
        yield Damage(relation, None, "deleted", where, f"delete from {table} where {chosen}", counts)
        yield Damage(relation, None, "doubled", where, doubling, counts)


def _other_value(table: str, column: str, kind: str) -> tuple[str, str]:
    """An expression for another value of the column, and the condition under which it is another one."""
    quoted = f'"{column}"'
    is_filled = f"{quoted} is not null"
    if kind.endswith("[]"):
        return f"cast([] as {kind})", f"len({quoted}) > 0"
    if kind == "boolean":
        return f"not {quoted}", is_filled
    if kind == "date":
        return f"{quoted} + 1", is_filled
    if kind == "timestamp":
        return f"{quoted} + interval 1 second", is_filled
    if kind == "bigint" or kind.endswith(",0)"):
        return f"{quoted} + 1", is_filled
    if kind == "float8" or kind.startswith("numeric"):
        # 0.01 at least, so that a decimal of two places changes, too.
        return f"{quoted} + greatest(abs({quoted}) * 0.01, 0.01)", is_filled
    # The next of the column's own values is more likely to pass for true than one that stands nowhere.
    following = f"(select min(others.{quoted}) from {table} as others where others.{quoted} > {table}.{quoted})"
    first = f"(select min(others.{quoted}) from {table} as others where others.{quoted} <> {table}.{quoted})"
    nowhere = "gen_random_uuid()" if kind == "uuid" else f"{quoted} || '~'"
    return f"coalesce({following}, {first}, {nowhere})", is_filled
