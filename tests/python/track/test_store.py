"""The SQLite store: its schema is the specification's, up and down, and records arrive whole or not at all."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from strata.track import AnalyticsEvent, EventBuilder, Funnel, Metric, MetricBuilder
from strata.track.migration import migrate, rollback
from strata.track.store import Store
from track import specification
from track.children import run, start

TABLES = {
    "analytics_events", "metrics", "metric_aggregates", "user_activity", "feature_usage", "dashboard_metrics",
    "analytics_sessions", "funnels", "funnel_conversions",
}  # fmt: skip
AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def schema(connection: sqlite3.Connection) -> dict[tuple[str, str], Any]:
    """Everything that SQLite knows of tables and indexes: their text, columns, keys and references."""
    found: dict[tuple[str, str], Any] = {}
    for kind, name, text in connection.execute("select type, name, sql from sqlite_master").fetchall():
        pragmas = ("index_xinfo",) if kind == "index" else ("table_xinfo", "index_list", "foreign_key_list")
        said = [connection.execute(f"pragma {pragma}('{name}')").fetchall() for pragma in pragmas]
        found[kind, name] = (text and " ".join(text.split()), said)
    return found


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for kind, name in schema(connection) if kind == "table"}


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"select * from {table} order by rowid")]


def test_the_schema_is_that_of_the_specification(connection: sqlite3.Connection) -> None:
    migrate(connection)
    assert tables(connection) == TABLES
    with closing(sqlite3.connect(":memory:")) as specified:
        specified.executescript(specification.UP)
        assert schema(connection) == schema(specified)


def test_down_takes_away_all_that_up_made(connection: sqlite3.Connection) -> None:
    connection.execute("create table of_the_application (id)")
    migrate(connection)
    with closing(sqlite3.connect(":memory:")) as specified:
        specified.executescript(specification.UP + specification.DOWN)
        assert schema(specified) == {}
    rollback(connection)
    assert tables(connection) == {"of_the_application"}
    rollback(connection)
    migrate(connection)
    assert tables(connection) == {*TABLES, "of_the_application"}


def test_up_twice_keeps_what_is_there(connection: sqlite3.Connection) -> None:
    migrate(connection)
    connection.execute("insert into funnels (id, name, steps) values ('f', 'n', '[]')")
    migrate(connection)
    assert connection.execute("select count(*) from funnels").fetchall() == [(1,)]


def test_up_makes_all_or_nothing(connection: sqlite3.Connection) -> None:
    # Half way, an index finds no column of its name.
    connection.execute("create table user_activity (id)")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert tables(connection) == {"user_activity"}


def test_records_are_rows_as_the_specification_has_them(tmp_path: Path) -> None:
    event = AnalyticsEvent(
        id="e", event_type="page", event_name="ü", timestamp=AT, session_id="s", user_id="u",
        properties={"b": [1, None], "a": "ü"}, context={}, page_url="/p", referrer="/r",
    )  # fmt: skip
    metric = Metric(id="m", name="n", metric_type="timer", value=2, timestamp=AT, tags={"b": "1", "a": "2"}, unit="ms")  # type: ignore[arg-type]
    funnel = Funnel(id="f", name="n", description="d", steps=[{"event_name": "a"}], created_at=AT)
    with Store(tmp_path / "app.db") as store:
        store.append(event, metric, funnel)
        store.append(EventBuilder.track("a").build(), MetricBuilder.gauge("a", 1).build(), Funnel(name="a", steps=[]))
    instant = "2026-03-01T10:00:00.000000Z"
    (first, second) = rows(tmp_path / "app.db", "analytics_events")
    assert first == {
        "id": "e", "event_type": "page", "event_name": "ü", "timestamp": instant, "session_id": "s", "user_id": "u",
        "properties": '{"b":[1,null],"a":"ü"}', "context": "{}", "page_url": "/p", "referrer": "/r",
    }  # fmt: skip
    assert {name for name, value in second.items() if value is not None} == {
        "id", "event_type", "event_name", "timestamp",
    }  # fmt: skip
    assert rows(tmp_path / "app.db", "metrics")[0] == {
        "id": "m", "name": "n", "metric_type": "timer", "value": 2.0, "timestamp": instant,
        "tags": '{"a":"2","b":"1"}', "unit": "ms",
    }  # fmt: skip
    assert rows(tmp_path / "app.db", "funnels")[0] == {
        "id": "f", "name": "n", "description": "d", "steps": '[{"event_name":"a"}]', "created_at": instant,
    }  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        types = connection.execute("select distinct typeof(value), typeof(metric_type) from metrics").fetchall()
        assert types == [("real", "text")]
        assert connection.execute("pragma journal_mode").fetchall() == [("wal",)]
        assert tables(connection) == TABLES


def test_an_append_is_whole_or_nothing(tmp_path: Path) -> None:
    event = EventBuilder.track("a").build()
    with Store(tmp_path / "app.db") as store:
        store.append(event)
        with pytest.raises(sqlite3.IntegrityError, match=r"app\.db: UNIQUE constraint failed: analytics_events\.id"):
            store.append(EventBuilder.track("b").build(), event)
        store.append(EventBuilder.track("c").build())
    assert [row["event_name"] for row in rows(tmp_path / "app.db", "analytics_events")] == ["a", "c"]


def test_readers_and_the_writer_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with Store(tmp_path / "app.db", wait_seconds=0) as store:
        store.append(EventBuilder.track("a").build())
        uri = f"file:{tmp_path / 'app.db'}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)) as reader:
            reader.execute("begin")
            count = "select count(*) from analytics_events"
            assert reader.execute(count).fetchall() == [(1,)]
            store.append(EventBuilder.track("b").build())
            assert reader.execute(count).fetchall() == [(1,)]
            reader.execute("commit")
            assert reader.execute(count).fetchall() == [(2,)]


def test_four_processes_begin_and_append_at_once(tmp_path: Path) -> None:
    code = """
    from strata.track.store import Store
    with Store(os.path.join(landing, "app.db"), wait_seconds=30) as store:
        for number in range(50):
            store.append(event(number), event(number))
    """
    processes = [start(tmp_path, code) for _ in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    found = [json.loads(row["properties"])["number"] for row in rows(tmp_path / "app.db", "analytics_events")]
    assert sorted(found) == sorted([*range(50)] * 8)


def test_a_store_is_not_carried_over_a_fork(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        from strata.track.store import Store
        store = Store(os.path.join(landing, "app.db"))
        if child := os.fork():
            assert os.waitpid(child, 0)[1] == 0
            store.append(event(1))
        else:
            try:
                store.append(event(2))
            except RuntimeError as error:
                os._exit(0 if "before a fork" in str(error) else 1)
            os._exit(1)
        """,
    )
    assert len(rows(tmp_path / "app.db", "analytics_events")) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no database" * 1_000, "file is not a database"), (None, "unable to open database file")],
)
def test_errors_name_the_file(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "app.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(sqlite3.Error, match=rf"app\.db: {said}"):
        Store(path)


def test_without_wal_there_is_no_store() -> None:
    with pytest.raises(sqlite3.OperationalError, match="the journal mode is memory"):
        Store(":memory:")


def test_a_metric_type_is_checked_by_the_table_too(tmp_path: Path) -> None:
    with Store(tmp_path / "app.db"):
        pass
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("insert into metrics (id, name, metric_type, value) values ('a', 'b', 'sum', 1)")


def test_the_columns_are_the_fields_of_the_records(connection: sqlite3.Connection) -> None:
    migrate(connection)
    for kind in (AnalyticsEvent, Metric, Funnel):
        columns = [name for (name,) in connection.execute(f"select name from pragma_table_info('{kind.table}')")]
        assert sorted(columns) == sorted(field.name for field in dataclasses.fields(kind))
