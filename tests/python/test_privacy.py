"""Canaries: e-mail addresses, names, IP addresses, ids and secrets in every column of a record and in file names.

They are looked for in all that is written: every file, every cell of every relation, the logs of dbt and of the server.
Looked for is also what could be recomputed by whoever guesses: digests of ids, and of files of a single record.

And a value of its own for every allowed key: what is classified as restricted ends in raw. (test_lineage.py follows
classifications through the SQL.)
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from engines import PROJECT, new_prefix, server_of_its_own, session_for

from strata.contract import read_contracts
from strata.session import Session
from strata.warehouse.base import Warehouse

MAIL, NAME, ADDRESS, ID = "jane.canary@example.org", "Jane Canary", "203.0.113.217", "learner_canary_4711"
ADDRESS_6 = "2001:db8:85a3:8d3:1319:8a2e:370:7348"
# 6to4, Teredo and NAT64 addresses that hold the address above.
HELD = ("2002:cb00:71d9::1", "2001:0:4136:e378:8000:63bf:34ff:8e26", "64:ff9b::cb00:71d9")
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"
TELEPHONE, CARD, IBAN = "4915112345678", "4111111111111111", "DE89370400440532013000"
CLOUD_KEY = "AKIAIOSFODNN7EXAMPLE"
CANARIES = (
    MAIL, NAME, ADDRESS, ID, ADDRESS_6, "jane.canary", "jane-canary", "Jane%20Canary", "canary_4711", "1319:8a2e",
    "cb00:71", "34ff:8e26", "eyJhbGci", TELEPHONE, CARD, IBAN, CLOUD_KEY,
)  # fmt: skip
_BUILD = ["--select", "path:models/learning", "path:seeds/learning", "values_not_stored", "--exclude-resource-types"]

# One place each: where a sender might put what must not be stored.
PLACES: list[dict[str, dict[str, Any]]] = [
    {"data": {"email": MAIL}},
    {"data": {"name": NAME}},
    {"data": {"user": {"name": NAME, "mail": MAIL}}},
    {"data": {"people": [NAME, {"id": ID}]}},
    {"data": {"page": f"/kept/page?mail={MAIL}"}},
    {"data": {"page": f"/profile/{MAIL}"}},
    {"data": {"page": f"/learners/{ID}"}},
    {"data": {"page": {"title": NAME}}},
    {"data": {"element": NAME}},
    {"data": {"lesson_id": MAIL}},
    {"data": {"assessment_id": ADDRESS}},
    {"data": {"skill_id": ID}},
    {"data": {"content_type": f"of {NAME}"}},
    {"data": {"score": MAIL}},
    {"data": {"max_score": [NAME]}},
    {"data": {"duration_ms": ADDRESS}},
    {"data": {MAIL: 1}},
    {"data": {ID: {"a": 1}}},
    {"metadata": {"ip": ADDRESS}},
    {"metadata": {"ip": ADDRESS_6}},
    {"metadata": {"ip": f"{ADDRESS} ({NAME})"}},
    {"metadata": {"source": MAIL}},
    {"metadata": {"tenant_id": ID}},
    {"metadata": {"app_version": ADDRESS}},
    {"metadata": {"locale": NAME}},
    {"metadata": {"agent": f"Browser of {NAME} at {ADDRESS}"}},
    {"metadata": {NAME: ADDRESS_6}},
    {"data": {"page": f"/reset/{TOKEN}"}},
    {"data": {"page": f"/call/{TELEPHONE}/now"}},
    {"data": {"page": "/hello/Jane%20Canary"}},
    {"data": {"page": f"/seen/{hashlib.sha256(ID.encode()).hexdigest()}"}},
    {"data": {"element": TOKEN}},
    {"data": {"lesson_id": CARD}},
    {"data": {"skill_id": IBAN}},
    {"data": {"content_type": CLOUD_KEY}},
    {"data": {"assessment_id": hashlib.md5(ID.encode(), usedforsecurity=False).hexdigest()}},
    *({"metadata": {"ip": address}} for address in HELD),
    {"metadata": {"locale": "en-Jane-canary"}},
    {"metadata": {"app_version": "2.0.0-jane.canary"}},
    # the envelope
    *(
        {column: text}
        for column in ("session_id", "event_id")
        for text in (
            f"sess-{ID}", f"SESS-{ID.upper()}", f"sess-{MAIL}", MAIL, NAME, ADDRESS, ADDRESS_6, TELEPHONE, TOKEN, CARD,
            IBAN, CLOUD_KEY, "jane-canary", f"https://example.org/?token={TOKEN}",
            hashlib.sha256(ID.encode()).hexdigest(), hashlib.sha1(ID.encode(), usedforsecurity=False).hexdigest(),
        )
    ),
    *({"version": text} for text in (MAIL, NAME, "1.0-jane-canary", ADDRESS, TOKEN, ID)),
    {"s3_path": f"s3://lake/{MAIL}/1.parquet"},
    {"processed_at": "2025-09-05T10:00:00Z"},
]  # fmt: skip
REJECTED: list[dict[str, Any]] = [
    {"event_type": MAIL},
    {"event_type": ID},
    {"timestamp": NAME},
    {"timestamp": TELEPHONE},
    {"owner": NAME},
    {"data": NAME},
    {"partition_date": MAIL},
    {"processed_at": NAME},
    {"event_type": "nothing_known", "session_id": f"sess-{MAIL}", "event_id": ID, "version": NAME},
    {"event_type": "nothing_known", "data": {"page": f"/{NAME}", "element": TOKEN}, "metadata": {"ip": HELD[0]}},
    {"learner_id": None, "session_id": MAIL, "event_id": NAME, "version": TELEPHONE},
]
# Files of one record: from a plain digest of such a file its id is found by trial.
SINGLE = [f"{NAME}/{MAIL}.ndjson", f"{ID}.ndjson", f"part-{TELEPHONE}.ndjson", "jane-canary.ndjson.gz"]


def event(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "learner_id": ID,
        "event_type": "assessment_complete",
        "event_id": f"e{number}",
        "session_id": "s1",
        "timestamp": f"2025-09-05T10:{number // 60:02}:{number % 60:02}Z",
        "data": {"page": "/kept/page", "lesson_id": "kept_lesson", "skill_id": "kept_skill", "score": 50},
        "metadata": {"source": "kept_source"},
        "version": "1.0",
    } | fields


def marked(field: str) -> dict[str, Any]:
    """A payload whose every allowed key has a value that stands nowhere else."""
    with (PROJECT / "seeds" / "learning" / "learning_payload_keys.csv").open(encoding="utf-8", newline="") as stream:
        keys = [row for row in csv.DictReader(stream) if row["field"] == field]
    values = {"number": lambda key: MARKED_NUMBERS[key], "ip": lambda key: "198.51.100.77"}
    values |= {"version": lambda key: "77.66.55", "locale": lambda key: "tlh-Piqd"}
    return {row["key"]: values.get(row["form"], lambda key: f"/mark-{key}")(row["key"]) for row in keys}


MARKED_NUMBERS = {"score": 73.0625, "max_score": 90.0, "duration_ms": 424_242}
MARKS = {"ip": "198.51.100", "app_version": "77.66.55", "locale": "tlh-Piqd"}


@dataclass
class Written:
    """All that was written: files by their path, and every cell of every table as text; and what was loaded."""

    files: dict[Path, bytes]
    cells: dict[tuple[str, str, str], set[str]]
    loaded: list[bytes]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("privacy")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        if request.param == "postgres":
            # All files of the server are searched, so nobody else's may be among them.
            stack.enter_context(server_of_its_own(patch))
        patch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
        prefix = new_prefix() if request.param == "postgres" else ""
        session = session_for(request.param, folder / "written", folder / "landing", patch, prefix=prefix)
        contents = load(session, folder / "landing" / "learning" / "raw_events")
        nodes = session.build([*_BUILD, "unit_test", "--vars", '{as_of: "2025-09-10"}'], lambda name: None)
        assert [node.name for node in nodes if node.is_bad] == []
        with session.warehouse() as warehouse:
            warehouse.execute("checkpoint")
            cells = all_cells(warehouse, prefix)
        places = [folder / "written"]
        if request.param == "postgres":
            with session.warehouse() as warehouse:
                places.append(Path(warehouse.query("select current_setting('data_directory')")[0][0]))
        files = {file: file.read_bytes() for place in places for file in place.rglob("*") if file.is_file()}
        yield Written(files, cells, contents)


def load(session: Session, landing: Path) -> list[bytes]:
    """Loads everything; gives the contents of the files of one record."""
    events = [event(number, **place) for number, place in enumerate(PLACES)]
    events += [event(1000), event(1001, data=marked("data"), metadata=marked("metadata"))]
    rejected = [event(2000 + number, **place) for number, place in enumerate(REJECTED)]
    lines = [json.dumps(item, separators=(",", ":")) for item in events + rejected]
    landing.mkdir(parents=True)
    (landing / "a.ndjson").write_text("\n".join([*lines, f"{{{MAIL}", f'"{NAME}"']) + "\n", encoding="utf-8")
    (landing / "b.csv").write_text(f"learner_id,{MAIL}\n{ID},{NAME}\n", encoding="utf-8")
    contents = []
    for number, name in enumerate(SINGLE):
        content = json.dumps(event(3000 + number)).encode()
        contents.append(gzip.compress(content) if name.endswith(".gz") else content)
        (landing / name).parent.mkdir(exist_ok=True)
        (landing / name).write_bytes(contents[-1])
    broken = landing / f"{MAIL}.parquet"
    broken.write_bytes(f"PAR1 {NAME}".encode())
    loaded = {item.file.path.name: item.counts for item in session.load(session.files([]), lambda item: None)}
    assert (loaded["a.ndjson"].loaded, loaded["a.ndjson"].rejected) == (len(events), len(rejected) + 2)
    assert sum(counts.loaded for counts in loaded.values()) == len(events) + len(SINGLE)
    return [*contents, broken.read_bytes(), (landing / "b.csv").read_bytes()]


def all_cells(warehouse: Warehouse, prefix: str) -> dict[tuple[str, str, str], set[str]]:
    """The different values of every column of every relation of ours, as text: nothing is compressed there."""
    columns = warehouse.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema not in ('information_schema', 'pg_catalog', 'main') order by 1, 2, 3"
    )
    return {
        (schema.removeprefix(prefix), table, column): {
            value
            for (value,) in warehouse.execute(
                f'select distinct cast("{column}" as varchar) from {schema}.{table} where "{column}" is not null'
            )
        }
        for schema, table, column in columns
        if schema.startswith(prefix)
    }


def recomputed() -> list[str]:
    """What somebody could compute who guesses an id: digests without a key, and other spellings."""
    found = []
    for text in (ID, ID.upper(), MAIL, MAIL.partition("@")[0]):
        raw = text.encode()
        digests = [
            hashlib.new(name, raw, usedforsecurity=False).digest() for name in ("md5", "sha1", "sha256", "sha512")
        ]
        found += [raw.hex(), base64.b64encode(raw).decode().rstrip("=")]
        found += [told for digest in digests for told in (digest.hex(), base64.b64encode(digest).decode())]
    return found


def test_there_are_at_least_twenty_places() -> None:
    assert len(PLACES) >= 20


def found_in(written: Written, text: str) -> list[str]:
    """Files and columns that hold a text, in capitals or not."""
    wanted = text.lower()
    places = [str(file) for file, content in written.files.items() if wanted.encode() in content.lower()]
    return places + [str(place) for place, values in written.cells.items() if any(wanted in v.lower() for v in values)]


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_in_no_file_and_no_cell(written: Written, canary: str) -> None:
    assert found_in(written, canary) == []


def test_what_could_be_recomputed_from_an_id_is_in_no_file_and_no_cell(written: Written) -> None:
    assert {text: places for text in recomputed() if (places := found_in(written, text))} == {}


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_no_digest_of_a_small_file_is_in_a_file_or_a_cell(written: Written, algorithm: str) -> None:
    for content in written.loaded:
        for spelling in (content, content + b"\n"):
            digest = hashlib.new(algorithm, spelling, usedforsecurity=False).hexdigest()
            assert found_in(written, digest) == []


def test_a_leak_would_be_found(written: Written) -> None:
    leaked = Written(written.files | {Path("x.log"): f"... {ID.upper()} ...".encode()}, written.cells, [])
    assert found_in(leaked, ID) == ["x.log"]


def test_there_are_files_of_every_kind_to_look_at(written: Written) -> None:
    names = {file.name for file in written.files}
    assert {"manifest.json", "run_results.json", "dbt.log"} <= names
    assert names & {"strata.duckdb", "PG_VERSION"}
    assert ("ops", "rejected_records", "record") in written.cells


@pytest.mark.parametrize(
    "kept", ["/kept/page", "kept_lesson", "kept_skill", "kept_source", "203.0.113.0/24", "2001:db8:85a3::/48"]
)
def test_what_may_be_stored_is_stored(written: Written, kept: str) -> None:
    raw = [v for (schema, _, _), values in written.cells.items() if schema == "raw_learning" for v in values]
    assert any(kept in value for value in raw)


def where(written: Written, mark: str) -> set[tuple[str, str, str]]:
    """Columns of models in which a mark stands, as a value or a part of one."""
    return {
        place
        for place, values in written.cells.items()
        if place[0] in ("staging_learning", "learning") and any(mark in value for value in values)
    }


def classified() -> dict[str, str]:
    with (PROJECT / "seeds" / "learning" / "learning_payload_keys.csv").open(encoding="utf-8", newline="") as stream:
        return {row["key"]: row["classification"] for row in csv.DictReader(stream)}


def test_what_is_restricted_comes_out_of_raw_in_no_column(written: Written) -> None:
    restricted = [key for key, classification in classified().items() if classification == "restricted"]
    assert restricted == ["ip"]
    for key in restricted:
        assert where(written, MARKS[key]) == set()


def test_no_model_holds_a_payload_as_it_came(written: Written) -> None:
    """The columns data and metadata are restricted as a whole: only their listed keys may leave raw."""
    # The key of a row that is left out is JSON too, of ids that are no keys of a payload.
    payload = re.compile(r'\{"(?!learner_id|session_id|event_id)\w+":')
    found = {
        p
        for p, values in written.cells.items()
        if p[0] in ("staging_learning", "learning") and payload.search(str(values))
    }
    assert found == set()


def test_a_restricted_value_that_came_out_would_be_found(written: Written) -> None:
    cells = written.cells | {("learning", "session_quality", "network"): {"198.51.100.0/24"}}
    leaked = Written(written.files, cells, [])
    assert where(leaked, MARKS["ip"]) == {("learning", "session_quality", "network")}


def test_every_raw_column_and_every_key_is_classified() -> None:
    raw = read_contracts(PROJECT)["learning", "raw_events"]
    document = yaml.safe_load((PROJECT / "models" / "learning" / "contracts" / "raw_events.yml").read_text("utf-8"))
    columns = document["sources"][0]["tables"][0]["columns"]
    classes = {column["name"]: column["config"]["meta"]["classification"] for column in columns}
    assert set(classes) == {column.name for column in raw.columns}
    assert {name for name, value in classes.items() if value == "restricted"} == {"data", "metadata"}
    assert set(classified().values()) <= {"public", "internal", "restricted"}
