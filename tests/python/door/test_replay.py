"""Replay: rejected records go through the door again under today's rules, and come in exactly once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import Door
from records import ORG_HEADER, event, key, line, ndjson, team

from strata.areas.training.sample.damage import all_damages, good_record
from strata.intake.ledger import Ledger
from strata.reference import read_seeds
from strata.warehouse.open import open_warehouse

EVENT_TYPES = "seeds/training/training_event_types.csv"


@pytest.fixture
def replay(door: Door) -> Callable[..., Any]:
    """Replays a table in a door that has read the seeds of the project anew."""

    def run(table: str = "event_log") -> Any:
        door.warehouse.seeds.clear()
        door.warehouse.seeds.update(read_seeds(door.settings.project))
        return door.intake.replay(door.contract(table))

    door.warehouse.seeds = dict(door.warehouse.seeds)
    return run


def allow(project: Path, event_type: str) -> None:
    with (project / EVENT_TYPES).open("a", encoding="utf-8") as stream:
        stream.write(f"{event_type},false,false,false,false\n")


def flat_csv(door: Door, records: list[dict[str, Any]]) -> bytes:
    columns = door.contract("event_log").columns
    lines = [",".join(column.name for column in columns)]
    for record in records:
        cells = []
        for column in columns:
            value: Any = record
            for part in column.path:
                value = value[part]
            cells.append("" if value is None else '"' + str(value).replace('"', '""') + '"')
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


def packed(door: Door, form: str, records: list[dict[str, Any]]) -> bytes:
    if form == "a.ndjson":
        return ndjson(records)
    if form == "a.json":
        return b"[" + b",".join(line(record) for record in records) + b"]"
    table = pa.csv.read_csv(io.BytesIO(flat_csv(door, records))) if form == "a.parquet" else None
    if table is None:
        return flat_csv(door, records)
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize("form", ["a.ndjson", "a.json", "a.csv", "a.parquet"])
def test_every_form_comes_in_exactly_once(door: Door, replay: Callable[..., Any], form: str) -> None:
    records = [
        event(1), event(2, eventType="dance", userId='a "b", c\nd'), event(3, eventType="sing"),
        event(4, eventType="dance", context__turnIndex=-1), event(5, eventType="dance"),
    ]  # fmt: skip
    first = door.load(packed(door, form, records), form)
    assert len(first.rejected) == 4
    before = replay()
    assert (before.tried, before.loaded, before.batch_id) == (4, 0, None)
    allow(door.settings.project, "dance")
    done = replay()
    assert (done.tried, done.loaded) == (4, 2)
    rows = door.rows("event_log", done.batch_id)
    assert sorted(row["user_id"] for row in rows.values()) == ['a "b", c\nd', "u-5"]
    marked = "select replayed_in_batch from {ops}.rejections where replayed_in_batch is not null"
    assert [batch for (batch,) in door.warehouse.query(marked)] == [done.batch_id] * 2
    again = replay()
    assert (again.tried, again.loaded) == (2, 0)
    assert door.one("select count(*) from raw_training.event_log") == 3
    kinds = door.warehouse.query(
        "select kind, records_in, records_loaded, records_rejected from {ops}.batches order by batch_id"
    )
    assert kinds == [("file", 5, 1, 4), ("replay", 2, 2, 0)]
    touched = "select batch_id, records from {ops}.touched_partitions order by 1"
    assert door.warehouse.query(touched) == [(1, 1), (2, 2)]


def test_the_same_file_is_still_known_after_a_replay(door: Door, replay: Callable[..., Any]) -> None:
    content = line(event(1, eventType="dance"))
    door.load(content)
    allow(door.settings.project, "dance")
    assert replay().loaded == 1
    assert door.load(content).known_as == 1
    assert door.one("select count(*) from raw_training.event_log") == 1


def test_a_replay_changes_no_verdict_by_itself(door: Door, replay: Callable[..., Any]) -> None:
    """Whatever was rejected stays rejected under the same rules: too long, broken, base64, whole files."""
    visit = {"user_id": "u", "started_at": "2026-03-04T10:15:00Z", "region_id": "a", "country_id": "b", 
             "branch_id": "c", "team_id": "d"}  # fmt: skip
    lines = [
        damage.spoil(good_record(damage.table, visit, key(number), key(number)))
        for number, damage in enumerate(all_damages()) if damage.table == "event_log"
    ]  # fmt: skip
    door.load(b"\n".join(lines))
    door.load(line(event(1, userId="x" * (1 << 20))), "long.ndjson")
    door.load(b"\x1f\x8b\x08", "cut.ndjson.gz")
    rejected = door.one("select count(*) from {ops}.rejections")
    assert rejected > 80
    assert replay().loaded == 0
    assert door.one("select count(*) from raw_training.event_log") == 0
    assert door.one("select count(*) from {ops}.rejections where replayed_in_batch is null") == rejected


def test_csv_rows_that_do_not_fit_stay(door: Door, replay: Callable[..., Any]) -> None:
    bad = b"a,b\n" + team().replace(b"berlin_1", b'x"y') + team().replace(b"Europe/Berlin", b"Mars") + b"a\xff\n"
    assert len(door.load(ORG_HEADER + bad, "o.csv", "org_scope").rejected) == 4
    done = replay("org_scope")
    assert (done.loaded, done.batch_id) == (0, None)


def test_a_replay_that_fails_leaves_nothing(
    door: Door, replay: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    door.load(ndjson([event(1, eventType="dance"), event(2, eventType="dance")]))
    allow(door.settings.project, "dance")

    def fail(*_: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "keep", fail)
        with pytest.raises(RuntimeError):
            replay()
    assert door.one("select count(*) from raw_training.event_log") == 0
    assert door.one("select count(*) from {ops}.rejections where replayed_in_batch is null") == 2
    assert replay().loaded == 2


def test_a_warehouse_is_whole_after_a_replay(door: Door, replay: Callable[..., Any]) -> None:
    door.load(ndjson([event(1), event(2, eventType="dance")]))
    allow(door.settings.project, "dance")
    replay()
    with open_warehouse(door.settings, door.contracts, door.warehouse.seeds) as again:
        assert again.query("select count(*) from {ops}.batches") == [(2,)]
