"""SQLite files of any kind: some answer, the right one for every row, and no harm to other files."""

from __future__ import annotations

import os
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Door
from hostile.databases import damaged_database, judge_row, write_rows
from hostile.good import good_records
from hostile.reference import Reference
from proof_report import IS_LONG, Proofs

from strata.door.landing import find_files
from strata.intake.results import Loaded
from strata.intake.take import take_in
from strata.track import MetricBuilder
from strata.track.migration import migrate
from strata.track.store import Store

pytestmark = pytest.mark.proof

AREA = "product"
GOOD = {table: make for (area, table), make in good_records().items() if area == AREA}
SEED = int(os.environ.get("STRATA_SEED", 20260304))
ROWS = 5_000 if IS_LONG else 500
DAMAGED = 500 if IS_LONG else 60


def load(door: Door) -> list[Loaded]:
    """What the files in the landing folder came to."""
    files = find_files(door.settings.landing, door.contracts, [])
    return [taken for file in files for taken in take_in(door.warehouse, door.intake, file)]


def place(door: Door, name: str = "app.db") -> Path:
    path = door.settings.landing / AREA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("is_typed", [True, False], ids=["specified", "without types"])
def test_the_door_judges_rows_like_the_reference(door: Door, is_typed: bool, proofs: Proofs) -> None:
    door = replace(door, area=AREA)
    rows = write_rows(place(door), GOOD, random.Random(SEED), ROWS, is_typed=is_typed)
    loaded = {taken.file.contract.name: taken for taken in load(door)}
    kinds: Counter[str] = Counter()
    for table, held in rows.items():
        reference = Reference(door.contract(table), door.warehouse.seeds)
        batch = loaded[table].batch_id
        assert batch is not None
        came, refused = door.rows(table, batch), door.rejections(batch)
        for number, row in held.items():
            expected = judge_row(reference, row).kind
            got = "loaded" if number in came else "rejected" if number in refused else "lost"
            assert (table, row, got) == (table, row, expected), f"seed {SEED}, {refused.get(number)}"
            kinds[got] += 1
        assert len(came) + len(refused) == len(held)
    assert min(kinds["loaded"], kinds["rejected"]) > ROWS / 5
    proofs.count("hostile", f"rows of SQLite, {door.settings.target}", SEED, **kinds)


def test_no_damage_to_a_database_is_a_crash(door: Door, tmp_path: Path, proofs: Proofs) -> None:
    rng, wrong = random.Random(SEED), []
    for number in range(DAMAGED):
        path = place(door)
        path.write_bytes(damaged_database(rng, tmp_path, GOOD))
        try:
            for taken in load(door):
                assert taken.counts.records_in == taken.counts.loaded + taken.counts.rejected
        except Exception as error:
            wrong.append(f"seed {SEED}, file {number}: {type(error).__name__}: {error}"[:1000])
    assert not wrong, f"{len(wrong)} files:\n" + "\n".join(wrong[:20])
    with Store(place(door, "good.db")) as store:
        store.append(MetricBuilder.gauge("g", 1).build())
    assert [taken.counts.loaded for taken in load(door) if taken.file.name.endswith("good.db")] == [1]
    proofs.count("hostile", f"damaged SQLite files, {door.settings.target}", SEED, damaged_files=DAMAGED)


def _views(connection: sqlite3.Connection) -> None:
    connection.execute("alter table metrics rename to m")
    connection.execute("create view metrics as with recursive n(x) as (select 1 union all select x + 1 from n) "
                       "select x as id, 'n' as name from n")  # fmt: skip


def _virtual(connection: sqlite3.Connection) -> None:
    connection.execute("drop table metrics")
    connection.execute("create virtual table metrics using fts5(id, name, metric_type, value, timestamp)")


def _row_number_taken(connection: sqlite3.Connection) -> None:
    connection.execute("drop table metrics")
    connection.execute("create table metrics (id, name, metric_type, value, timestamp, _rowid_)")


def _generated(connection: sqlite3.Connection) -> None:
    connection.execute("drop table metrics")
    connection.execute(
        "create table metrics (id, name, metric_type, timestamp, half, value generated always as (half * 2))"
    )


def _names_of_every_case(connection: sqlite3.Connection) -> None:
    connection.execute("drop table metrics")
    connection.execute('create table "MeTrIcS" ("ID", "Name", "METRIC_TYPE", "Value", "TimeStamp", "TAGS", "Unit")')
    connection.execute("insert into metrics values ('a', 'n', 'gauge', 1, '2026-03-04 10:15:00', null, null)")


SCHEMAS: dict[Callable[[sqlite3.Connection], None], tuple[int, str | None]] = {
    _views: (0, "missing_table"),
    _virtual: (0, "missing_table"),
    _row_number_taken: (0, "bad_header"),
    _generated: (0, "bad_header"),
    _names_of_every_case: (1, None),
}


@pytest.mark.parametrize("spoil", SCHEMAS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_schemas_that_nobody_expects(door: Door, spoil: Callable[[sqlite3.Connection], None]) -> None:
    with closing(sqlite3.connect(place(door), isolation_level=None)) as connection:
        migrate(connection)
        spoil(connection)
        connection.execute("insert into analytics_events (id, event_type, event_name) values ('e', 'track', 'n')")
    loaded, reason = SCHEMAS[spoil]
    found = load(door)
    assert sum(taken.counts.loaded for taken in found) == loaded + 1
    reasons = [row[0] for row in door.warehouse.query("select reason from {ops}.rejections")]
    assert reasons == ([reason] if reason else [])


def test_a_door_that_is_too_kind_is_found_out(door: Door, monkeypatch: pytest.MonkeyPatch, proofs: Proofs) -> None:
    """Planted: blobs are taken for text."""
    monkeypatch.setattr("strata.door.rows._trouble", lambda name, value: None)
    with pytest.raises(AssertionError, match="seed"):
        test_the_door_judges_rows_like_the_reference(door, False, proofs)
    proofs.count("faults", "hostile: a door that is too kind", planted=1, found=1)
