"""SQLite files of applications: new rows come in once, whatever the application does meanwhile, on both engines."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_project
from engines import new_prefix

from strata.contract import Contract, read_contracts
from strata.door.landing import find_files
from strata.errors import TemporaryError, UsageError
from strata.intake.intake import Intake
from strata.intake.results import Loaded
from strata.intake.take import take_in
from strata.reference import read_seeds
from strata.session import Session
from strata.settings import Settings
from strata.track import EventBuilder, Funnel, MetricBuilder
from strata.track.migration import migrate
from strata.track.store import Store
from strata.warehouse.base import Warehouse
from strata.warehouse.open import open_warehouse

NOTHING = {"analytics_events": (0, 0), "metrics": (0, 0), "funnels": (0, 0)}
TABLES = [f"product.{name}" for name in sorted(NOTHING)]
METRIC = "insert into metrics (id, name, metric_type, value, timestamp, tags) values (?, 'n', 'gauge', ?, ?, ?)"
AT = "2026-03-01 10:00:00"


@dataclass
class Place:
    """A landing folder with an application's SQLite file, and the warehouse into which it is loaded."""

    landing: Path
    settings: Settings
    contracts: dict[tuple[str, str], Contract]
    warehouse: Warehouse

    @property
    def file(self) -> Path:
        """The application's file."""
        return self.landing / "product" / "app.db"

    def load(self, *paths: Path) -> list[Loaded]:
        """What a load of the landing folder came to, without what was known."""
        intake = Intake(self.warehouse)
        files = find_files(self.landing, self.contracts, list(paths))
        taken = [item for file in files for item in take_in(self.warehouse, intake, file)]
        return [item for item in taken if item.known_as is None]

    def counts(self) -> dict[str, tuple[int, int]]:
        """How many rows a load has brought and rejected, by table; each table is one batch."""
        loaded = self.load()
        found = {item.file.contract.name: (item.counts.loaded, item.counts.rejected) for item in loaded}
        assert len(found) == len(loaded)
        return NOTHING | found

    def rejected(self) -> dict[int, str]:
        """Reasons of all rejections by line number."""
        rows = self.warehouse.query("select line_number, reason from {ops}.rejections order by batch_id, line_number")
        assert len(dict(rows)) == len(rows)
        return dict(rows)

    def ids(self, table: str) -> list[str]:
        """Ids of all raw rows of a table, sorted, with repeats."""
        relation = self.contracts["product", table].relation
        return [row[0] for row in self.warehouse.execute(f"select id from {relation} order by id")]

    @contextmanager
    def sql(self) -> Iterator[sqlite3.Connection]:
        """The application at work on its file."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            yield connection

    def add(self, *metrics: tuple[str, Any]) -> None:
        """The application writes metrics, each an id and a value."""
        with self.sql() as connection:
            connection.execute("begin")
            connection.executemany(METRIC, [(*metric, AT, None) for metric in metrics])
            connection.execute("commit")


@pytest.fixture(params=["duckdb", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An empty warehouse, and a SQLite file with the specification's tables and nothing in them."""
    prefix = ""
    if request.param == "postgres":
        request.getfixturevalue("postgres_server")
        prefix = new_prefix()
    project = tmp_path / "project"
    copy_project(project)
    monkeypatch.setenv("STRATA_SCHEMA_PREFIX", prefix)
    landing = project / "landing"
    settings = Settings(
        project=project,
        target=request.param,
        duckdb_path=project / "warehouse" / "strata.duckdb",
        landing=landing,
        schema_prefix=prefix,
        memory_limit="1GB",
    )
    contracts = {key: it for key, it in read_contracts(project).items() if key[0] in ("ops", "product")}
    with open_warehouse(settings, contracts, read_seeds(project)) as warehouse:
        made = Place(landing, settings, contracts, warehouse)
        made.file.parent.mkdir(parents=True)
        with made.sql() as connection:
            migrate(connection)
        yield made


def test_what_the_store_holds_is_loaded_once(place: Place) -> None:
    funnel = Funnel(name="f", steps={"steps": [{"event_name": "a"}]})
    event = EventBuilder.track("a").user_id("u").properties({"deep": {"list": [1, None]}}).build()
    with Store(place.file) as store:
        store.append(event, MetricBuilder.timer("t", 1.25).tag("a", "b").build(), funnel)
        assert place.counts() == {"analytics_events": (1, 0), "metrics": (1, 0), "funnels": (1, 0)}
        assert place.counts() == NOTHING
        store.append(EventBuilder.page("/p").build())
        assert place.counts() == NOTHING | {"analytics_events": (1, 0)}
    assert place.counts() == NOTHING
    [(held, line)] = place.warehouse.execute(
        f"select cast(properties as text), _line_number from {place.contracts['product', 'analytics_events'].relation} "
        "where event_name = 'a'"
    )
    assert (held, line) == ('{"deep":{"list":[1,null]}}', 1)
    names = place.warehouse.query("select distinct file_name, kind from {ops}.batches")
    assert names == [(str(Path("product", "app.db")), "file")]
    assert place.warehouse.query("select count(*) from {ops}.batches") == [(4,)]


def test_only_rows_behind_the_last_one_are_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.add(*((f"m{number:04}", 1.0) for number in range(3_000)))
    assert place.counts()["metrics"] == (3_000, 0)
    place.add(("new 1", 1.0), ("new 2", 2.0))
    # A row before the mark that changes is not seen, which shows that it is not read.
    with place.sql() as connection:
        connection.execute("update metrics set value = 2 where id = 'm0001'")
    assert place.counts()["metrics"] == (2, 0)
    [(size,)] = place.warehouse.query("select file_bytes from {ops}.batches where records_in = 2")
    assert 0 < size < place.file.stat().st_size / 100


def test_the_last_row_deleted_and_its_number_used_again(place: Place) -> None:
    place.add(("a", 1.0), ("b", 2.0))
    assert place.counts()["metrics"] == (2, 0)
    with place.sql() as connection:
        connection.execute("delete from metrics where id = 'b'")
    assert place.counts()["metrics"] == (1, 0)  # all rows again: a
    place.add(("c", 3.0))
    assert place.counts()["metrics"] == (1, 0)
    with place.sql() as connection:
        connection.execute("delete from metrics where id = 'c'")
    place.add(("d", 4.0))
    assert place.counts()["metrics"] == (2, 0)
    assert place.counts()["metrics"] == (0, 0)
    assert set(place.ids("metrics")) == {"a", "b", "c", "d"}


def test_all_rows_deleted(place: Place) -> None:
    place.add(("a", 1.0), ("b", 2.0))
    place.load()
    with place.sql() as connection:
        connection.execute("delete from metrics")
    assert place.counts() == NOTHING
    place.add(("c", 1.0))
    assert place.counts()["metrics"] == (1, 0)


def test_rows_deleted_before_the_last_one_change_nothing(place: Place) -> None:
    place.add(("a", 1.0), ("b", 2.0), ("c", 3.0))
    place.load()
    with place.sql() as connection:
        connection.execute("delete from metrics where id <> 'c'")
    assert place.counts() == NOTHING
    place.add(("d", 1.0))
    assert place.counts()["metrics"] == (1, 0)


def test_vacuum_gives_rows_new_numbers(place: Place) -> None:
    with place.sql() as connection:  # a table with an index keeps its numbers
        connection.execute("drop table metrics")
        connection.execute("create table metrics (id text, name text, metric_type text, value real, timestamp, tags)")
    place.add(("a", 1.0), ("b", 2.0), ("c", 3.0))
    place.load()
    with place.sql() as connection:
        connection.execute("delete from metrics where id = 'a'")
        connection.execute("vacuum")
        assert connection.execute("select max(rowid) from metrics").fetchone() == (2,)
    place.add(("d", 4.0), ("e", 5.0))
    place.load()
    assert set(place.ids("metrics")) == {"a", "b", "c", "d", "e"}
    assert place.counts() == NOTHING


def test_a_file_in_the_place_of_another(place: Place) -> None:
    place.add(("a", 1.0), ("b", 2.0))
    place.load()
    place.file.unlink()
    with place.sql() as connection:
        migrate(connection)
    place.add(("x", 1.0), ("y", 2.0), ("z", 3.0))
    assert place.counts()["metrics"] == (3, 0)
    assert place.ids("metrics") == ["a", "b", "x", "y", "z"]


def test_a_writer_in_wal_mode_neither_waits_nor_is_in_the_way(place: Place) -> None:
    with Store(place.file) as store:
        store.append(MetricBuilder.gauge("m", 1).build())
        with place.sql() as writer:
            writer.execute("begin immediate")
            writer.execute(METRIC, ("open", 1.0, AT, None))
            [file] = find_files(place.landing, place.contracts, [])
            taken = take_in(place.warehouse, Intake(place.warehouse), file)
            first = next(taken)  # the read transaction is open
            writer.execute("commit")
            writer.execute(METRIC, ("later", 1.0, AT, None))
            assert writer.execute("pragma wal_checkpoint(passive)").fetchone()[0] == 0
            rest = list(taken)
        brought = {item.file.contract.name: item.counts.loaded for item in (first, *rest)}
        assert brought == {"metrics": 1}
        assert place.counts()["metrics"] == (2, 0)
        store.append(MetricBuilder.gauge("m", 2).build())
    assert place.counts()["metrics"] == (1, 0)
    assert len(set(place.ids("metrics"))) == 4


def test_the_file_is_opened_for_reading_only(place: Place) -> None:
    place.add(("a", 1.0))
    before = place.file.read_bytes()
    place.load()
    assert place.file.read_bytes() == before


def test_a_locked_file_is_for_later(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strata.door.database._WAIT_SECONDS", 0.1)
    place.add(("a", 1.0))
    with place.sql() as writer:
        writer.execute("begin exclusive")
        with pytest.raises(TemporaryError, match=r"product.app\.db is locked"):
            place.load()
    assert place.counts()["metrics"] == (1, 0)


def test_a_locked_file_keeps_no_other_from_loading(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strata.door.database._WAIT_SECONDS", 0.1)
    session, folder = Session(settings), settings.landing / "product"
    (folder / "metrics").mkdir(parents=True)
    (folder / "metrics" / "a.ndjson").write_text(
        f'{{"id":"a","name":"n","metric_type":"gauge","value":1,"timestamp":"{AT}"}}\n', encoding="utf-8"
    )
    with closing(sqlite3.connect(folder / "a.db", isolation_level=None)) as writer:
        migrate(writer)
        writer.execute("begin exclusive")
        with pytest.raises(TemporaryError, match="is locked"):
            session.load(session.files([]), lambda file: None)
    with session.warehouse() as warehouse:
        assert warehouse.query("select file_name from {ops}.batches") == [
            (str(Path("product", "metrics", "a.ndjson")),)
        ]
        assert warehouse.query("select status from {ops}.jobs") == [("failed",)]


def test_a_write_that_was_cut_off_is_for_the_application_to_mend(place: Place) -> None:
    place.add(*((f"m{number:05}", 1.0) for number in range(2_000)))
    dies = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("pragma cache_size = 1")
connection.execute("begin immediate")
connection.execute("update metrics set value = value + 1")
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", dies, str(place.file)], check=False)
    [rejected] = place.load()
    assert (rejected.counts.rejected, list(place.rejected().values())) == (1, ["unfinished_write"])
    place.add(("new", 1.0))  # which opens the file, and takes back what was half written
    assert place.counts()["metrics"] == (2_001, 0)
    [(total,)] = place.warehouse.execute(f"select sum(value) from {place.contracts['product', 'metrics'].relation}")
    assert total == 2_001


def test_values_that_are_not_of_their_column(place: Place) -> None:
    with place.sql() as connection:
        connection.executemany(METRIC, [
            ("1", "text in a REAL column", AT, None),
            ("2", b"\x00\x01", AT, None),
            ("3", 9_223_372_036_854_775_807, AT, None),  # REAL makes it 9.2e18
            ("4", 1.5, AT, '{"a": '),
            ("5", 1.5, AT, '{"a": {}}'),
            ("6", 1.5, b"2026-03-01 10:00:00", None),
            ("7", 1.5, 1_772_359_200, None),
            ("8", float("inf"), AT, None),
            ("9", 1.5, 2_461_101.5, None),
            ("a\x00b", 1.5, AT, None),
            (b"\xff\xfe", 1.5, AT, None),
            ("12", "1.5", AT, '{"b": 1, "a": null}'),
            ("13", 2, "2026-03-01T10:00:00.123456789+01:00", None),
        ])  # fmt: skip
        connection.execute("update metrics set id = cast(id as text) where typeof(id) = 'blob'")
    assert place.counts()["metrics"] == (2, 11)
    assert place.rejected() == {
        1: "wrong_type", 2: "blob", 3: "out_of_range", 4: "invalid_json", 5: "nested_value", 6: "blob",
        7: "bad_timestamp", 8: "wrong_type", 9: "bad_timestamp", 10: "nul_character", 11: "invalid_utf8",
    }  # fmt: skip
    kept = dict(place.warehouse.query("select line_number, record_encoding from {ops}.rejected_records"))
    assert {number for number, encoding in kept.items() if encoding == "text"} == {1, 3, 4, 5, 7, 8, 9, 10}
    said = place.warehouse.query("select table_name, message from {ops}.rejections where line_number = 2")
    assert said == [("metrics", "the record holds a blob in value")]
    assert place.counts() == NOTHING
    # A replay reads what is kept as text, under today's rules; nothing of it is good.
    replayed = Intake(place.warehouse).replay(place.contracts["product", "metrics"])
    assert (replayed.tried, replayed.loaded) == (8, 0)


def test_columns_without_a_type_hold_anything(place: Place) -> None:
    with place.sql() as connection:
        connection.execute("drop table metrics")
        connection.execute("create table METRICS (ID, Name, metric_type, value, timestamp)")
        connection.execute(f"insert into metrics values (17, 2.5, 'gauge', '3', '{AT}')")
        connection.execute(f"insert into metrics (rowid, id, name, metric_type, value, timestamp) "
                           f"values ({2**62}, 'far', 'n', 'timer', 9223372036854775807, '{AT}')")  # fmt: skip
        connection.execute(f"insert into metrics (rowid, id, name, metric_type, value, timestamp) "
                           f"values (-5, 'below', 'n', 'gauge', 1, '{AT}')")  # fmt: skip
    assert place.counts()["metrics"] == (2, 1)
    assert place.rejected() == {2**62: "out_of_range"}
    assert place.ids("metrics") == ["17", "below"]


def test_funnels_are_read_whole_and_known_ones_skipped(place: Place) -> None:
    with place.sql() as connection:
        insert = "insert into funnels (id, name, steps, created_at) values (?, ?, ?, ?)"
        steps = '{"steps": [{"event_name": "a"}]}'
        connection.executemany(insert, [("f", "f", steps, AT), ("g", "g", steps, AT), ("bad", "b", "no JSON", AT)])
        assert place.counts()["funnels"] == (2, 1)
        assert place.counts() == NOTHING
        changed = (
            "update funnels set steps = '{\"steps\": []}', created_at = '2026-03-02' || ' 10:00:00' where id = 'f'"
        )
        connection.execute(changed)
        assert place.counts()["funnels"] == (1, 0)
        connection.execute(insert, ("h", "h", steps, AT))
        connection.execute("delete from funnels where id = 'g'")
        assert place.counts()["funnels"] == (1, 0)
    assert place.counts() == NOTHING
    assert place.ids("funnels") == ["f", "f", "g", "h"]


def test_a_load_that_fails_keeps_neither_rows_nor_marks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.add(("a", 1.0))

    def fails(*values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("strata.intake.databases.Marks.keep", fails)
        with pytest.raises(KeyboardInterrupt):
            place.load()
    assert place.warehouse.query("select count(*) from {ops}.batches") == [(0,)]
    assert place.ids("metrics") == []
    assert place.counts()["metrics"] == (1, 0)


@pytest.mark.parametrize(
    ("damage", "reason", "said"),
    [
        (lambda file: file.write_bytes(os.urandom(8192)), "not_a_database", "encrypted, or it is no SQLite file"),
        (lambda file: file.write_bytes(file.read_bytes()[:4096]), "broken_database", "The file is damaged"),
        (lambda file: file.write_bytes(b""), "missing_table", "has no table analytics_events, funnels, metrics"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(place: Place, damage: Any, reason: str, said: str) -> None:
    good = place.file.read_bytes()
    damage(place.file)
    [rejected] = place.load()
    assert (rejected.counts.loaded, rejected.counts.rejected) == (0, 1)
    assert place.load() == []  # it is said once
    [(found, message, line, name)] = place.warehouse.query(
        "select reason, message, line_number, file_name from {ops}.rejections"
    )
    assert (found, line, name) == (reason, 0, str(Path("product", "app.db")))
    assert said in message
    place.file.write_bytes(good)
    place.add(("a", 1.0))
    assert place.counts()["metrics"] == (1, 0)


def test_pages_that_are_damaged(place: Place) -> None:
    place.add(*((f"m{number:05}", 1.0) for number in range(5_000)))
    good = bytearray(place.file.read_bytes())
    size = 4096
    for page in range(len(good) // size // 2, len(good) // size):
        good[page * size : page * size + 200] = os.urandom(200)
    place.file.write_bytes(good)
    found = place.load()
    assert sum(item.counts.rejected for item in found) == 1
    assert place.rejected() == {0: "broken_database"}
    assert place.load() == []


def test_a_missing_table_or_column_is_said_once(place: Place) -> None:
    with place.sql() as connection:
        connection.execute("drop table funnels")
        connection.execute("drop index idx_metrics_timestamp")
        connection.execute("drop index idx_metrics_name_time")
        connection.execute("alter table metrics drop column timestamp")
        connection.execute("alter table analytics_events add column tenant")
    place.load()
    assert place.load() == []
    said = place.warehouse.query("select table_name, message from {ops}.rejections order by table_name")
    assert said == [
        ("analytics_events", "The table analytics_events must have the columns of analytics_events; it has tenant, "
         "which the contract does not name."),
        ("funnels", "The file has no table funnels."),
        ("metrics", "The table metrics must have the columns of metrics; it does not have timestamp."),
    ]  # fmt: skip
    with place.sql() as connection:
        connection.execute("alter table analytics_events drop column tenant")
        connection.execute("insert into analytics_events (id, event_type, event_name) values ('e', 'track', 'n')")
    assert place.counts() == NOTHING | {"analytics_events": (1, 0)}


def test_a_table_without_row_numbers_and_a_view(place: Place) -> None:
    with place.sql() as connection:
        connection.execute("drop table funnels")
        connection.execute("create table funnels (id text primary key, name, steps, created_at) without rowid")
        connection.execute("drop table metrics")
        connection.execute("create view metrics as select 'a' as id")
    place.load()
    said = dict(place.warehouse.query("select table_name, message from {ops}.rejections"))
    assert said == {
        "funnels": "The table funnels is made WITHOUT ROWID, so nobody can tell which of its rows are new.",
        "metrics": "The file has no table metrics.",
    }


@pytest.mark.parametrize("name", ["app.sqlite", "app.SQLITE3", "data.bin", "odd # ? %41 [x].db", "ünï.db"])
def test_names(place: Place, name: str) -> None:
    place.add(("a", 1.0))
    place.file.rename(place.file.with_name(name))
    assert place.counts()["metrics"] == (1, 0)
    assert place.counts() == NOTHING


def test_a_link_leads_to_the_file(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "application"
    elsewhere.mkdir()
    with Store(elsewhere / "live.db") as store:
        store.append(MetricBuilder.gauge("m", 1).build())
        place.file.unlink()
        place.file.symlink_to(elsewhere / "live.db")
        assert place.counts()["metrics"] == (1, 0)
        store.append(MetricBuilder.gauge("m", 1).build())
        assert place.counts()["metrics"] == (1, 0)
    shutil.copyfile(elsewhere / "live.db", elsewhere / "copy.db")
    place.file.unlink()
    place.file.symlink_to(elsewhere / "copy.db")
    assert place.counts() == NOTHING  # the same rows under the same name


def test_what_is_passed_over(place: Place) -> None:
    place.add(("a", 1.0))
    for name in (".app.db", "_app.db", "notes.txt", "app.db-journal"):
        shutil.copyfile(place.file, place.file.with_name(name)) if name[0] in "._" else place.file.with_name(
            name
        ).write_bytes(b"x")
    (place.landing / "nobody").mkdir()
    shutil.copyfile(place.file, place.landing / "nobody" / "app.db")
    assert [file.name for file in find_files(place.landing, place.contracts, [])] == [str(Path("product", "app.db"))]
    with pytest.raises(UsageError, match="must be that of an area"):
        find_files(place.landing, place.contracts, [place.landing / "nobody" / "app.db"])
