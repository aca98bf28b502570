"""A column of type json: an object in NDJSON, the text of one in CSV and Parquet. The same rules hold everywhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import Door

# What is sent as tags, and the reason against it; none where it is loaded.
TAGS: dict[str, str | None] = {
    "{}": None,
    '{"a":"b"}': None,
    '{"a":"[b]","n":1.5,"t":true,"x":null}': None,
    '{"a":{}}': "nested_value",
    '{"a":[]}': "nested_value",
    '{"a":1,"b":{"c":"d"}}': "nested_value",
    "[]": "wrong_type",
    '"text"': "wrong_type",
    "1": "wrong_type",
    '{"a":1,"a":2}': "duplicate_key",
    '{"a":1,"A":2}': "duplicate_key",
    '{"a":"\\ud800"}': "lone_surrogate",
    '{"a":"\\u0000"}': "nul_character",
}
BROKEN = ('{"a":1', "text", '{"a":NaN}', '{"a":1,}')
CASES = TAGS | dict.fromkeys(BROKEN, "invalid_json")


def metric(number: int, tags: str) -> dict[str, Any]:
    at = "2026-03-01T10:00:00Z"
    return {"id": f"m{number}", "name": "n", "metric_type": "gauge", "value": "1.5", "timestamp": at, "tags": tags}


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    """JSON in which the tags are what they are, also where that is not JSON."""
    heads = (json.dumps(row | {"value": 1.5, "tags": 0})[:-2] for row in rows)
    return "".join(f"{head}{row['tags']}}}\n" for head, row in zip(heads, rows, strict=True)).encode()


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    target = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows), target)
    return target.getvalue()


KINDS: dict[str, tuple[Callable[[list[dict[str, Any]]], bytes], int]] = {
    "ndjson": (as_lines, 1), "csv": (as_csv, 2), "parquet": (as_parquet, 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_flat_object_is_loaded_and_everything_else_rejected(door: Door, kind: str) -> None:
    write, first = KINDS[kind]
    outcome = replace(door, area="product").load(
        write([metric(number, tags) for number, tags in enumerate(CASES)]), f"a.{kind}", "metrics"
    )
    for number, (tags, reason) in enumerate(CASES.items(), first):
        assert (tags, outcome.reasons.get(number)) == (tags, reason)
        if reason is None:
            assert json.loads(outcome.rows[number]["tags"]) == json.loads(tags)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_object_is_null(door: Door, kind: str) -> None:
    write, _ = KINDS[kind]
    row = metric(1, "null")
    if kind != "ndjson":
        row["tags"] = None
    [loaded] = replace(door, area="product").load(write([row]), f"a.{kind}", "metrics").rows.values()
    assert loaded["tags"] is None


def test_reserved_names_of_sessions_are_rejected(door: Door) -> None:
    def event(session: str) -> bytes:
        at = "2026-03-01 10:00:00"
        values = {"id": session, "event_type": "page", "event_name": "n", "timestamp": at, "session_id": session}
        return json.dumps(values).encode() + b"\n"

    content = b"".join(map(event, ("s", "strata:1", "Strata:1", "my strata:")))
    outcome = replace(door, area="product").load(content, "a.ndjson", "analytics_events")
    assert outcome.reasons == {2: "reserved"}
    assert outcome.rejected[2]["message"] == "session_id must not begin with strata:"
