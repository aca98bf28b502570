"""Records that the door must turn away, each for one reason."""

from __future__ import annotations

from strata.areas.product.sample.story import Record


def damaged_events(good: Record) -> list[Record]:
    """Events that are wrong in one thing each."""
    return [
        good | {"event_type": "daydream"},
        good | {"event_name": " "},
        good | {"timestamp": 1_772_359_200},
        good | {"properties": ["a", "list"]},
        good | {"session_id": "strata:mine"},
        good | {"mood": "good"},
    ]


def damaged_metrics(good: Record) -> list[Record]:
    """Metrics that are wrong in one thing each."""
    return [
        good | {"metric_type": "guess"},
        good | {"value": 1e17},
        good | {"value": "12"},
        good | {"tags": {"page": {"path": "/"}}},
        good | {"timestamp": "yesterday"},
    ]


# The values of metrics in the SQLite file that no contract takes.
DAMAGED_VALUES = ("twelve", b"\x00\x12")
DAMAGED_RECORDS = len(damaged_events({})) + len(damaged_metrics({})) + len(DAMAGED_VALUES)
