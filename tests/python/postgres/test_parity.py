"""Parity finds every kind of difference between two warehouses, says where it is, and finds no other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engines import new_prefix, session_for

from strata.__main__ import _run
from strata.errors import UsageError
from strata.parity import Compared, Difference, Side, canonical, choose_tables, compare
from strata.places import Place, read_places
from strata.published import Published
from strata.session import Session
from strata.warehouse.base import Warehouse

TABLE = Published(
    "area",
    "numbers",
    {"date": "date", "id": "bigint", "label": "text", "rate": "float8", "moment": "timestamp", "tags": "text[]",
     "price": "numeric", "payload": "json"},
    ("date", "id"),
    "date",
)  # fmt: skip
_ROW = (
    "(date '2026-03-0{day}', {number}, 'ä', 0.1, timestamp '2026-03-01 10:00:00.25', array['b', 'a'], 1.50, '{json}')"
)


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None) -> Iterator[list[Side]]:
    """The same 30 rows of three days on both engines; the JSON of PostgreSQL has its keys in another order."""
    opened: list[Warehouse] = []
    made = []
    for target, document in (("duckdb", {"a": 1, "b": [1]}), ("postgres", {"b": [1], "a": 1})):
        session = session_for(target, tmp_path, tmp_path, monkeypatch, prefix=new_prefix())
        warehouse = session.warehouse()
        opened.append(warehouse)
        schema = session.settings.schema("area")
        warehouse.execute(f"create schema {schema}")
        warehouse.execute(
            f"create table {schema}.numbers (date date, id bigint, label text, rate float8, moment timestamp, "
            "tags text[], price numeric(10, 2), payload text)"
        )
        rows = [_ROW.format(day=n % 3 + 1, number=n, json=json.dumps(document)) for n in range(30)]
        warehouse.execute(f"insert into {schema}.numbers values {', '.join(rows)}")
        made.append(Side(target, warehouse, session.settings.schema))
    yield made
    for warehouse in opened:
        warehouse.close(is_clean=False)


def compared(sides: list[Side], table: Published = TABLE) -> Compared:
    [outcome] = list(compare(sides[0], sides[1], [table]))
    return outcome


def change(side: Side, statement: str) -> None:
    side.warehouse.execute(statement.replace("numbers", side.relation(TABLE)))


def test_equal_but_for_the_order_of_keys(sides: list[Side]) -> None:
    outcome = compared(sides)
    assert (outcome.is_equal, outcome.rows, outcome.partitions) == (True, (30, 30), 3)
    assert outcome.looked_at == 3, "the hashes differ; the rows, with their keys sorted, do not"


def test_equal_hashes_settle_a_partition(sides: list[Side]) -> None:
    change(sides[1], """update numbers set payload = '{"a": 1, "b": [1]}' where date <> date '2026-03-02'""")
    outcome = compared(sides)
    assert (outcome.is_equal, outcome.partitions, outcome.looked_at) == (True, 3, 1)


@pytest.mark.parametrize(
    ("column", "value", "seen"),
    [("label", "'a'", "a"), ("label", "''", ""), ("label", "null", None),
     ("rate", "0.10000000000000002", "0.10000000000000002"), ("rate", "null", None),
     ("moment", "timestamp '2026-03-01 10:00:00.250001'", "2026-03-01 10:00:00.250001"),
     ("tags", "array['a', 'b']", '["a", "b"]'), ("tags", "null", None),
     ("tags", "array['b', 'a', null]", '["b", "a", null]'), ("price", "1.51", "1.51"),
     ("payload", """'{"a": 1, "b": [2]}'""", '{"a":1,"b":[2]}')],
)  # fmt: skip
@pytest.mark.parametrize("number", [0, 1])
def test_a_changed_value_is_named(sides: list[Side], number: int, column: str, value: str, seen: str | None) -> None:
    change(sides[number], f"update numbers set {column} = {value} where id = 7")
    outcome = compared(sides)
    [found] = outcome.differences
    assert (found.table, found.key, found.only_on) == ("area.numbers", {"date": "2026-03-02", "id": "7"}, None)
    assert list(found.columns) == [column]
    assert found.columns[column][number] == seen


@pytest.mark.parametrize(("before", "after"), [("null", "''"), ("array['a', null]", "array['a']"),
    ("array['']", "array[]::text[]"), ("array['a' || chr(31) || 'b']", "array['a', 'b']")])  # fmt: skip
def test_values_that_look_alike_are_not_equal(sides: list[Side], before: str, after: str) -> None:
    column = "tags" if "array" in before else "label"
    for side, value in zip(sides, (before, after), strict=True):
        change(side, f"update numbers set {column} = {value}, payload = '[]'")
    outcome = compared(sides)
    assert not outcome.is_equal
    assert list(outcome.differences[0].columns) == [column]


@pytest.mark.parametrize("number", [0, 1])
def test_missing_and_extra_rows(sides: list[Side], number: int) -> None:
    change(sides[number], "delete from numbers where id = 7")
    [missing] = compared(sides).differences
    assert (missing.key["id"], missing.only_on, missing.columns) == ("7", sides[1 - number].name, {})
    change(sides[1 - number], "delete from numbers where id = 7")
    change(sides[number], "insert into numbers select * from numbers where id = 8")
    outcome = compared(sides)
    [copy] = outcome.differences
    assert (copy.key["id"], copy.only_on) == ("8", sides[number].name)
    assert sorted(outcome.rows) == [29, 30]


def test_a_day_that_is_on_one_side_only(sides: list[Side]) -> None:
    change(sides[0], "delete from numbers where date = date '2026-03-03'")
    outcome = compared(sides)
    assert (outcome.rows, len(outcome.differences)) == ((20, 30), 5)
    assert {found.only_on for found in outcome.differences} == {"postgres"}


def test_tables_without_a_date_and_null_dates(sides: list[Side]) -> None:
    whole = replace(TABLE, partition=None)
    assert compared(sides, whole).is_equal
    change(sides[0], "update numbers set date = null where id = 7")
    for table in (TABLE, whole):
        assert {found.only_on for found in compared(sides, table).differences} == {"duckdb", "postgres"}


def test_canonical_forms() -> None:
    assert canonical(None, "text") is None
    assert canonical('{"b": 1, "a": {"d": null, "c": "ä"}}', "json") == '{"a":{"c":"ä","d":null},"b":1}'
    assert canonical(1, "float8") == canonical(1.0, "float8") == "1.0"
    assert canonical([], "text[]") == "[]"


def test_comparing_nothing_is_an_error() -> None:
    assert choose_tables([TABLE], []) == choose_tables([TABLE], ["area.numbers"]) == [TABLE]
    with pytest.raises(UsageError, match=r"no published table area\.nothing"):
        choose_tables([TABLE], ["area.numbers", "area.nothing"])


@pytest.mark.parametrize("is_equal", [True, False])
def test_exit_code_and_what_is_shown(
    is_equal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    difference = Difference("area.numbers", {"id": "7"}, {"label": ("ä", None)}, None)
    outcome = Compared("area.numbers", (30, 30), 3, 1, [] if is_equal else [difference])
    session_for("duckdb", tmp_path, tmp_path, monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")

    def parity(self: Session, places: Sequence[Place], tables: list[str]) -> Any:
        return iter([outcome])

    monkeypatch.setattr(Session, "parity", parity)
    monkeypatch.setattr("strata.session.start_embedded", lambda settings: True)
    assert _run(["parity"]) == (0 if is_equal else 1)
    said = capsys.readouterr().out
    assert f"DuckDB, {tmp_path / 'strata.duckdb'}" in said
    assert f"PostgreSQL, embedded server with its data in {tmp_path / 'postgres'}" in said
    assert "area.numbers" in said
    assert ("label" in said and "id" in said and "7" in said) is not is_equal


def test_two_files_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two warehouse files, one damaged; neither is written to."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("strata.session.published_tables", lambda settings, manifest: [TABLE])
    monkeypatch.setattr(Session, "manifest", None)
    files = [tmp_path / "before" / "strata.duckdb", tmp_path / "after" / "strata.duckdb"]
    for number, path in enumerate(files):
        session = session_for("duckdb", path.parent, tmp_path, monkeypatch)
        assert session.settings.duckdb_path == path
        warehouse = session.warehouse()
        warehouse.execute("create schema area")
        rows = ", ".join(_ROW.format(day=1, number=n + number, json="{}") for n in range(3))
        warehouse.execute(
            "create table area.numbers (date date, id bigint, label text, rate float8, moment timestamp, tags text[], "
            f"price numeric(10, 2), payload text); insert into area.numbers values {rows}"
        )
        with warehouse as opened:
            relation = opened.ops("node_states")
            opened.execute(
                f"insert into {relation} (unique_id, inputs, batch_id, as_of, status, updated_at) "
                f"values ('a', '', 0, 'today 2026-03-0{number + 1}', 'success', now()::timestamp)"
            )
    contents = [path.read_bytes() for path in files]
    assert _run(["parity", *map(str, files)]) == 1
    said = capsys.readouterr().out
    assert all(f"DuckDB, {path}" in said for path in files)
    assert f"id=0): only on {files[0]}" in said, "two files of one name are told apart by their folders"
    assert f"id=3): only on {files[1]}" in said
    assert f"{files[0]} was built as of 2026-03-01, {files[1]} as of 2026-03-02." in said
    assert [path.read_bytes() for path in files] == contents
    assert sorted(path.name for path in files[0].parent.iterdir() if path.is_file()) == ["strata.duckdb"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(["duckdb"], "Name two warehouses to compare, not 1"), (["duckdb", "postgres", "duckdb"], "not 3"),
     (["duckdb", "nothing.duckdb"], r"no warehouse file .*nothing\.duckdb"),
     (["postgres", "postgres"], "postgres and postgres are the same warehouse")],
)  # fmt: skip
def test_two_warehouses_must_be_named(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_for("duckdb", tmp_path, tmp_path, monkeypatch)
    with pytest.raises(UsageError, match=said):
        read_places(session.settings, words)
