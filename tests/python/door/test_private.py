"""Records that name persons: what is stored of them, what is kept of rejected ones, and what is found nowhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import Door

from strata.door.identifiers import SubjectKey
from strata.door.landing import find_files
from strata.door.payload import read_allow_list
from strata.errors import ContractError, ExitCode, UsageError

KEY = "the key of these tests"
ID = "learner_4711"


@pytest.fixture(autouse=True)
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_SUBJECT_KEY", KEY)


def event(**fields: Any) -> dict[str, Any]:
    return {
        "learner_id": ID,
        "event_type": "page_view",
        "event_id": "e1",
        "session_id": "s1",
        "timestamp": "2026-03-05T10:30:00Z",
        "data": {"page": "/lessons/1"},
        "metadata": {"source": "web_app"},
        "version": "1.0",
    } | fields


def ndjson(*events: dict[str, Any]) -> bytes:
    return "".join(json.dumps(item, separators=(",", ":")) + "\n" for item in events).encode()


class LearningDoor:
    """The door, with what is said of learning's one raw table."""

    def __init__(self, door: Door) -> None:
        self.door, self.files = door, 0

    def load(self, content: bytes, suffix: str = "ndjson") -> tuple[dict[int, dict[str, Any]], dict[int, Any]]:
        """Rows and rejections of a file by line number."""
        loaded = self._load(content, suffix)
        return self.rows(loaded.batch_id), self.door.rejections(loaded.batch_id)

    def known_as(self, content: bytes) -> int | None:
        """The batch that brought a file before."""
        return self._load(content, "ndjson").known_as

    def _load(self, content: bytes, suffix: str) -> Any:
        self.files += 1
        folder = self.door.settings.landing / "learning" / "raw_events" / "events" / "2026" / "03" / "05"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.files}.{suffix}"
        path.write_bytes(content)
        return self.door.intake.load(find_files(self.door.settings.landing, self.door.contracts, [path])[0])

    def rows(self, batch_id: int) -> dict[int, dict[str, Any]]:
        contract = self.door.contracts["learning", "raw_events"]
        names = ["_line_number", *(column.name for column in contract.columns)]
        columns = ", ".join(f'"{name}"' for name in names)
        rows = self.door.warehouse.query(f"select {columns} from {contract.relation} where _batch_id = {batch_id}")
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows}

    def stored(self, **fields: Any) -> dict[str, Any]:
        """What is stored of one event."""
        rows, rejected = self.load(ndjson(event(**fields)))
        assert rejected == {}
        return rows[1]

    def dropped(self) -> set[tuple[str, str, str, int]]:
        return set(self.door.warehouse.query("select column_name, key, reason, records from {ops}.dropped_keys"))


@pytest.fixture
def learning(door: Door) -> LearningDoor:
    return LearningDoor(door)


def test_a_person_is_stored_under_one_random_pseudonym(learning: LearningDoor) -> None:
    first, again = learning.stored(), learning.stored(event_id="e2")
    other = learning.stored(event_id="e3", learner_id="learner_4712")
    assert first["learner_id"] == again["learner_id"] != other["learner_id"]
    assert len(first["learner_id"]) == 32
    subjects = learning.door.warehouse.query("select key_digest, pseudonym from {ops}.subjects")
    assert len(subjects) == 3  # two persons and the check of the key
    assert ID not in str(subjects)


def test_the_file_the_instant_and_the_date_are_filled_in(learning: LearningDoor) -> None:
    row = learning.stored(
        processed_at="2001-01-01T00:00:00Z", s3_path="elsewhere", timestamp="2026-03-05T23:30:00-01:00"
    )
    assert row["s3_path"] == "learning/raw_events/events/2026/03/05/1.ndjson"
    assert abs((datetime.now(UTC).replace(tzinfo=None) - row["processed_at"]).total_seconds()) < 60
    assert row["partition_date"] == date(2026, 3, 6)


@pytest.mark.parametrize(("said", "reason"), [("2026-03-05", None), (None, None), ("2026-03-06", "wrong_event_date")])
def test_another_date_than_that_of_the_event_is_rejected(
    learning: LearningDoor, said: str | None, reason: str | None
) -> None:
    _, rejected = learning.load(ndjson(event(partition_date=said)))
    assert [item["reason"] for item in rejected.values()] == ([reason] if reason else [])


def test_an_event_type_outside_the_seed_is_rejected_and_comes_in_after_a_replay(learning: LearningDoor) -> None:
    rows, rejected = learning.load(ndjson(event(event_type="video_start", data={"page": "/a", "name": "Jane Doe"})))
    assert rows == {}
    assert rejected[1]["reason"] == "not_allowed"
    assert json.loads(rejected[1]["record"])["data"] == {"page": "/a"}
    learning.door.warehouse.seeds["learning_event_types"].append(
        {"event_type": "video_start", "counts_as": "page_view"}
    )
    try:
        replayed = learning.door.intake.replay(learning.door.contracts["learning", "raw_events"])
    finally:
        learning.door.warehouse.seeds["learning_event_types"].pop()
    assert (replayed.tried, replayed.loaded) == (1, 1)
    row = learning.rows(replayed.batch_id)[1]
    assert row["learner_id"] == learning.stored(event_id="e2")["learner_id"]
    assert (row["data"], row["s3_path"]) == ('{"page":"/a"}', "learning/raw_events/events/2026/03/05/1.ndjson")


_NUMBERS = ("duration_ms", "max_score", "score")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"page": "/a/b?mail=jane@canary.org#top"}, {"page": "/a/b"}),
        ({"page": "/수업/1"}, {"page": "/수업/1"}),
        ({"page": "/profile/jane@canary.org"}, {"page": "/profile/:id"}),
        ({"page": f"/seen/{ID}"}, {"page": "/seen/:id"}),
        ({"page": f"/seen/{ID[:4]}%6E{ID[5:]}"}, {"page": "/seen/:id"}),
        ({"page": "/from/203.0.113.9/x"}, {"page": "/from/:id/x"}),
        ({"page": "/lessons/it's 1, [2] & 3=4"}, {"page": "/lessons/:id"}),
        ({"page": {"name": "Jane"}}, {}),
        ({"element": "Jane Canary"}, {}),
        ({"element": "2001:db8:1:2::9"}, {}),
        ({"element": ID.upper()}, {}),
        ({"lesson_id": hashlib.sha256(ID.encode()).hexdigest()}, {}),
        ({"skill_id": "4111111111111111", "content_type": "DE89370400440532013000"}, {}),
        ({"lesson_id": "L-1.2", "skill_id": None, "unlisted": 1}, {"lesson_id": "L-1.2"}),
        ({"score": 85.5, "max_score": 100}, {"max_score": 100, "score": 85.5}),
        (
            {"score": 66.66666666666667, "max_score": 33.333333333333336},
            {"max_score": 33.333333333333336, "score": 66.66666666666667},
        ),
        ({"score": 1e-7, "max_score": 0.000012345678901234567}, {"max_score": 0.000012345678901234567, "score": 1e-7}),
        ({"score": 9, "max_score": "10"}, {"max_score": "unfit", "score": 9}),
        ({"score": None, "max_score": None, "element": "unfit"}, {"element": "unfit"}),
        ({"score": 1e300, "max_score": 4111111111111111, "duration_ms": True}, dict.fromkeys(_NUMBERS, "unfit")),
        ({}, {}),
    ],
)
def test_a_payload_keeps_listed_keys_with_values_of_their_form(
    learning: LearningDoor, given: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert json.loads(learning.stored(data=given)["data"]) == kept


@pytest.mark.parametrize(
    ("given", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2002:cb00:714d::1", "203.0.113.0/24"),
        ("2001:db8::1", "2001:db8::/48"),
        ("203.0.113.777", None),
        ("Jane", None),
        (7, None),
    ],
)
def test_an_address_is_stored_as_its_network(learning: LearningDoor, given: Any, network: str | None) -> None:
    assert json.loads(learning.stored(metadata={"ip": given})["metadata"]).get("ip") == network


def test_a_payload_that_is_not_there_stays_away(learning: LearningDoor) -> None:
    row = learning.stored(data=None, metadata=None)
    assert (row["data"], row["metadata"]) == (None, None)


def test_a_number_that_is_none_stays_unfit_when_its_record_is_replayed(learning: LearningDoor) -> None:
    learning.load(ndjson(event(event_type="unknown", data={"score": 9, "max_score": "10"})))
    learning.door.warehouse.seeds["learning_event_types"].append({"event_type": "unknown", "counts_as": "error"})
    try:
        replayed = learning.door.intake.replay(learning.door.contracts["learning", "raw_events"])
    finally:
        learning.door.warehouse.seeds["learning_event_types"].pop()
    assert json.loads(learning.rows(replayed.batch_id)[1]["data"]) == {"max_score": "unfit", "score": 9}


def test_what_is_not_stored_is_counted_and_unlisted_keys_are_named_only_where_many_sent_them(
    learning: LearningDoor,
) -> None:
    events = [
        event(event_id=f"e{number}", learner_id=f"learner_{number}", data={"mood": 1, f"of_{number}": 1})
        for number in range(5)
    ]
    one = {"score": "x", "element": "AKIAIOSFODNN7EXAMPLE", "lesson_id": f"{ID}-1", "page": "/orders/4917112345678"}
    learning.load(ndjson(*events, event(data=one, metadata=None, version="1.0-jane", session_id=f"of {ID}")))
    assert learning.dropped() == {
        ("data", "mood", "unlisted", 5),
        ("data", "(other)", "unlisted", 5),
        # what is on the list is named, whoever sent it
        ("data", "score", "unfit", 1),
        ("data", "element", "secret", 1),
        ("data", "lesson_id", "own_id", 1),
        ("data", "page", "partly", 1),
        ("version", "version", "unfit", 1),
        ("session_id", "session_id", "pseudonym", 1),
    }


@pytest.mark.parametrize(
    "given",
    [
        f"sess-{ID}",
        f"sess-{ID.upper()}",
        f"sess-{ID.replace('_', '-')}",
        hashlib.sha256(ID.encode()).hexdigest(),
        f"sess-{hashlib.md5(ID.encode(), usedforsecurity=False).hexdigest()}",
        "jane@canary.org",
        "Jane Canary",
        "jane-canary",
        "203.0.113.9",
        "https://canary.org/?token=1",
        "4917112345678",
    ],
)
@pytest.mark.parametrize("column", ["session_id", "event_id"])
def test_an_id_that_may_name_a_person_stands_under_a_pseudonym_that_joins(
    learning: LearningDoor, column: str, given: str
) -> None:
    first, again = (
        learning.stored(**{"event_id": f"e{number}", "session_id": "s1", column: given, "data": {"score": number}})
        for number in (1, 2)
    )
    assert first[column] == again[column] == SubjectKey(KEY.encode()).identifier(given)


def test_a_plain_id_is_stored_as_it_came(learning: LearningDoor) -> None:
    plain = {"session_id": "sess-000123", "event_id": "550e8400-e29b-41d4-a716-446655440000"}
    assert learning.stored(**plain).items() >= plain.items()


@pytest.mark.parametrize(("given", "kept"), [("v2.1.0-beta.1", "v2.1.0-beta.1"), ("1.0-jane", None), (None, None)])
def test_a_version_that_does_not_look_like_one_is_not_stored(
    learning: LearningDoor, given: str | None, kept: str | None
) -> None:
    assert learning.stored(version=given)["version"] == kept


def test_a_rejected_record_is_kept_under_the_same_rules_and_comes_in_after_a_replay(learning: LearningDoor) -> None:
    """The pseudonym of an id stays as it is, so that the replayed record joins those that came at once."""
    fields = {"session_id": f"sess-{ID}", "data": {"page": "/a b/1"}, "version": "1.0-jane"}
    _, rejected = learning.load(ndjson(event(event_type="video_start", **fields)))
    assert rejected[1]["record_encoding"] == "text"
    assert ID not in rejected[1]["record"]
    assert "jane" not in rejected[1]["record"]
    learning.door.warehouse.seeds["learning_event_types"].append(
        {"event_type": "video_start", "counts_as": "page_view"}
    )
    try:
        replayed = learning.door.intake.replay(learning.door.contracts["learning", "raw_events"])
    finally:
        learning.door.warehouse.seeds["learning_event_types"].pop()
    came = learning.rows(replayed.batch_id)[1]
    at_once = learning.stored(event_id="e2", **fields)
    names = ("learner_id", "session_id", "data", "version")
    assert [came[name] for name in names] == [at_once[name] for name in names]


@pytest.mark.parametrize(
    "fields", [{"session_id": " "}, {"event_id": "e\u00001"}, {"learner_id": "  "}, {"version": "\u0000"}]
)
def test_a_fault_that_is_lost_with_the_value_is_not_replayed(learning: LearningDoor, fields: dict[str, str]) -> None:
    _, rejected = learning.load(ndjson(event(**fields)))
    assert rejected[1]["record_encoding"] in ("part", "withheld")
    assert learning.door.intake.replay(learning.door.contracts["learning", "raw_events"]).loaded == 0


def test_a_file_is_known_by_a_digest_that_takes_the_key(learning: LearningDoor) -> None:
    content = ndjson(event())
    first, _ = learning.load(content)
    plain = hashlib.sha256(content).hexdigest()
    assert learning.door.one("select file_digest from {ops}.batches") == SubjectKey(KEY.encode()).content(plain)
    assert len(first) == 1
    assert learning.known_as(content) == 1


def test_a_warehouse_that_knows_files_by_plain_digests_still_knows_them(learning: LearningDoor) -> None:
    content, other = ndjson(event()), ndjson(event(event_id="e2"))
    learning.load(content)
    learning.load(other)
    warehouse = learning.door.warehouse
    for batch_id, text in ((1, content), (2, other)):
        digest = hashlib.sha256(text).hexdigest()
        warehouse.execute("update ops.batches set file_digest = ? where batch_id = ?", [digest, batch_id])
    learning.door.intake._keys._entered.clear()
    assert learning.known_as(other) == 2
    assert learning.door.one("select count(*) from {ops}.batches where file_digest like 'hmac:%'") == 2


def test_a_file_name_that_may_name_a_person_is_not_stored(learning: LearningDoor) -> None:
    folder = learning.door.settings.landing / "learning" / "raw_events" / "Jane Canary"
    folder.mkdir(parents=True)
    (folder / f"{ID}.csv").write_bytes(as_csv([event()]))
    (folder / "jane-canary.ndjson").write_bytes(ndjson(event(event_id="e2"), event(event_type="jane_canary")))
    (folder / "canary.csv").write_bytes(b"nothing\n")
    for file in find_files(learning.door.settings.landing, learning.door.contracts, []):
        learning.door.intake.load(file)
    ops, raw = learning.door.settings.schema("ops"), learning.door.contracts["learning", "raw_events"].relation
    tables = [f"{ops}.{name}" for name in ("batches", "rejections", "objects", "jobs")] + [raw]
    held = str([learning.door.warehouse.query(f"select * from {table}") for table in tables]).lower()
    assert "learning/raw_events/pid_" in held
    assert [word for word in ("jane c", "jane-c", ID) if word in held] == []
    assert learning.door.one("select count(*) from {ops}.batches where header is not null") == 0


@pytest.mark.parametrize(
    ("line", "reason", "encoding"),
    [
        (ndjson(event(name="Jane Canary")), "unknown_field", "part"),
        (ndjson(event(data=["Jane Canary"])), "wrong_type", "part"),
        (ndjson(event(timestamp="Jane Canary")), "bad_timestamp", "part"),
        (ndjson(event()).replace(b'"page":', b'"Jane Canary":1,"Jane Canary":'), "duplicate_key", "part"),
        (ndjson(event()).replace(b'"/lessons/1"', b"NaN"), "invalid_json", "part"),
        (ndjson(event()).replace(b'"/lessons/1"', b'{"a":{"a":1,"a":2}}'), "duplicate_key", "part"),
        (ndjson(event()).replace(b'"/lessons/1"', b'"Jane Canary'), "invalid_json", "withheld"),
        (b'"Jane Canary"\n', "wrong_type", "part"),
        (b"Jane Canary \xff\n", "invalid_utf8", "withheld"),
    ],
)
def test_of_a_rejected_record_nothing_is_kept_that_names_a_person(
    learning: LearningDoor, line: bytes, reason: str, encoding: str
) -> None:
    rows, rejected = learning.load(line)
    assert (rows, rejected[1]["reason"], rejected[1]["record_encoding"]) == ({}, reason, encoding)
    assert "Canary" not in str(rejected)
    assert ID not in str(rejected)
    # What was lost with the rest must not make a bad record good.
    assert learning.door.intake.replay(learning.door.contracts["learning", "raw_events"]).loaded == 0


def test_a_file_that_cannot_be_read_is_not_kept(learning: LearningDoor) -> None:
    _, rejected = learning.load(b"learner_id,Jane Canary\n1,2\n", "csv")
    assert (rejected[0]["reason"], rejected[0]["record_encoding"]) == ("bad_header", "withheld")
    assert "Canary" not in str(rejected)


def as_csv(events: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(events[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(item | {name: json.dumps(item[name]) for name in ("data", "metadata")} for item in events)
    return text.getvalue().encode()


def as_parquet(events: list[dict[str, Any]], *, are_objects: bool) -> bytes:
    columns: dict[str, Any] = {name: [item[name] for item in events] for name in events[0]}
    columns["timestamp"] = pa.array(
        [datetime.fromisoformat(at) for at in columns["timestamp"]], pa.timestamp("us", "UTC")
    )
    if not are_objects:
        columns |= {name: [json.dumps(value) for value in columns[name]] for name in ("data", "metadata")}
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


@pytest.mark.parametrize("kind", ["csv", "parquet of texts", "parquet of objects", "ndjson with blanks"])
def test_every_kind_of_file_stores_the_same(learning: LearningDoor, kind: str) -> None:
    events = [event(data={"page": "/a?b", "name": "Jane"}), event(event_id="e2", data={"page": "/x y", "name": "Jo"})]
    wanted, _ = learning.load(ndjson(*events))
    match kind:
        case "csv":
            rows, _ = learning.load(as_csv(events), "csv")
        case "ndjson with blanks":
            rows, _ = learning.load("".join(json.dumps(item) + "\n" for item in events).encode())
        case _:
            rows, _ = learning.load(as_parquet(events, are_objects=kind.endswith("objects")), "parquet")
    first = 2 if kind == "csv" else 1
    for name in ("learner_id", "event_type", "event_id", "session_id", "timestamp", "data", "metadata", "version"):
        assert [rows[number][name] for number in (first, first + 1)] == [wanted[number][name] for number in (1, 2)]


@pytest.mark.parametrize(
    "payload", ['{"page":"/a",}', '{"page":"/a","page":"/b"}', '{"page":NaN}', "[1]", "x", '{"a":"\\ud800"}']
)
def test_a_payload_in_a_column_of_text_is_judged_strictly(learning: LearningDoor, payload: str) -> None:
    content = as_csv([event()]).replace(
        json.dumps(event()["data"]).replace('"', '""').encode(), payload.replace('"', '""').encode()
    )
    rows, rejected = learning.load(content, "csv")
    assert rows == {}
    assert rejected[2]["column_name"] == "data"


@pytest.mark.parametrize("key", ["", "too short"])
def test_without_a_key_nothing_is_loaded_and_the_door_says_why(
    learning: LearningDoor, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("STRATA_SUBJECT_KEY", key)
    with pytest.raises(UsageError, match="STRATA_SUBJECT_KEY") as refused:
        learning.load(ndjson(event()))
    assert refused.value.exit_code == ExitCode.USAGE
    assert learning.door.one("select count(*) from {ops}.batches") == 0


def test_another_key_than_the_first_is_refused(learning: LearningDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    learning.stored()
    monkeypatch.setenv("STRATA_SUBJECT_KEY", "another key of these tests")
    with pytest.raises(UsageError, match="second time"):
        learning.load(ndjson(event(event_id="e2")))


def test_what_a_record_held_is_found_nowhere_on_the_disk(learning: LearningDoor, project: Path) -> None:
    """Byte scan of everything below the project but the file itself; DuckDB is told not to compress."""
    warehouse = learning.door.warehouse
    warehouse.execute("set force_compression = 'uncompressed'")
    learning.load(ndjson(event(data={"page": "/kept/page", "note": "jane@canary.org"}), event(name="jane@canary.org")))
    learning.load(b"{jane@canary.org\n")
    warehouse.execute("checkpoint")
    held = b"".join(file.read_bytes() for file in project.rglob("*") if file.is_file() and "landing" not in file.parts)
    assert b"/kept/page" in held
    assert [word for word in (b"jane@canary.org", ID.encode()) if word in held] == []


@pytest.mark.parametrize(
    "row",
    [
        {"field": "data", "key": "a", "form": "poem", "action": "keep"},
        {"field": "data", "key": "a", "form": "path", "action": "burn"},
        {"field": "data", "key": "a", "form": "ip", "action": "keep"},
        {"field": "data", "key": "a", "form": "number", "action": "truncate"},
        {"field": "data", "key": "a", "form": "path", "action": "keep"},
        {"field": "data", "key": "a'b", "form": "number", "action": "keep"},
    ],
)
def test_an_allow_list_that_the_door_does_not_understand_is_an_error(row: dict[str, str]) -> None:
    with pytest.raises(ContractError):
        read_allow_list([row], "data")
