"""The door's verdict equals that of a strict reference, line by line, and no hostile file harms its neighbours.

Short by default; STRATA_PROOF=long takes at least 300 files and 20,000 lines. STRATA_SEED=<seed> draws others; a
failure names the seed that makes it again.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest
from conftest import Door
from hostile import CLASSES, hostile_files
from hostile.good import good_records
from hostile.mutations import damaged_file, mutated_lines
from hostile.reference import Reference, Verdict
from proof_report import IS_LONG, Proofs
from records import event, line

from strata.contract import Contract
from strata.door import decode
from strata.errors import StrataError

pytestmark = pytest.mark.proof

GOOD = good_records()
SEED = int(os.environ.get("STRATA_SEED", 20260304))
LINES = 20_000 if IS_LONG else 6_000
FILES = 300 if IS_LONG else 60
DAMAGED = 1_000 if IS_LONG else 100


def verdicts(door: Door, content: bytes, name: str, table: str) -> dict[int, Verdict]:
    """What the door says of every line of a file that is a record."""
    outcome = door.load(content, name, table)
    contract = door.contract(table)
    found = {number: Verdict("rejected", item["code"]) for number, item in outcome.rejected.items()}
    return found | {number: Verdict("loaded", values=_plain(row, contract)) for number, row in outcome.rows.items()}


def _plain(row: dict[str, Any], contract: Contract) -> dict[str, Any]:
    kinds = {column.name: column.data_type for column in contract.columns}
    return {name: uuid.UUID(str(value)) if name.endswith("_id") and _is_uuid(value)
            else json.loads(value) if kinds[name] == "json" and isinstance(value, str) else value
            for name, value in row.items()}  # fmt: skip


def _is_uuid(value: Any) -> bool:
    return isinstance(value, uuid.UUID)


def differences(content: bytes, reference: Reference, found: dict[int, Verdict]) -> Iterator[str]:
    """Lines on which door and reference do not agree."""
    for number, text in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        expected = reference.judge(text)
        got = found.get(number, Verdict("blank"))
        if expected != got:
            changed = ""
            if expected.kind == got.kind == "loaded":
                pairs = ((name, value, got.values[name]) for name, value in expected.values.items())
                changed = str([pair for pair in pairs if pair[1] != pair[2]])
            said = f"{expected.kind} {expected.code}, door {got.kind} {got.code} {changed}"
            yield f"line {number}: {said} {text[:2000]!r}"


@pytest.mark.parametrize(("area", "table"), GOOD)
@pytest.mark.parametrize("style", ["templates", "no template"])
def test_the_door_judges_like_the_reference(door: Door, area: str, table: str, style: str, proofs: Proofs) -> None:
    door = replace(door, area=area)
    seed, good = SEED + list(GOOD).index((area, table)), GOOD[area, table]
    lines = mutated_lines(table, LINES // 3 + 1, seed, good)
    # The first lines teach the door its templates; with none, every line takes the careful way.
    first = line(good(0)) * 2 if style == "templates" else b"nothing to learn from\n" * 100
    content = first + b"\n".join(lines) + b"\n"
    reference = Reference(door.contract(table), door.warehouse.seeds)
    found = verdicts(door, content, "mutated.ndjson", table)
    wrong = list(differences(content, reference, found))
    kinds = Counter(verdict.kind for verdict in found.values())
    assert not wrong, f"{len(wrong)} lines of seed {seed} ({kinds}):\n" + "\n".join(wrong[:20])
    # A corpus in which nothing loads, or nothing is refused, proves nothing.
    assert min(kinds["loaded"], kinds["rejected"]) > len(lines) / 10
    proofs.count("hostile", f"{style}, {door.settings.target}", seed, mutated_lines=len(lines), **kinds)


def test_every_hostile_file_has_its_answer_and_its_neighbours_load(door: Door, proofs: Proofs) -> None:
    assert len(CLASSES) >= 40
    wrong, files = [], hostile_files(FILES, SEED)
    for number, (name, file) in enumerate(files):
        stem = f"{number}/{file.name}"
        try:
            outcome = door.load(file.content, stem, file.table)
        except Exception as error:
            wrong.append(f"{name} (seed {SEED}, file {number}): {type(error).__name__}: {error}"[:2000])
            continue
        expected, got = (set(file.good), file.bad), (set(outcome.rows), outcome.codes)
        if outcome.known_as is None and expected != got:
            wrong.append(f"{name} (seed {SEED}, file {number}): expected {expected}, got {got} {file.content[:300]!r}")
    assert not wrong, f"{len(wrong)} files:\n" + "\n".join(wrong[:20])
    proofs.count("hostile", f"{len(CLASSES)} classes of files, {door.settings.target}", SEED, hostile_files=len(files))


def test_no_damage_to_a_file_is_a_crash(door: Door, proofs: Proofs) -> None:
    """Bytes changed anywhere in a file of any form: some answer, and counts that add up."""
    rng, wrong = random.Random(SEED), []
    for number in range(DAMAGED):
        name, table, content = damaged_file(rng)
        try:
            door.load(content, f"{number}/{name}", table)
        except Exception as error:
            wrong.append(f"{name} (seed {SEED}, file {number}): {type(error).__name__}: {error}"[:1000])
    assert not wrong, f"{len(wrong)} files:\n" + "\n".join(wrong[:20])
    proofs.count("hostile", f"files with damaged bytes, {door.settings.target}", SEED, damaged_files=DAMAGED)


def test_the_same_seed_makes_the_same_corpus() -> None:
    assert hostile_files(60, 5) == hostile_files(60, 5)
    assert mutated_lines("event_log", 50, 5) == mutated_lines("event_log", 50, 5) != mutated_lines("event_log", 50, 6)


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("strata.door.statement._LENIENT", "false"),
        ("strata.door.statement.has_good_keys", lambda sql, keys: True),
        ("strata.door.checks._TIMESTAMP", ".*"),
        ("strata.door.checks._JSON_TYPES", {"bigint": ("UBIGINT", "BIGINT", "DOUBLE"), "boolean": ("BOOLEAN",)}),
        ("strata.door.statement.parse", json.loads),
        ("strata.door.lines.LineReader._blank", lambda self, buffer, starts, ends: np.zeros(len(ends), dtype=bool)),
        ("strata.door.template.Template.sql", lambda self, contract: "line"),
        ("strata.door.cut._equal", lambda found, text: np.ones(len(found), dtype=bool)),
        ("strata.door.cut._Walk._has_escapes", lambda self, tail: np.zeros(len(self.lines.ends), dtype=bool)),
        ("strata.door.decode.uuids", lambda texts: (texts[:, :16], np.ones(len(texts), dtype=bool))),
        ("strata.door.decode._zones", lambda zones, true=decode._zones: (0 * zones[:, 0], *true(zones)[1:])),
        ("strata.door.decode._MONTH_DAYS", np.full(103 * 12, 31)),
        ("strata.door.checks.JSON_FORMS", {"bigint": ".*", "float8": ".*", "boolean": ".*"}),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("strata") else "",
)
def test_a_door_that_is_too_kind_is_found_out(
    door: Door, monkeypatch: pytest.MonkeyPatch, place: str, fault: Any, proofs: Proofs
) -> None:
    """A planted fault in the door makes the comparison fail; one that it does not see would make it worthless."""
    monkeypatch.setattr(place, fault)
    if place.endswith("Template.sql"):
        # Lines that are cut are not compared with the text of their template.
        monkeypatch.setattr("strata.door.fast.cutter_for", lambda contract, templates: None)
    content = line(event(0)) * 2 + b"\n".join(mutated_lines("event_log", 1_500, 20260304))
    with contextlib.suppress(StrataError, duckdb.Error, ValueError):
        found = verdicts(door, content, "mutated.ndjson", "event_log")
        assert list(differences(content, Reference(door.contract("event_log"), door.warehouse.seeds), found))
    proofs.count("faults", "hostile: a door that is too kind", planted=1, found=1)
