"""Lines cut by their template: what is cut is strict JSON with these values; what is not is left for a careful look."""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from conftest import Door, Outcome
from hostile.mutations import mutated_lines
from records import GOOD, event, interaction, key, line, session

from strata.contract import Contract
from strata.door import fast
from strata.door.checks import JSON_FORMS, is_decoded
from strata.door.cut import Cutter, cutter_for
from strata.door.lines import SCHEMA
from strata.door.strict_json import parse
from strata.door.template import find_templates
from strata.reference import Seed

Contracts = dict[tuple[str, str], Contract]
Seeds = dict[str, Seed]


def cutter(contract: Contract, teach: Sequence[str]) -> Cutter:
    """The cutter that some lines teach."""
    found = cutter_for(contract, find_templates(contract, teach))
    assert found
    return found


def cut(contract: Contract, lines: Sequence[str], teach: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The values of the lines that were cut, by the places of the lines."""
    batch = pa.RecordBatch.from_pydict({"line_number": range(len(lines)), "line": lines}, schema=SCHEMA)
    rows = [row for part in cutter(contract, teach).cut(iter([batch])) for row in part.to_pylist()]
    found = {row.pop("line_number"): {name.removeprefix("s_"): value for name, value in row.items()} for row in rows}
    assert len(found) == len(rows), "a line was cut twice"
    return found


def value(document: Any, path: Sequence[str]) -> Any:
    """What a parsed record holds at a path."""
    for part in path:
        document = document[part]
    return document


def same(contract: Contract, row: dict[str, Any], text: str) -> None:
    """The values of a line that was cut are those of the strict parser, each in the form in which it was cut."""
    document = parse(text)
    for column in contract.columns:
        got, expected = row[column.name], value(document, column.path)
        if got is not None and column.data_type in JSON_FORMS:
            got = parse(got)
        elif is_decoded(column) and expected is not None:
            expected = uuid.UUID(expected) if column.data_type == "uuid" else utc(expected)
        assert got == expected, (text, column.name)


def utc(text: str) -> datetime:
    """The instant of a timestamp that Python reads like the door; Python wants capitals and knows six digits."""
    instant = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.upper()))
    offset = instant.utcoffset()
    return (instant - offset).replace(tzinfo=None) if offset else instant.replace(tzinfo=None)


LENGTHS = (
    0,
    1,
    3,
    4,
    11,
    12,
    13,
    30,
    31,
    32,
    33,
    34,
    255,
    256,
    257,
    286,
    287,
    288,
    289,
    2303,
    2304,
    2305,
    5000,
    90_000,
)
TEXTS = [
    *("x" * length for length in LENGTHS),
    "é",
    "안녕하세요",
    "twelve bytes",
    "null",
    ",",
    "}",
    "]",
    "\x7f",
    "\u2028",
]


@pytest.mark.parametrize("table", GOOD)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize("style", [(",", ":"), (", ", ": ")])
def test_good_lines_are_cut(contracts: Contracts, table: str, style: tuple[str, str], end: str) -> None:
    """Texts of any length, in columns that can be null and in others, first and last of a batch."""
    contract = contracts["training", table]
    optional = {"event_log": "context__action", "interaction_log": "output", "session_log": "summary__turnCount"}[table]
    values: list[Any] = [None, 0, -1, 10**17] if table == "session_log" else [None, *TEXTS]
    records = [GOOD[table](number, **{optional: item}) for number, item in enumerate(values)]
    records += [GOOD[table](number, userId=text) for number, text in enumerate(TEXTS)]
    records += [GOOD[table](0, scope__teamId=text) for text in TEXTS]
    if table == "interaction_log":
        lists = [None, [], [""], ["a", "b"], ["x" * 40, "y" * 300, "],"], ["]"] * 900]
        records += [interaction(0, metadata__traitActivation=item) for item in lists]
    lines = [json.dumps(record, separators=style, ensure_ascii=False) + end for record in records]
    found = cut(contract, lines, [json.dumps(GOOD[table](), separators=style) + end])
    assert list(found) == list(range(len(lines)))
    for number, text in enumerate(lines):
        same(contract, found[number], text.rstrip("\r\n"))


def test_many_lines_are_cut_in_several_walks(contracts: Contracts) -> None:
    contract = contracts["training", "event_log"]
    lines = [line(event(number, context__action=None if number % 7 else "a" * 40)).decode() for number in range(20_000)]
    found = cut(contract, lines, lines[:1])
    assert [found[number]["event_id"] for number in range(len(lines))] == [uuid.UUID(key(n)) for n in range(len(lines))]


def test_each_line_is_cut_by_one_of_several_templates(contracts: Contracts) -> None:
    contract = contracts["training", "event_log"]
    shapes = [{}, {"context__quizId": ...}, {"context__action": ..., "context__quizId": ...}]
    lines = [line(event(number, **shapes[number % 3])).decode() for number in range(300)]
    lines[7] = lines[7].replace("u-7", "u\\u002d7")
    found = cut(contract, lines, lines[:99])
    assert set(found) == set(range(300)) - {7}
    assert [found[number]["action"] for number in (0, 1, 2)] == ["close", "close", None]


@pytest.mark.parametrize("table", GOOD)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_cut_and_passes_the_checks_is_strict_json(contracts: Contracts, table: str, end: str) -> None:
    """Thousands of damaged lines: of those that the strict parser refuses none is cut, nor any with another value."""
    contract = contracts["training", table]
    good = line(GOOD[table](0)).decode().rstrip("\n") + end
    lines = [one.decode(errors="replace") + end for raw in mutated_lines(table, 4_000, 7) for one in raw.split(b"\n")]
    rng = random.Random(11)
    for _ in range(8_000):
        place = rng.randrange(len(good))
        sign = rng.choice(['"', "\\", "\t", "\r", "\x00", ",", "}", "]", "n", "0", " ", "é", "\x1f", "\x7f", "", '","'])
        lines.append(good[:place] + sign + good[place + rng.choice((0, 1, 1, 5)) :])
    found = cut(contract, lines, [good])
    forms = {column.name: JSON_FORMS[column.data_type] for column in contract.columns if column.data_type in JSON_FORMS}
    passed = 0
    for number, row in found.items():
        bare = [(form, row[name]) for name, form in forms.items() if row[name] is not None]
        # The checks behind the cut leave the others to a careful look.
        if all(re.fullmatch(form, text) and (len(text) < 18 or text.startswith("[")) for form, text in bare):
            same(contract, row, lines[number].rstrip("\r\n"))
            passed += 1
    assert len(lines) / 50 < passed < len(lines) / 2


def test_a_control_character_does_not_hide_behind_a_missing_line_end(contracts: Contracts) -> None:
    """Two lines with as many control characters as two good ones, of which one holds three."""
    contract = contracts["training", "event_log"]
    good = line(event(1, context__action="abc")).decode().rstrip("\n") + "\r\n"
    hidden, short = good.replace("abc", "a\tc"), good.replace("\r\n", "\n")
    assert list(cut(contract, [good, hidden, short, good, "\n", hidden, "}\r\n"], [good])) == [0, 3]


@pytest.mark.parametrize("table", GOOD)
def test_lines_are_loaded_as_without_the_cut(door: Door, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    """The same file cut, compared with its template, and looked at carefully: the same rows, the same rejections."""
    lines = mutated_lines(table, 1_500, 99)
    start = line(GOOD[table](0)) * 2
    whole = start + b"\n".join(lines) + b"\n" + start
    cutters: list[Cutter | None] = []
    outcomes = []
    for number, make in enumerate((cutter_for, lambda *arguments: None)):
        monkeypatch.setattr(
            fast, "cutter_for", lambda *arguments, make=make: cutters.append(make(*arguments)) or cutters[-1]
        )
        outcomes.append(door.load(whole + b"\n" * number, f"{number}.ndjson", table))
    monkeypatch.setattr(fast, "find_templates", lambda *arguments: [])
    outcomes.append(door.load(whole + b"\n\n", "2.ndjson", table))
    assert [type(item) for item in cutters] == [Cutter, type(None)]
    first, *others = [said(outcome) for outcome in outcomes]
    assert all(other == first for other in others)
    assert len(first[0]) > 100 < len(first[1])


def said(outcome: Outcome) -> tuple[dict[int, Any], dict[int, Any]]:
    """What became of the lines of a file, without what hangs on its name."""
    rejected = {
        number: {name: item[name] for name in item if name != "file_name"} for number, item in outcome.rejected.items()
    }
    return outcome.rows, rejected


def test_columns_of_objects_are_not_cut(contracts: Contracts) -> None:
    for contract in contracts.values():
        has_object = "json" in {column.data_type for column in contract.columns}
        templates = find_templates(contract, [line(event()).decode()])
        if has_object:
            assert cutter_for(contract, [object()]) is None  # type: ignore[list-item]
        assert cutter_for(contract, []) is None
        assert bool(templates) == (contract.name == "event_log")


def test_values_are_typed_once(contracts: Contracts, seeds: Seeds) -> None:
    """The engine computes no value a second time for its filter, and reads the records once."""
    for table in GOOD:
        contract = contracts["training", table]
        batch = pa.RecordBatch.from_pydict({"line_number": [1], "line": [line(GOOD[table]()).decode()]}, schema=SCHEMA)
        for make in (cutter_for, lambda *arguments: None):
            with pytest.MonkeyPatch.context() as patch, duckdb.connect() as engine:
                patch.setattr(fast, "cutter_for", make)
                way = fast.fast_pass(contract, seeds, batch, 1, is_json=True)
                assert way
                engine.register(
                    "door_records", pa.RecordBatchReader.from_batches(way.schema, way.prepared(iter([batch])))
                )
                [(_, plan)] = engine.execute(f"explain (format json) {way.query}", way.parameters).fetchall()
                filters = [node for node in nodes(json.loads(plan)) if "FILTER" in node["name"]]
                assert [node["extra_info"]["Expression"] for node in filters] == ["is_clean"]
                assert len(engine.execute(way.query, way.parameters).fetchall()) == 1


def nodes(plan: Any) -> list[dict[str, Any]]:
    """All nodes of a plan."""
    if isinstance(plan, list):
        return [node for part in plan for node in nodes(part)]
    return [plan, *nodes(plan["children"])]


def test_a_record_without_a_template_is_not_lost(door: Door) -> None:
    """Nothing to learn from: all lines are looked at carefully."""
    outcome = door.load(b"x\n" * 3 + json.dumps(event(1), separators=(" , ", " : ")).encode())
    assert (set(outcome.rows), set(outcome.rejected)) == ({4}, {1, 2, 3})


def test_numbers_of_every_form(door: Door) -> None:
    numbers = ["330.5", "0.10", "0", "1e2", "1E+2", "0.1000000000000000055511151231", "4.9e-324", "123456.50000000001"]
    start = line(session(0)).decode()
    outcome = door.load("".join(start.replace("330.5", number) for number in numbers).encode(), table="session_log")
    assert [outcome.rows[number + 1]["duration_sec"] for number in range(len(numbers))] == [float(n) for n in numbers]
