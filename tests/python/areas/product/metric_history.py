"""Metric values for histories of the area product: few series and hours, so that values meet in every period."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from random import Random

from laws.histories import Record

_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
# The same tags in several spellings, and others.
_TAGS = [None, {}, {"a": "1", "b": "x"}, {"b": "x", "a": "1"}, {"b": "x", "a": 1, "c": None}, {"a": "2", "b": "x"}]
_TYPES = ["gauge", "gauge", "timer", "histogram", "counter"]


def metric_records(chance: Random) -> list[tuple[str, Record]]:
    """Values of nine days over two weeks and the end of a month, with copies that move, change series or type."""
    records = [_value(chance, number) for number in range(chance.randint(10, 40))]
    records += [_copy_of(chance, record) for record in list(records) if chance.random() < 0.25]
    return [("metrics", record) for record in records]


def _value(chance: Random, number: int) -> Record:
    return {
        "id": f"m{number}-{chance.randint(0, 999)}",
        "name": chance.choice(["latency", "users"]),
        "metric_type": chance.choice(_TYPES),
        "value": _number(chance),
        "timestamp": _instant(chance),
        "tags": chance.choice(_TAGS),
        "unit": chance.choice(["ms", None]),
    }


def _copy_of(chance: Random, record: Record) -> Record:
    """The value again: as it was, or with one thing changed under the same id."""
    again = copy.deepcopy(record)
    match chance.choice(["exact", "name", "type", "value", "time", "tags"]):
        case "name":
            again["name"] = chance.choice(["latency", "users"])
        case "type":
            again["metric_type"] = chance.choice(_TYPES)
        case "value":
            again["value"] = _number(chance)
        case "time":
            again["timestamp"] = _instant(chance)
        case "tags":
            again["tags"] = chance.choice(_TAGS)
    return again


def _number(chance: Random) -> float:
    """Values whose sum in doubles hangs on their order, edges of buckets, zeros of both signs, and the largest."""
    return chance.choice(
        [0.1, 0.2, 0.3, 1.0, 2.0, 1.015625, 0.0, -0.0, -7.25, 1e-13, 1e16, -1e16, 2e15, chance.lognormvariate(3, 2)]
    )


def _instant(chance: Random) -> str:
    """Around midnight of any day, at a full hour, or anywhere in the nine days."""
    at = _FIRST + timedelta(days=chance.randint(-1, 8))
    match chance.choice(["midnight", "hour", "any"]):
        case "midnight":
            at += timedelta(microseconds=chance.randint(-1, 1))
        case "hour":
            at += timedelta(hours=chance.randint(0, 23))
        case _:
            at += timedelta(seconds=chance.randint(0, 86_399))
    return at.isoformat().replace("+00:00", "Z")
