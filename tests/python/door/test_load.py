"""A load as a whole: one transaction a file, counts that add up, and nothing twice."""

from __future__ import annotations

import base64
import gzip
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Door
from records import ORG_HEADER, event, interaction, key, line, ndjson, session, team

from strata.contract import Contract
from strata.door.landing import find_files
from strata.door.screen import Screening
from strata.errors import StrataError, TemporaryError, UsageError
from strata.intake.intake import Intake
from strata.intake.ledger import Ledger
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.open import open_warehouse

TABLES = (
    "raw_training.event_log", "ops.batches", "ops.rejections", "ops.rejected_records", "ops.touched_partitions",
)  # fmt: skip


def counts(door: Door) -> dict[str, int]:
    return {table: door.one(f"select count(*) from {table}") for table in TABLES}


def test_every_column_comes_typed(door: Door) -> None:
    row = door.load(line(event(7))).rows[1]
    assert {**row, "event_id": str(row["event_id"])} == {
        "event_id": key(7), "timestamp": datetime(2026, 3, 4, 10, 15), "user_id": "u-7",
        "event_type": "saleslab_turn", "module_id": None, "quiz_id": None, "scenario_id": "gift", "turn_index": 3,
        "action": "close", "module_version": "m1", "scenario_version": "s1", "prompt_version": "p1",
        "region_id": "emea", "country_id": "de", "branch_id": "berlin", "team_id": "berlin_1",
    }  # fmt: skip
    row = door.load(line(interaction()), table="interaction_log").rows[1]
    assert (row["trait_activation"], row["upsell_triggered"], row["difficulty_level"]) == (["budget", "kind"], False, 2)
    row = door.load(line(session()), table="session_log").rows[1]
    assert (row["duration_sec"], row["end_time"]) == (330.5, datetime(2026, 3, 4, 10, 20, 30))
    row = door.load(ORG_HEADER + team(), "o.csv", "org_scope").rows[2]
    assert (row["valid_from"], row["valid_to"], row["team_id"]) == (date(2025, 1, 1), None, "berlin_1")


def test_loading_a_file_twice_changes_nothing(door: Door) -> None:
    content = ndjson([event(1), event(2, userId=None)])
    first = door.load(content, "a.ndjson")
    before = counts(door)
    again = door.load(content, "renamed.ndjson")
    assert (again.batch_id, again.known_as) == (None, first.batch_id)
    assert counts(door) == before


def test_the_same_content_is_another_file_for_another_table(door: Door) -> None:
    first = door.load(b"", table="event_log")
    second = door.load(b"", table="session_log")
    assert (first.batch_id, second.batch_id, second.known_as) == (1, 2, None)


def test_batches_count_up_and_hold_the_counts(door: Door) -> None:
    door.load(ndjson([event(1), event(2), event(3, eventType="dance")]), "a.ndjson")
    door.load(line(event(4)), "b.ndjson")
    rows = door.warehouse.query(
        "select batch_id, area, table_name, kind, file_name, file_bytes > 0, records_in, records_loaded, "
        "records_rejected from {ops}.batches order by 1"
    )
    assert rows == [
        (1, "training", "event_log", "file", "training/event_log/a.ndjson", True, 3, 2, 1),
        (2, "training", "event_log", "file", "training/event_log/b.ndjson", True, 1, 1, 0),
    ]


def test_touched_partitions_are_the_utc_dates_of_the_event_time(door: Door) -> None:
    times = ("2026-03-04T23:59:59Z", "2026-03-05T00:00:00Z", "2026-03-05T01:00:00+09:00", "2026-03-05T23:00:00-02:00")
    loaded = door.load(ndjson(event(n, timestamp=time) for n, time in enumerate(times)))
    assert len(loaded.rows) == 4
    touched = "select partition_date, records from {ops}.touched_partitions order by 1"
    assert door.warehouse.query(touched) == [
        (date(2026, 3, 4), 2), (date(2026, 3, 5), 1), (date(2026, 3, 6), 1)
    ]  # fmt: skip
    dates = "select distinct _event_date from raw_training.event_log order by 1"
    assert [row[0] for row in door.warehouse.query(dates)] == [date(2026, 3, day) for day in (4, 5, 6)]


def test_master_data_touches_no_partition(door: Door) -> None:
    door.load(ORG_HEADER + team(), "o.csv", "org_scope")
    assert door.one("select count(*) from {ops}.touched_partitions") == 0


def test_rejections_carry_all_reasons_in_order(door: Door) -> None:
    record = event(1, userId=7, version__promptVersion=None, scope__teamId="")
    rejection = door.load(line(record)).rejected[1]
    assert (rejection["code"], rejection["column_name"], rejection["reason"]) == (
        "E_SCHEMA_MISMATCH", "user_id", "wrong_type"
    )  # fmt: skip
    assert rejection["message"].split("; ") == [
        "userId must be text", "version.promptVersion must be filled for this event_type",
        "scope.teamId must not be empty",
    ]  # fmt: skip
    assert [reason in rejection["reasons"] for reason in ("E_VERSION_MISSING", "E_SCOPE_MISSING")] == [True, True]
    assert rejection["record"].encode() + b"\n" == line(record)


@pytest.mark.parametrize("step", ["ship", "keep", "keep_rejections"])
def test_a_load_that_fails_leaves_nothing(door: Door, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    owner = Ledger if hasattr(Ledger, step) else type(door.warehouse)
    content = ndjson([event(1), event(2, userId=None)])
    before = counts(door)

    def fail(*_: Any) -> None:
        raise StrataError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, fail)
        with pytest.raises(StrataError, match="power"):
            door.load(content)
    assert counts(door) == before
    assert door.load(content).batch_id == 1


def test_records_that_go_missing_stop_the_load(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts(door)
    with monkeypatch.context() as patch:
        patch.setattr(Screening, "_reject_bad", lambda self, bad: None)
        with pytest.raises(StrataError, match="2 records were read, but 1 loaded and 0 rejected"):
            door.load(line(event(1)) + b"\xff\n")
    assert counts(door) == before


def test_a_file_that_changes_while_it_is_read_is_not_kept(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    file = door.put(line(event(1)))
    reject_bad = Screening._reject_bad

    def append(self: Screening, bad: list[Any]) -> None:
        with file.path.open("ab") as stream:
            stream.write(line(event(2)))
        reject_bad(self, bad)

    monkeypatch.setattr(Screening, "_reject_bad", append)
    with pytest.raises(StrataError, match="changed while it was read"):
        door.intake.load(file)
    assert set(counts(door).values()) == {0}


def test_a_full_disk_is_said_before_the_load(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 100})())
    with pytest.raises(TemporaryError, match="MB free"):
        door.load(line(event(1)))
    assert set(counts(door).values()) == {0}


def test_a_file_that_cannot_be_read_is_one_rejection_kept_whole(door: Door) -> None:
    outcome = door.load(b"\x1f\x8b\x08 not really", "a.ndjson.gz")
    assert outcome.rows == {}
    assert outcome.codes == {0: "E_FILE_UNREADABLE"}
    assert outcome.rejected[0]["record_encoding"] == "base64"
    assert door.one("select records_in from {ops}.batches") == 1


def test_a_file_cut_after_some_chunks_leaves_no_rows(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strata.door.lines._CHUNK_BYTES", 4096)
    content = gzip.compress(ndjson(event(n) for n in range(2000)), compresslevel=1)
    outcome = door.load(content[:-20], "a.ndjson.gz")
    assert outcome.rows == {}
    assert outcome.reasons == {0: "broken_compression"}
    assert door.one("select count(*) from raw_training.event_log") == 0


_ROWS, _REJECTIONS = r"event_log holds .* rows, its batches brought", r"rejections holds .* its batches rejected"


@pytest.mark.parametrize(
    ("damage", "said"),
    [("delete from raw_training.event_log where _line_number = 1", _ROWS),
     ("insert into raw_training.event_log select * from raw_training.event_log where _line_number = 1", _ROWS),
     ("delete from ops.batches where batch_id = 1", _ROWS),
     ("delete from ops.batches", _ROWS),
     ("delete from ops.rejections", _REJECTIONS),
     ("insert into ops.rejections select * from ops.rejections", _REJECTIONS),
     ("delete from ops.rejected_records", r"rejected_records holds .* all batches rejected")],
)  # fmt: skip
def test_a_damaged_warehouse_is_refused(
    settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed], damage: str, said: str
) -> None:
    with open_warehouse(settings, contracts, seeds) as warehouse:
        door = Door(settings, contracts, warehouse, Intake(warehouse))
        door.load(ndjson([event(1), event(2), event(4, userId=None)]), "a.ndjson")
        door.load(ndjson([event(3)]), "b.ndjson")
        warehouse.execute(damage)
    with pytest.raises(StrataError, match=said):
        open_warehouse(settings, contracts, seeds).__enter__()


def test_a_table_that_is_not_as_its_contract_is_refused(
    settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]
) -> None:
    with open_warehouse(settings, contracts, seeds) as warehouse:
        warehouse.execute("alter table raw_training.event_log add column mood varchar")
    with pytest.raises(StrataError, match="mood"):
        open_warehouse(settings, contracts, seeds).__enter__()


def test_a_file_of_no_table_and_one_that_is_not_there(door: Door, tmp_path: Path) -> None:
    (tmp_path / "x.ndjson").write_bytes(b"")
    for path, said in ((tmp_path / "x.ndjson", "name no table"), (tmp_path / "nowhere", "There is no")):
        with pytest.raises(UsageError, match=said):
            find_files(door.settings.landing, door.contracts, [path])


SECRET = "She told me that her sister is ill"
_INTERACTION_COLUMNS = "interaction_id,session_id,timestamp,user_id,engine,input,trait_activation,upsell_triggered"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ndjson", line(interaction(input=SECRET, userId=None))),
        ("a.ndjson", line(interaction(input={SECRET: 1, "b": 2}))),
        ("a.ndjson", line(interaction(input=SECRET)).replace(b'"output"', f'"{SECRET}":1,"output"'.encode())),
        ("a.ndjson", line(interaction(input="@")).replace(b'"@"', f'{{"{SECRET}":1,"{SECRET}":2}}'.encode())),
        ("a.ndjson", line(interaction(input=SECRET))[:-20]),
        ("a.csv", f"1,2,3,ann,saleslab,{SECRET},x\n".encode()),
        ("a.csv", f"1,2,3,ann,{SECRET},{SECRET},x\n".encode()),
        ("a.csv", f'1,2,3,"{SECRET}\n'.encode()),
        ("a.csv", f"{_INTERACTION_COLUMNS}\n1,{SECRET}\n2,3,4,5,6,{SECRET},8,9\n".encode()),
        ("a.parquet", f"PAR1{SECRET}PAR1".encode()),
    ],
)
def test_restricted_text_of_a_rejected_record_is_kept_apart(door: Door, name: str, content: bytes) -> None:
    outcome = door.load(content, name, "interaction_log")
    assert outcome.rejected
    rows = door.warehouse.query("select * from {ops}.rejections")
    assert SECRET not in str(rows)
    assert SECRET[:20] not in str(rows)
    kept = "".join(
        base64.b64decode(record).decode() if encoding == "base64" else record
        for record, encoding in door.warehouse.query("select record, record_encoding from {ops}.rejected_records")
    )
    assert SECRET in kept


def test_the_id_of_a_rejected_record(door: Door) -> None:
    content = ndjson([event(1, userId=None), event(2, eventId="x"), event(3, eventId=..., userId=7)])
    outcome = door.load(content + b"not JSON\n" + line(event(4))[:-9] + b"\n")
    ids = {number: item["record_id"] for number, item in outcome.rejected.items()}
    assert {number: found and str(found) for number, found in ids.items()} == {
        1: key(1), 2: None, 3: None, 4: None, 5: None
    }  # fmt: skip
