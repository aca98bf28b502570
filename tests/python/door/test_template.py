"""Templates: what equals its template is proved, and what differs gets a second look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from records import GOOD, event, interaction, line, session

from strata.contract import Contract
from strata.door import statement
from strata.door.checks import ContractSql
from strata.door.strict_json import parse
from strata.door.template import Template, find_templates
from strata.reference import Seed

Contracts = dict[tuple[str, str], Contract]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def matches(engine: duckdb.DuckDBPyConnection, contract: Contract, template: Template, text: str) -> bool:
    """Whether a line equals the template filled with its own values."""
    records = "(select 1::bigint as line_number, $1::varchar as line)"
    values = statement.fast_values(contract, records)
    sql = f"select coalesce(line = {template.sql(contract)}, false) from ({values})"
    [(found,)] = engine.execute(sql, [text]).fetchall()
    return bool(found)


def one_template(contract: Contract, text: str) -> Template:
    [template] = find_templates(contract, [text])
    return template


@pytest.mark.parametrize("table", GOOD)
@pytest.mark.parametrize("style", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_line_equals_its_own_template(
    engine: duckdb.DuckDBPyConnection, contracts: Contracts, table: str, style: tuple[str, str], end: str
) -> None:
    contract = contracts["training", table]
    text = json.dumps(GOOD[table](), separators=style, ensure_ascii=False) + end
    assert matches(engine, contract, one_template(contract, text), text)


def test_another_sender_in_another_order(engine: duckdb.DuckDBPyConnection, contracts: Contracts) -> None:
    contract = contracts["training", "event_log"]
    record = event()
    turned = {key: record[key] for key in reversed(record)}
    first, second = (json.dumps(item, separators=(",", ":")) for item in (record, turned))
    assert not matches(engine, contract, one_template(contract, first), second)
    assert matches(engine, contract, one_template(contract, second), second)
    assert [len(find_templates(contract, lines)) for lines in ([first, second], [], ["x", "[]", "1"])] == [2, 0, 0]


def test_the_most_frequent_come_first_and_three_at_most(contracts: Contracts) -> None:
    contract = contracts["training", "event_log"]
    optional = ("moduleId", "quizId", "scenarioId", "action")
    lines = []
    for count, key in enumerate(optional, 1):
        lines += [line(event(**{f"context__{key}": ...})).decode()] * count
    found = find_templates(contract, lines)
    assert len(found) == 3
    assert found[0] == one_template(contract, lines[-1])


@pytest.mark.parametrize("path", ["version", "version__moduleVersion", "scope", "scope__teamId"])
def test_without_a_required_key_there_is_no_template(contracts: Contracts, path: str) -> None:
    assert find_templates(contracts["training", "event_log"], [line(event(**{path: ...})).decode()]) == []


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "1" * 5000, "[" * 100_000, '{"x":1}', json.dumps(event(), indent=1),
     json.dumps(event(userId="é")), json.dumps(event(scope="x")), json.dumps(event() | {"debug": 1}),
     json.dumps(event()).replace(": 3,", ": 3.00,")],
)  # fmt: skip
def test_lines_that_teach_nothing(contracts: Contracts, text: str) -> None:
    assert find_templates(contracts["training", "event_log"], [text]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"u-1"', '"u\\u002d1"'), ('"u-1"', '"u\\/1"'), ('"u-1"', '"a\\"b"'), ('"u-1"', '"a\\\\b"'), ('"u-1"', "7"),
        ('"u-1"', "null"), ('"u-1"', "true"), ('"u-1"', "[]"), ('"u-1"', '{"a":"b"}'), (':3,', ':"3",'),
        (":3,", ":3.0,"),
        (":3,", ":3e0,"), (":3,", ": 3,"), (":3,", ":03,"), (":3,", ":NaN1,"), ("}}", ",}}"), ("}}", "},}"),
        ("}}", '},"x":1}'),
        ("}}", '},"userId":"u-1"}'), ('"userId"', '"USERID"'), ('"userId"', '"user\\u0049d"'),
        ('"eventId"', ' "eventId"'),
        ('{"eventId"', '{"userId":"u-1","eventId"'), ('"action":"close"', '"action":"close","action":"close"'),
        ('"quizId":null,', ""), ('"quizId":null', '"quizId":""'), ("}}", "}} "), ("}}", "}}{}"), ('"u-1"', '"u-1\x00"'),
    ],
)  # fmt: skip
def test_what_differs_in_any_way_does_not_match(
    engine: duckdb.DuckDBPyConnection, contracts: Contracts, old: str, new: str
) -> None:
    contract = contracts["training", "event_log"]
    text = line(event()).decode()
    template = one_template(contract, text)
    changed = text.replace(old, new, 1)
    assert changed != text
    is_match = matches(engine, contract, template, changed)
    # An empty text for a null is another good record of the same sender; the fraction is for the type check to see.
    assert is_match == (new in ('"quizId":""', ":3.0,"))


TEXT = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(
    ["null", '"', '","userId":"', "\\", "\x00", "}"]
)
ANY = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | TEXT
    | st.lists(TEXT, max_size=3)
)


@hypothesis_settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_equals_a_template_is_strict_json_with_the_same_values(
    engine: duckdb.DuckDBPyConnection, contracts: Contracts, data: st.DataObject
) -> None:
    """The proof that the fast pass rests on: equality says JSON, each key once, each value of the type of its hole."""
    make = data.draw(st.sampled_from([event, interaction, session]))
    contract = contracts["training", {event: "event_log", interaction: "interaction_log", session: "session_log"}[make]]
    template = one_template(contract, line(make()).decode())
    column = data.draw(st.sampled_from(contract.columns))
    value = data.draw(ANY)
    text = line(make(**{"__".join(column.path): "@"})).decode()
    written = json.dumps(value, ensure_ascii=data.draw(st.booleans()), separators=(",", ":"))
    # What stands in the hole is JSON, or just something between two quotes.
    raw = data.draw(st.sampled_from([written, f'"{value}"', str(value)]))
    text = text.replace('"@"', raw, 1)
    # The engine writes an infinite number as it reads it; the form of a number is for the type check to see.
    if raw in ("Infinity", "-Infinity") or not matches(engine, contract, template, text):
        return
    records = "(select 1::bigint as line_number, $1::varchar as line)"
    found = engine.execute(statement.fast_values(contract, records), [text]).fetchall()[0][2:]
    if "\\u0000" in text:
        return  # the check for U+0000 in lists comes behind the template
    document = parse(text)
    for item, got in zip(contract.columns, found, strict=True):
        expected: Any = document
        for part in item.path:
            expected = expected[part]
        if item.data_type in ("bigint", "float8", "boolean", "text[]"):
            assert got is None if expected is None else parse(got) == expected
        else:
            assert got == expected


SPACES = st.text(" \t\n\r\v\f\x1c\x85\xa0\u1680\u2003\u2028\u3000\u200b~!é", max_size=4)
LISTS = st.sampled_from(['["a\\u0000"]', '["a\\\\u0000"]', '["a",]', '["",""]', "[1]", "[", '["\\n"]'])


@hypothesis_settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=3) | SPACES | LISTS, min_size=20, max_size=60))
def test_a_doubt_is_true_wherever_its_check_is(
    engine: duckdb.DuckDBPyConnection, contracts: Contracts, seeds: dict[str, Seed], texts: list[str]
) -> None:
    for contract in (contracts["training", "interaction_log"], contracts["training", "org_scope"]):
        sql = ContractSql(contract, seeds, is_json=False)
        doubts = [check for check in sql.checks if check.doubt]
        columns = ", ".join(f'line as "{column.name}"' for column in contract.columns)
        records = f"(select 1 as line_number, line, {columns} from (select unnest($1::varchar[]) as line))"
        pairs = ", ".join(f"bool_or(({check.bad}) and not ({check.doubt}))" for check in doubts)
        values = statement.typed(sql, statement.text_values(contract, records))
        assert not any(engine.execute(f"select {pairs} from ({values})", [texts]).fetchall()[0])
