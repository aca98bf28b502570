"""Raw tables on PostgreSQL: the same DDL from the door and from dbt, partitions by month, what is in them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from areas.learning.place import event as learning_event
from engines import new_prefix, session_for
from records import event, interaction, line, ndjson

from strata.dbt_runner import run_dbt
from strata.intake.ledger import Ledger
from strata.session import Session
from strata.warehouse.open import open_warehouse

_CATALOG = {
    "duckdb": [
        "select table_schema, table_name, ordinal_position, column_name, data_type, is_nullable "
        "from information_schema.columns where table_schema in ('{p}ops', '{p}raw_training', '{p}raw_learning')",
        "select schema_name, table_name, index_name, sql from duckdb_indexes()",
    ],
    "postgres": [
        "select table_schema, table_name, ordinal_position, column_name, data_type, udt_name, is_nullable, "
        "collation_name from information_schema.columns where table_schema in "
        "('{p}ops', '{p}raw_training', '{p}raw_learning')",
        "select schemaname, tablename, indexname, indexdef from pg_indexes "
        "where schemaname in ('{p}ops', '{p}raw_training', '{p}raw_learning')",
        "select c.relnamespace::regnamespace::text, c.relname, c.relkind::text, pg_get_partkeydef(c.oid), "
        "pg_get_expr(c.relpartbound, c.oid) from pg_class as c "
        "where c.relnamespace::regnamespace::text in ('{p}ops', '{p}raw_training', '{p}raw_learning') "
        "and c.relkind in ('r', 'p', 'i', 'I')",
    ],
}


def catalog(session: Session) -> list[str]:
    prefix = session.settings.schema_prefix
    with open_warehouse(session.settings, session.contracts, session.seeds) as warehouse:
        rows = [row for sql in _CATALOG[session.settings.target] for row in warehouse.execute(sql.format(p=prefix))]
    return sorted(str(row).replace(prefix, "") for row in rows)


@pytest.mark.parametrize("target", ["duckdb", "postgres"])
def test_door_and_dbt_make_the_same_tables(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    found = {}
    for maker in ("door", "dbt"):
        folder = tmp_path / maker
        folder.mkdir()
        session = session_for(target, folder, tmp_path, monkeypatch, prefix=new_prefix())
        if maker == "dbt":
            nodes = run_dbt(session.settings, ["run", "--select", "stg_training__org_scope"], lambda name: None)
            assert [node.status for node in nodes] == ["success"]
        else:
            with session.warehouse():
                pass
        found[maker] = catalog(session)
    assert any("event_log" in row for row in found["door"])
    assert found["dbt"] == found["door"]
    if target == "postgres":
        keys = {row for row in found["door"] if "RANGE (" in row}
        assert any("event_log" in row and "RANGE (_event_date)" in row for row in keys)
        assert any("raw_events" in row and "RANGE (partition_date)" in row for row in keys)


def partitions(door: Any, table: str = "event_log") -> dict[str, int]:
    rows = door.warehouse.query(
        "select substr(inhrelid::regclass::text, length(inhparent::regclass::text) + 2) "
        f"from pg_inherits where inhparent = 'raw_training.{table}'::regclass order by 1"
    )
    return {name: door.one(f"select count(*) from raw_training.{table}_{name}") for (name,) in rows}


def test_months_of_the_rows_and_the_next_two(door: Any) -> None:
    door.load(ndjson([event(1, timestamp="2025-11-30T10:00:00Z"), event(2, timestamp="2026-01-01T10:00:00Z")]))
    assert partitions(door) == {"2025_11": 1, "2026_01": 1, "2026_02": 0, "2026_03": 0, "default": 0}
    door.load(line(event(3, timestamp="2026-03-31T23:59:59Z")), "b.ndjson")
    assert partitions(door) == {
        "2025_11": 1, "2026_01": 1, "2026_02": 0, "2026_03": 1, "2026_04": 0, "2026_05": 0, "default": 0
    }  # fmt: skip


def test_a_month_that_the_default_partition_holds_is_taken_over(door: Any) -> None:
    door.load(ndjson([event(1), event(2)]))
    for statement in (
        "alter table raw_training.event_log detach partition raw_training.event_log_2026_03",
        "insert into raw_training.event_log select * from raw_training.event_log_2026_03",
        "drop table raw_training.event_log_2026_03",
    ):
        door.warehouse.execute(statement)
    assert partitions(door)["default"] == 2
    loaded = door.load(line(event(3)), "b.ndjson")
    assert (len(loaded.rows), partitions(door)["2026_03"], partitions(door)["default"]) == (1, 3, 0)


@pytest.mark.parametrize("table", ["event_log", "interaction_log"])
def test_parts_of_a_large_file_come_in_whole_and_indexed(
    door: Any, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    # Sent in many parts, one while the next is screened.
    monkeypatch.setattr("strata.door.lines._CHUNK_BYTES", 4096)
    monkeypatch.setattr("strata.door.screen._PART_ROWS", 2)
    make = event if table == "event_log" else interaction
    times = ["2026-03-04T10:00:00Z", "2026-04-04T10:00:00Z", "2026-05-31T23:59:59Z"]
    for name in ("a", "b"):
        # Some records look doubtful at first and are sent last; one is rejected.
        records = [make(n, timestamp=times[n % 3], userId=f"{name}-é" if n % 7 else "x\\u0041") for n in range(600)]
        loaded = door.load(ndjson([*records, make(600, userId=None)]), f"{name}.ndjson", table)
        assert (len(loaded.rows), len(loaded.rejected)) == (600, 1)
    found = partitions(door, table)
    assert (found["2026_03"], found["2026_04"], found["2026_05"], found["default"]) == (400, 400, 400, 0)
    indexes = "select count(*) from pg_index where indrelid = 'raw_training.{}'::regclass and indisvalid and indisready"
    expected = door.one(indexes.format(table))
    assert expected >= 3
    assert door.one(indexes.format(f"{table}_2026_03")) == door.one(indexes.format(f"{table}_2026_04")) == expected


def test_the_filter_that_readers_are_told_to_use_reads_one_partition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    """`partition_date`, of which the specification says that every query should filter by it."""
    monkeypatch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
    session = session_for("postgres", tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    events = [learning_event(number, datetime(2025, number, 5, tzinfo=UTC), "page_view") for number in range(1, 8)]
    folder = session.settings.landing / "learning" / "raw_events"
    folder.mkdir(parents=True)
    (folder / "a.ndjson").write_bytes(ndjson(events))
    session.load(session.files([]), lambda item: None)
    relation = session.contracts["learning", "raw_events"].relation
    # Seven months, two ahead, and what is in none.
    for condition, scanned in (("partition_date = date '2025-03-05'", 1), ("true", 10)):
        with closing(psycopg2.connect("")) as connection, connection.cursor() as cursor:
            cursor.execute(f"explain (costs off) select * from {relation} where {condition}")
            rows = cursor.fetchall()
        assert sum("Scan" in line for (line,) in rows) == scanned, rows


def test_a_load_that_fails_leaves_no_partition(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = partitions(door)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "keep_rejections", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            door.load(line(event(1)))
    assert partitions(door) == before == {"default": 0}


def test_indexes_serve_what_the_models_ask(door: Any) -> None:
    """What the incremental models look raw records up by stands first in an index, or in a summary of pages."""
    rows = door.warehouse.query(
        "select tablename, indexdef like '% brin %', substring(indexdef from '[(]([^()]*)[)]') from pg_indexes "
        "where schemaname || '.' = replace('raw_training.x', 'x', '') and tablename in "
        "('event_log', 'interaction_log', 'session_log')"
    )
    found = {
        (table, column)
        for table, is_summary, columns in rows
        for column in columns.split(", ")[: None if is_summary else 1]
    }
    expected = {("event_log", "event_id"), ("event_log", "user_id")}
    expected |= {("interaction_log", "interaction_id"), ("session_log", "session_id")}
    for table in ("event_log", "interaction_log", "session_log"):
        expected |= {(table, "_batch_id"), (table, "_event_date")}
    assert found == expected
