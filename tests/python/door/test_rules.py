"""Every check of the door, one record at a time, on the careful way and on the fast one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from conftest import Door
from records import event, interaction, key, line, session

SCHEMA, VERSION, SCOPE = "E_SCHEMA_MISMATCH", "E_VERSION_MISSING", "E_SCOPE_MISSING"

# table, changes, code, reason
REJECTED: list[tuple[Any, dict[str, Any], str, str]] = [
    (event, {"eventId": None}, SCHEMA, "null_value"), (event, {"eventId": ...}, SCHEMA, "null_value"),
    (event, {"eventId": "1"}, SCHEMA, "bad_uuid"), (event, {"eventId": "{" + key(1) + "}"}, SCHEMA, "bad_uuid"),
    (event, {"eventId": key(1).replace("-", "")}, SCHEMA, "bad_uuid"), (event, {"eventId": 1}, SCHEMA, "wrong_type"),
    (event, {"userId": ""}, SCHEMA, "empty_value"), (event, {"userId": " \t"}, SCHEMA, "empty_value"),
    (event, {"userId": "\u3000\u00a0"}, SCHEMA, "empty_value"), (event, {"userId": True}, SCHEMA, "wrong_type"),
    (event, {"eventType": "dance"}, SCHEMA, "not_allowed"), (event, {"eventType": "Login"}, SCHEMA, "not_allowed"),
    (event, {"eventType": ""}, SCHEMA, "not_allowed"), (event, {"context": "x"}, SCHEMA, "wrong_type"),
    (event, {"context": []}, SCHEMA, "wrong_type"), (event, {"context__turnIndex": -1}, SCHEMA, "out_of_range"),
    (event, {"context__turnIndex": 1.5}, SCHEMA, "wrong_type"),
    (event, {"context__turnIndex": 1e15}, SCHEMA, "wrong_type"), (event, {"context__turnIndex": -1.0}, SCHEMA,
    "out_of_range"),
    (event, {"context__turnIndex": 2**63}, SCHEMA, "out_of_range"),
    (event, {"context__turnIndex": 1_000_001}, SCHEMA, "out_of_range"),
    (event, {"userId": "é" * 129}, SCHEMA, "too_long"), (event, {"context__action": "x" * 129}, SCHEMA, "too_long"),
    (event, {"context__turnIndex": "3"}, SCHEMA, "wrong_type"),
    (event, {"context__turnIndex": True}, SCHEMA, "wrong_type"),
    (event, {"debug": None}, SCHEMA, "unknown_field"), (event, {"scope__store": 1}, SCHEMA, "unknown_field"),
    (event, {"version": ...}, VERSION, "missing_key"), (event, {"version": None}, VERSION, "missing_key"),
    (event, {"version": {}}, VERSION, "missing_key"), (event, {"version__promptVersion": ...}, VERSION, "missing_key"),
    (event, {"version__promptVersion": None}, VERSION, "required_by_event_type"),
    (event, {"version__scenarioVersion": ""}, VERSION, "required_by_event_type"),
    (event, {"version__moduleVersion": None, "eventType": "quiz_answer"}, VERSION, "required_by_event_type"),
    (event, {"version__promptVersion": " \t"}, VERSION, "required_by_event_type"),
    (event, {"version__promptVersion": "\u3000"}, VERSION, "required_by_event_type"),
    (event, {"eventType": "module_start"}, SCHEMA, "required_by_event_type"),
    (event, {"eventType": "module_start", "context": ...}, SCHEMA, "required_by_event_type"),
    (event, {"eventType": "module_complete", "context": None}, SCHEMA, "required_by_event_type"),
    (event, {"eventType": "module_complete", "context": {}}, SCHEMA, "required_by_event_type"),
    (event, {"eventType": "module_start", "context__moduleId": ""}, SCHEMA, "required_by_event_type"),
    (event, {"eventType": "module_complete", "context__moduleId": " "}, SCHEMA, "required_by_event_type"),
    (event, {"version__moduleVersion": ..., "eventType": "login"}, VERSION, "missing_key"),
    (event, {"scope": ...}, SCOPE, "missing_key"), (event, {"scope": None}, SCOPE, "missing_key"),
    (event, {"scope__teamId": None}, SCOPE, "null_value"), (event, {"scope__teamId": " "}, SCOPE, "empty_value"),
    (event, {"scope__teamId": 5}, SCHEMA, "wrong_type"), (event, {"scope": "x"}, SCHEMA, "wrong_type"),
    # One code a record: schema, then version, then scope.
    (event, {"scope": None, "version": None}, VERSION, "missing_key"),
    (event, {"scope": None, "version": None, "userId": None}, SCHEMA, "null_value"),
    (interaction, {"metadata": ...}, SCHEMA, "null_value"),
    (interaction, {"engine": "learning"}, SCHEMA, "not_allowed"),
    (interaction, {"metadata__traitActivation": ["a", None]}, SCHEMA, "wrong_type"),
    (interaction, {"metadata__traitActivation": ["a\0"]}, SCHEMA, "nul_character"),
    (interaction, {"metadata__traitActivation": "a"}, SCHEMA, "wrong_type"),
    (interaction, {"metadata__traitActivation": None}, SCHEMA, "null_value"),
    (interaction, {"metadata__upsellTriggered": "true"}, SCHEMA, "wrong_type"),
    (interaction, {"metadata__upsellTriggered": 0}, SCHEMA, "wrong_type"),
    (interaction, {"metadata__difficultyLevel": 1_000_001}, SCHEMA, "out_of_range"),
    (interaction, {"metadata__difficultyLevel": "2"}, SCHEMA, "wrong_type"),
    (interaction, {"input": None}, SCHEMA, "null_value"),
    (interaction, {"engine": "quiz", "version__moduleVersion": None}, VERSION, "required_by_engine"),
    (session, {"durationSec": -0.001}, SCHEMA, "out_of_range"), (session, {"durationSec": "1"}, SCHEMA, "wrong_type"),
    (session, {"durationSec": None}, SCHEMA, "null_value"),
    (session, {"durationSec": 10**309}, SCHEMA, "number_overflow"),
    (session, {"durationSec": 1e308}, SCHEMA, "out_of_range"),
    (session, {"summary__turnCount": 1_000_001}, SCHEMA, "out_of_range"),
    (session, {"endTime": "2026-03-04T10:14:59.999999Z"}, SCHEMA, "before_start_time"),
    (session, {"endTime": "2026-03-04T11:15:00+02:00"}, SCHEMA, "before_start_time"),
    (session, {"outcome": "won"}, SCHEMA, "not_allowed"),
    (session, {"summary__upsellAttempts": -1}, SCHEMA, "out_of_range"),
]  # fmt: skip
# table, changes, column, value
LOADED: list[tuple[Any, dict[str, Any], str, Any]] = [
    (event, {"eventId": key(0xABC).upper()}, "action", "close"), (event, {"context": None}, "turn_index", None),
    (event, {"context": ...}, "action", None), (event, {"context": {}}, "scenario_id", None),
    (event, {"context__turnIndex": 0}, "turn_index", 0),
    (event, {"context__turnIndex": 1_000_000}, "turn_index", 1_000_000),
    (event, {"userId": "😀" * 128}, "user_id", "😀" * 128),
    (interaction, {"input": "x" * 100_000}, "input", "x" * 100_000),
    (event, {"context__action": ""}, "action", ""), (event, {"version__moduleVersion": ""}, "module_version", None),
    (event, {"version__moduleVersion": " \t"}, "module_version", None),
    (event, {"version__moduleVersion": " 2 "}, "module_version", " 2 "),
    (event, {"eventType": "module_start", "context__moduleId": "m"}, "module_id", "m"),
    (event, {"context__quizId": ""}, "quiz_id", None), (event, {"context__scenarioId": " "}, "scenario_id", None),
    (event, {"context__turnIndex": 3.0}, "turn_index", 3), (event, {"context__turnIndex": -0.0}, "turn_index", 0),
    (event, {"context__turnIndex": 1000000.0}, "turn_index", 1_000_000),
    (interaction, {"metadata__difficultyLevel": 2.5}, "difficulty_level", 2.5),
    (interaction, {"metadata__personaId": ""}, "persona_id", None),
    (session, {"summary__turnCount": 4.0}, "turn_count", 4),
    (event, {"userId": "\u200b"}, "user_id", "\u200b"),
    (event, {"userId": "~é"}, "user_id", "~é"), (event, {"userId": "null"}, "user_id", "null"),
    (event, {"userId": "a\"\\\n\t😀"}, "user_id", "a\"\\\n\t😀"), (event, {"userId": "\\u0000"}, "user_id", "\\u0000"),
    (event, {"eventType": "login", "version": dict.fromkeys(("moduleVersion", "scenarioVersion", "promptVersion"))},
    "prompt_version", None),
    (interaction, {"metadata__traitActivation": []}, "trait_activation", []),
    (interaction, {"output": None}, "output", None),
    (interaction, {"metadata__traitActivation": ["a,]", '"', "\\u0000", "é"]}, "trait_activation", ["a,]", '"',
    "\\u0000", "é"]),
    (interaction, {"metadata__difficultyLevel": -5}, "difficulty_level", -5), (interaction, {"input": ""}, "input", ""),
    (session, {"durationSec": 0}, "duration_sec", 0.0), (session, {"durationSec": -0.0}, "duration_sec", 0.0),
    (session, {"durationSec": 1e-400}, "duration_sec", 0.0), (session, {"durationSec": 1e10}, "duration_sec", 1e10),
    (session, {"endTime": "2026-03-04T10:15:00Z"}, "end_time", datetime(2026, 3, 4, 10, 15)),
    (session, {"outcome": None}, "outcome", None), (session, {"summary__upsellSuccess": None}, "upsell_success", None),
    (session, {"summary": {"turnCount": 0}}, "correct_answers", None),
]  # fmt: skip
TABLES = {event: "event_log", interaction: "interaction_log", session: "session_log"}


def both_ways(door: Door, make: Any, content: list[bytes]) -> list[Any]:
    """What became of the lines among good neighbours that teach their form, and among none."""
    table = TABLES[make]
    taught = door.load(line(make(1)) + b"".join(content), "fast.ndjson", table)
    assert 1 in taught.rows
    alone = door.load(b"not JSON\n" * 101 + b"".join(content), "careful.ndjson", table)
    return [
        ({number - first: row for number, row in found.rows.items()},
         {number - first: row for number, row in found.rejected.items()})
        for found, first in ((taught, 2), (alone, 102))
    ]  # fmt: skip


@pytest.mark.parametrize("make", TABLES, ids=TABLES.values())
def test_what_is_rejected(door: Door, make: Any) -> None:
    cases = [case for case in REJECTED if case[0] is make]
    for rows, rejected in both_ways(door, make, [line(make(5, **changes)) for _, changes, _, _ in cases]):
        assert not [cases[number] for number in rows if number >= 0]
        for number, (_, changes, code, reason) in enumerate(cases):
            assert (changes, rejected[number]["code"], rejected[number]["reason"]) == (changes, code, reason)
            assert rejected[number]["message"]


@pytest.mark.parametrize("make", TABLES, ids=TABLES.values())
def test_what_loads(door: Door, make: Any) -> None:
    cases = [case for case in LOADED if case[0] is make]
    for rows, rejected in both_ways(door, make, [line(make(5, **changes)) for _, changes, _, _ in cases]):
        assert not [(cases[number][1], row["message"]) for number, row in rejected.items() if number >= 0]
        for number, (_, changes, column, value) in enumerate(cases):
            assert (changes, rows[number][column]) == (changes, value)


TIMES = {
    "2026-03-04T10:15:00Z": datetime(2026, 3, 4, 10, 15), "2026-03-04T10:15:00": datetime(2026, 3, 4, 10, 15),
    "2026-03-04t10:15:00z": datetime(2026, 3, 4, 10, 15), "2026-03-04 10:15:00+09:00": datetime(2026, 3, 4, 1, 15),
    "2026-03-04T00:15:00.5+05:45": datetime(2026, 3, 3, 18, 30, 0, 500_000),
    "2026-03-04T10:15:00-23:59": datetime(2026, 3, 5, 10, 14), "2026-03-04T10:15:00-00:00": datetime(2026, 3, 4, 10,
    15),
    "2026-03-04T10:15:00.123456789Z": datetime(2026, 3, 4, 10, 15, 0, 123_456),
    "2026-03-04T23:59:59.9999999Z": datetime(2026, 3, 4, 23, 59, 59, 999_999),
    "2024-02-29T00:00:00Z": datetime(2024, 2, 29), "2000-01-01T00:00:00Z": datetime(2000, 1, 1),
    "2100-12-31T23:59:59Z": datetime(2100, 12, 31, 23, 59, 59), "1999-12-31T23:00:00-01:00": datetime(2000, 1, 1),
    "2101-01-01T00:30:00+00:31": datetime(2100, 12, 31, 23, 59),
}  # fmt: skip
NO_TIMES = {
    "bad_timestamp": (
        "", "now", "today", "epoch", "infinity", "-infinity", "2026-03-04", "2026-03-04T10:15Z", "2026-03-04T24:00:00Z",
        "2026-03-04T23:59:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-03-04T10:60:00Z",
        "2026-03-04T10:15:00.Z", "2026-03-04T10:15:00.1234567890Z", "2026-03-04T10:15:00,5Z",
        "2026-03-04T10:15:00+0900",
        "2026-03-04T10:15:00+24:00", "2026-03-04T10:15:00+09:60", "2026-03-04T10:15:00 Z", " 2026-03-04T10:15:00Z",
        "2026-03-04T10:15:00Z\n", "26-03-04T10:15:00Z", "12026-03-04T10:15:00Z", "-2026-03-04T10:15:00Z", "1772619300",
        "2026-03-04T10:15:00 UTC", "2026-03-04T10:15:00Europe/Berlin", "\uff12\uff10\uff12\uff16-03-04T10:15:00Z",
        "04.03.2026 10:15:00",
    ),
    "out_of_range": ("1999-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "2000-01-01T00:00:00+00:01",
    "2100-12-31T23:59:59-00:01",
                     "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
}  # fmt: skip


def test_times(door: Door) -> None:
    for rows, rejected in both_ways(door, event, [line(event(5, timestamp=text)) for text in TIMES]):
        assert not [row["message"] for number, row in rejected.items() if number >= 0]
        for number, (text, instant) in enumerate(TIMES.items()):
            assert (text, rows[number]["timestamp"]) == (text, instant)
    bad = [(text, reason) for reason, texts in NO_TIMES.items() for text in texts]
    for _, rejected in both_ways(door, event, [line(event(5, timestamp=text)) for text, _ in bad]):
        assert {text: rejected[number]["reason"] for number, (text, _) in enumerate(bad)} == dict(bad)
