"""Canaries: e-mail addresses, names, IP addresses and ids in every place of a payload, looked for in what is written.

And a value of its own for every allowed key: what is classified as restricted ends in raw. (test_lineage.py follows
classifications through the SQL.)
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from engines import PROJECT, session_for

from strata.contract import read_contracts
from strata.session import Session

MAIL, NAME, ADDRESS, ID = "jane.canary@example.org", "Jane Canary", "203.0.113.217", "learner_canary_4711"
ADDRESS_6 = "2001:db8:85a3:8d3:1319:8a2e:370:7348"
CANARIES = (MAIL, NAME, ADDRESS, ID, ADDRESS_6, "jane.canary", "8a2e")
_BUILD = ["--select", "path:models/learning", "path:seeds/learning", "--exclude-resource-types"]

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
]


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
    """All that was written: files by their path, and every cell of every table as text."""

    files: dict[Path, bytes]
    cells: dict[tuple[str, str, str], set[str]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("privacy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
        session = session_for("duckdb", folder / "written", folder / "landing", patch)
        load(session, folder / "landing" / "learning" / "raw_events")
        nodes = session.build([*_BUILD, "unit_test", "--vars", '{as_of: "2025-09-10"}'], lambda name: None)
        assert [node.name for node in nodes if node.is_bad] == []
        with session.warehouse() as warehouse:
            warehouse.execute("checkpoint")
        files = {file: file.read_bytes() for file in (folder / "written").rglob("*") if file.is_file()}
        yield Written(files, all_cells(session.settings.duckdb_path))


def load(session: Session, landing: Path) -> None:
    events = [event(number, **place) for number, place in enumerate(PLACES)]
    events += [event(100), event(101, data=marked("data"), metadata=marked("metadata"))]
    rejected = [event(200, event_type=MAIL), event(201, timestamp=NAME), event(202, owner=NAME), event(203, data=NAME)]
    lines = [json.dumps(item, separators=(",", ":")) for item in events + rejected]
    landing.mkdir(parents=True)
    (landing / "a.ndjson").write_text("\n".join([*lines, f"{{{MAIL}", f'"{NAME}"']) + "\n", encoding="utf-8")
    (landing / "b.csv").write_text(f"learner_id,{MAIL}\n{ID},{NAME}\n", encoding="utf-8")
    loaded = session.load(session.files([]), lambda item: None)
    assert [(item.counts.loaded, item.counts.rejected) for item in loaded] == [(len(events), len(rejected) + 2), (0, 1)]


def all_cells(path: Path) -> dict[tuple[str, str, str], set[str]]:
    """The different values of every column of every relation, as text: nothing is compressed there."""
    with duckdb.connect(str(path), read_only=True) as con:
        columns = con.execute(
            "select table_schema, table_name, column_name from information_schema.columns order by all"
        ).fetchall()
        return {
            (schema, table, column): {
                value
                for (value,) in con.execute(
                    f'select distinct "{column}"::varchar from {schema}.{table} where "{column}" is not null'
                ).fetchall()
            }
            for schema, table, column in columns
        }


def test_there_are_at_least_twenty_places() -> None:
    assert len(PLACES) >= 20


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_in_no_file_and_no_cell(written: Written, canary: str) -> None:
    assert [str(file) for file, content in written.files.items() if canary.encode() in content] == []
    assert [place for place, values in written.cells.items() if any(canary in value for value in values)] == []


def test_there_are_files_of_every_kind_to_look_at(written: Written) -> None:
    names = {file.name for file in written.files}
    assert {"strata.duckdb", "manifest.json", "run_results.json", "dbt.log"} <= names
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
    payload = re.compile(r'\{"\w+":')
    found = {
        p
        for p, values in written.cells.items()
        if p[0] in ("staging_learning", "learning") and payload.search(str(values))
    }
    assert found == set()


def test_a_restricted_value_that_came_out_would_be_found(written: Written) -> None:
    leaked = Written(written.files, written.cells | {("learning", "session_quality", "network"): {"198.51.100.0/24"}})
    assert where(leaked, MARKS["ip"]) == {("learning", "session_quality", "network")}


def test_every_raw_column_and_every_key_is_classified() -> None:
    raw = read_contracts(PROJECT)["learning", "raw_events"]
    document = yaml.safe_load((PROJECT / "models" / "learning" / "contracts" / "raw_events.yml").read_text("utf-8"))
    columns = document["sources"][0]["tables"][0]["columns"]
    classes = {column["name"]: column["config"]["meta"]["classification"] for column in columns}
    assert set(classes) == {column.name for column in raw.columns}
    assert {name for name, value in classes.items() if value == "restricted"} == {"data", "metadata"}
    assert set(classified().values()) <= {"public", "internal", "restricted"}
