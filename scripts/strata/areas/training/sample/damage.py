"""Damaged records: every way in which a record can be wrong, and the rejection that must come of it.

Each kind takes a good record and spoils it in one way (a few in several). Nothing here is random.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SCHEMA = "E_SCHEMA_MISMATCH"
VERSION = "E_VERSION_MISSING"
SCOPE = "E_SCOPE_MISSING"

# Written once at most: one giant line, or one cut file, is as good as many.
ONCE = ("line_too_long", "truncated_file")

Record = dict[str, Any]


@dataclass(frozen=True)
class Damage:
    """One kind of damage to records of one table. ``spoil`` yields the line without its newline."""

    table: str
    kind: str
    code: str
    reason: str
    column: str | None
    spoil: Callable[[Record], bytes]


@dataclass(frozen=True)
class Wire:
    """What the kinds need to know of a table: paths of its parts, and names of the columns these fill."""

    table: str
    key: str
    key_column: str
    time: str
    time_column: str
    kind: str
    kind_column: str
    number: str
    number_column: str
    is_whole: bool = True


EVENTS = Wire(
    "event_log", "eventId", "event_id", "timestamp", "timestamp", "eventType", "event_type",
    "context.turnIndex", "turn_index",
)  # fmt: skip
INTERACTIONS = Wire(
    "interaction_log", "interactionId", "interaction_id", "timestamp", "timestamp", "engine", "engine",
    "metadata.difficultyLevel", "difficulty_level", is_whole=False,
)  # fmt: skip
SESSIONS = Wire(
    "session_log", "sessionId", "session_id", "startTime", "start_time", "engine", "engine",
    "summary.turnCount", "turn_count",
)  # fmt: skip

BAD_TIMES = {
    "local_time_format": "04.03.2026 10:15",
    "american_time_format": "03/04/2026 10:15 AM",
    "time_now": "now",
    "time_infinity": "infinity",
    "hour_25": "2026-03-04T25:00:00Z",
    "february_30": "2026-02-30T10:00:00Z",
    "date_without_time": "2026-03-04",
    "offset_of_25_hours": "2026-03-04T10:00:00+25:00",
    "empty_time": "",
}
BAD_YEARS = {"year_1900": "1900-01-01T00:00:00Z", "year_2201": "2201-01-01T00:00:00Z"}
SCOPE_KEYS = {"regionId": "region_id", "countryId": "country_id", "branchId": "branch_id", "teamId": "team_id"}
# Saleslab records need the scenario's and the prompt's version; those of modules and quizzes the module's.
NEEDED_VERSIONS = {"scenarioVersion": "scenario_version", "promptVersion": "prompt_version"}


def render(record: Record) -> bytes:
    """The record as a line of NDJSON, without the newline."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _with(path: str, value: Any) -> Callable[[Record], bytes]:
    """Puts a value at a path; ``KeyError`` where the path has no parent."""

    def spoil(record: Record) -> bytes:
        parent, _, name = path.rpartition(".")
        (record[parent] if parent else record)[name] = value
        return render(record)

    return spoil


def _without(*paths: str) -> Callable[[Record], bytes]:
    def spoil(record: Record) -> bytes:
        for path in paths:
            parent, _, name = path.rpartition(".")
            del (record[parent] if parent else record)[name]
        return render(record)

    return spoil


def _text(change: Callable[[bytes], bytes]) -> Callable[[Record], bytes]:
    return lambda record: change(render(record))


def _user(raw: bytes) -> Callable[[Record], bytes]:
    """Puts raw bytes where the user's name stood, between its quotes."""
    return lambda record: render({**record, "userId": "@"}).replace(b'"@"', b'"u-' + raw + b'"', 1)


def _raw_number(wire: Wire, literal: bytes) -> Callable[[Record], bytes]:
    marker = b'"@number@"'
    return lambda record: _with(wire.number, "@number@")(record).replace(marker, literal, 1)


def _all(*spoilers: Callable[[Record], object]) -> Callable[[Record], bytes]:
    """Several problems in one record: each step but the last changes the record in place."""

    def spoil(record: Record) -> bytes:
        for step in spoilers:
            step(record)
        return render(record)

    return spoil


def _broken_text(wire: Wire) -> list[Damage]:
    kinds: list[tuple[str, str, Callable[[Record], bytes]]] = [
        ("truncated_json", "invalid_json", _text(lambda line: line[: len(line) * 2 // 3])),
        ("trailing_comma", "invalid_json", _text(lambda line: line[:-1] + b",}")),
        ("missing_comma", "invalid_json", _text(lambda line: line.replace(b'","', b'" "', 1))),
        ("single_quotes", "invalid_json", _text(lambda line: line.replace(b'"', b"'"))),
        ("unquoted_key", "invalid_json", _text(lambda line: line.replace(b'"userId"', b"userId", 1))),
        ("comment", "invalid_json", _text(lambda line: line[:-1] + b" /* sent twice */}")),
        ("text_after_the_record", "invalid_json", _text(lambda line: line + b" ok")),
        ("two_records_on_a_line", "invalid_json", _text(lambda line: line + line)),
        ("raw_control_character", "invalid_json", _user(b"\t1")),
        ("nan", "invalid_json", _raw_number(wire, b"NaN")),
        ("infinity", "invalid_json", _raw_number(wire, b"-Infinity")),
        ("leading_zero", "invalid_json", _raw_number(wire, b"007")),
        ("not_json_at_all", "invalid_json", lambda _: b"Traceback (most recent call last):"),
        ("duplicate_key", "duplicate_key", _text(lambda line: line[:-1] + b',"userId":"u-000001"}')),
        ("duplicate_key_in_capitals", "duplicate_key", _text(lambda line: line[:-1] + b',"USERID":"u-000001"}')),
        ("number_too_large", "number_overflow", _raw_number(wire, b"1e999")),
        ("nested_too_deep", "nested_too_deep", _text(lambda line: line[:-1] + b',"x":' + b"[" * 99 + b"]" * 99 + b"}")),
        ("nul_escape", "nul_character", _user(b"\\u0000")),
        ("nul_byte", "invalid_json", _user(b"\x00")),
        ("lone_surrogate", "lone_surrogate", _user(b"\\ud83d")),
        ("invalid_utf8", "invalid_utf8", _user(b"\xff\xfe")),
        ("latin1_text", "invalid_utf8", _user("Jürgen".encode("latin-1"))),
        ("overlong_utf8", "invalid_utf8", _user(b"\xc0\xaf")),
        ("json_list", "wrong_type", _text(lambda line: b"[" + line + b"]")),
        ("json_text", "wrong_type", lambda _: b'"lost"'),
        ("json_null", "wrong_type", lambda _: b"null"),
    ]
    return [Damage(wire.table, kind, SCHEMA, reason, None, spoil) for kind, reason, spoil in kinds]


def _wrong_values(wire: Wire) -> list[Damage]:
    number, column = wire.number, wire.number_column
    unfit: list[tuple[str, str, str | None, Callable[[Record], bytes]]] = [
        ("list_for_number", "wrong_type", column, _with(number, [1])),
        ("object_for_number", "wrong_type", column, _with(number, {"level": 1})),
    ]
    if wire.is_whole:
        unfit = [
            ("fraction_for_integer", "wrong_type", column, _with(number, 1.5)),
            ("integer_over_64_bits", "out_of_range", column, _with(number, 2**63)),
        ]
    kinds: list[tuple[str, str, str | None, Callable[[Record], bytes]]] = [
        ("unknown_field", "unknown_field", None, _with("debug", True)),
        ("unknown_nested_field", "unknown_field", None, _with("scope.storeId", "s-1")),
        ("unknown_version_field", "unknown_field", None, _with("version.modelVersion", "1.1")),
        ("empty_object", "null_value", wire.key_column, lambda _: b"{}"),
        ("number_as_text", "wrong_type", column, _with(number, "3")),
        ("boolean_for_number", "wrong_type", column, _with(number, True)),
        *unfit,
        ("number_as_user", "wrong_type", "user_id", _with("userId", 42)),
        ("object_as_user", "wrong_type", "user_id", _with("userId", {"id": "u-000001"})),
        ("number_as_version", "wrong_type", "module_version", _with("version.moduleVersion", 2)),
        ("text_for_object", "wrong_type", "scope", _with("scope", "EMEA")),
        ("list_for_object", "wrong_type", "version", _with("version", ["1.1", None, None])),
        ("number_as_time", "wrong_type", wire.time_column, _with(wire.time, 1_772_617_500)),
        ("missing_key", "null_value", wire.key_column, _without(wire.key)),
        ("not_a_uuid", "bad_uuid", wire.key_column, _with(wire.key, "12345")),
        ("cut_uuid", "bad_uuid", wire.key_column, _with(wire.key, "9dd4e461-268c-8034-a5c8-564e155c67")),
        ("empty_uuid", "bad_uuid", wire.key_column, _with(wire.key, "")),
        ("missing_user", "null_value", "user_id", _without("userId")),
        ("null_user", "null_value", "user_id", _with("userId", None)),
        ("empty_user", "empty_value", "user_id", _with("userId", "")),
        ("null_time", "null_value", wire.time_column, _with(wire.time, None)),
        ("missing_kind", "null_value", wire.kind_column, _without(wire.kind)),
        ("value_not_allowed", "not_allowed", wire.kind_column, _with(wire.kind, "teleport")),
        ("value_in_capitals", "not_allowed", wire.kind_column, lambda record: _with(
            wire.kind, str(record[wire.kind]).upper())(record)),
        *((kind, "out_of_range", wire.time_column, _with(wire.time, value)) for kind, value in BAD_YEARS.items()),
        *((kind, "bad_timestamp", wire.time_column, _with(wire.time, value)) for kind, value in BAD_TIMES.items()),
    ]  # fmt: skip
    return [Damage(wire.table, kind, SCHEMA, reason, name, spoil) for kind, reason, name, spoil in kinds]


def _missing_context(wire: Wire) -> list[Damage]:
    """Versions and scopes that are missing, and records in which several things are wrong at once."""
    found = [
        Damage(wire.table, "version_object_absent", VERSION, "missing_key", "module_version", _without("version")),
        Damage(wire.table, "module_version_key_absent", VERSION, "missing_key", "module_version",
               _without("version.moduleVersion")),
        Damage(wire.table, "scope_object_absent", SCOPE, "missing_key", "region_id", _without("scope")),
        Damage(wire.table, "version_and_scope_missing", VERSION, "missing_key", "scenario_version",
               _without("version.scenarioVersion", "scope.teamId")),
        Damage(wire.table, "everything_missing", SCHEMA, "null_value", "user_id",
               _without("userId", "version", "scope")),
        Damage(wire.table, "type_version_and_scope", SCHEMA, "wrong_type", "user_id", _all(
            _with("userId", 7), _with("version.promptVersion", None), _with("scope.branchId", ""))),
    ]  # fmt: skip
    for key, column in NEEDED_VERSIONS.items():
        path = f"version.{key}"
        found += [
            Damage(wire.table, f"{column}_key_absent", VERSION, "missing_key", column, _without(path)),
            Damage(wire.table, f"{column}_null", VERSION, f"required_by_{wire.kind_column}", column, _with(path, None)),
            Damage(wire.table, f"{column}_empty", VERSION, f"required_by_{wire.kind_column}", column, _with(path, "")),
        ]
    for key, column in SCOPE_KEYS.items():
        path = f"scope.{key}"
        found += [
            Damage(wire.table, f"{column}_key_absent", SCOPE, "missing_key", column, _without(path)),
            Damage(wire.table, f"{column}_null", SCOPE, "null_value", column, _with(path, None)),
            Damage(wire.table, f"{column}_empty", SCOPE, "empty_value", column, _with(path, "")),
        ]
    return found


def _of_one_table() -> list[Damage]:
    upsell, traits = "metadata.upsellTriggered", "metadata.traitActivation"
    too_long = "I would like to know more about this product. " * 24_000  # over 1 MiB
    kinds: list[tuple[str, str, str, str, Callable[[Record], bytes]]] = [
        ("event_log", "negative_turn", "out_of_range", "turn_index", _with("context.turnIndex", -1)),
        ("interaction_log", "boolean_as_text", "wrong_type", "upsell_triggered", _with(upsell, "true")),
        ("interaction_log", "number_as_boolean", "wrong_type", "upsell_triggered", _with(upsell, 1)),
        ("interaction_log", "null_boolean", "null_value", "upsell_triggered", _with(upsell, None)),
        ("interaction_log", "text_for_list", "wrong_type", "trait_activation", _with(traits, "budget")),
        ("interaction_log", "number_in_list", "wrong_type", "trait_activation", _with(traits, [1])),
        ("interaction_log", "null_list", "null_value", "trait_activation", _with(traits, None)),
        ("interaction_log", "missing_input", "null_value", "input", _without("input")),
        ("interaction_log", "engine_of_another_log", "not_allowed", "engine", _with("engine", "learning")),
        ("interaction_log", "session_not_a_uuid", "bad_uuid", "session_id", _with("sessionId", "session-1")),
        ("interaction_log", "line_too_long", "line_too_long", "", _with("input", too_long)),
        ("session_log", "engine_of_another_log", "not_allowed", "engine", _with("engine", "module")),
        ("session_log", "outcome_not_allowed", "not_allowed", "outcome", _with("outcome", "passed")),
        ("session_log", "boolean_as_text", "wrong_type", "upsell_success", _with("summary.upsellSuccess", "false")),
        ("session_log", "duration_as_text", "wrong_type", "duration_sec", _with("durationSec", "95.5")),
        ("session_log", "negative_duration", "out_of_range", "duration_sec", _with("durationSec", -1)),
        ("session_log", "negative_attempts", "out_of_range", "upsell_attempts", _with("summary.upsellAttempts", -2)),
        ("session_log", "null_duration", "null_value", "duration_sec", _with("durationSec", None)),
        ("session_log", "missing_end", "null_value", "end_time", _without("endTime")),
        ("session_log", "end_before_start", "before_start_time", "end_time", _with("endTime", "2001-12-31T23:59:59Z")),
    ]
    return [Damage(table, kind, SCHEMA, reason, column or None, spoil) for table, kind, reason, column, spoil in kinds]


# A type that clients send already and the seed does not list yet: replayed once it does, these records load.
NEW_EVENT_TYPE = Damage(
    "event_log", "event_type_missing_from_seed", SCHEMA, "not_allowed", "event_type",
    _all(_with("eventType", "quiz_start"), _with("context.quizId", "quiz-welcome"), _with("context.turnIndex", None)),
)  # fmt: skip
NEW_EVENT_TYPE_RECORDS = 40
# The whole file is cut: the good records in it come when it is sent again.
CUT_FILE = Damage("session_log", "truncated_file", "E_FILE_UNREADABLE", "broken_compression", None, render)
ORGANISATION = [
    Damage("org_scope", kind, SCHEMA, reason, column, lambda _, row=row: row)  # type: ignore[misc]
    for kind, reason, column, row in (
        ("bad_timezone", "bad_timezone", "timezone", b"EMEA,DE,DE-01,DE-01-V,Mars/Olympus,2019-01-01,"),
        ("local_date", "bad_date", "valid_from", b"EMEA,DE,DE-01,DE-01-V,Europe/Berlin,01.01.2019,"),
        ("february_30", "bad_date", "valid_from", b"EMEA,DE,DE-01,DE-01-V,Europe/Berlin,2019-02-30,"),
        ("year_1900", "out_of_range", "valid_from", b"EMEA,DE,DE-01,DE-01-V,Europe/Berlin,1900-01-01,"),
        ("ends_before_it_begins", "before_valid_from", "valid_to",
         b"EMEA,DE,DE-01,DE-01-V,Europe/Berlin,2019-01-01,2018-12-31"),
        ("empty_team", "null_value", "team_id", b"EMEA,DE,DE-01,,Europe/Berlin,2019-01-01,"),
        ("too_few_fields", "wrong_field_count", None, b"EMEA,DE,DE-01,DE-01-V"),
        ("too_many_fields", "wrong_field_count", None, b"EMEA,DE,DE-01,DE-01-V,Europe/Berlin,2019-01-01,,,new"),
        ("stray_quotes", "broken_quotes", None, b'EMEA,DE,DE-01,the "best" team,Europe/Berlin,2019-01-01,'),
        ("latin1_text", "invalid_utf8", None, "EMEA,DE,DE-01,Köln,Europe/Berlin,2019-01-01,".encode("latin-1")),
    )
]  # fmt: skip


def all_damages() -> list[Damage]:
    """Every kind once. The JSON tables take turns, so that any first part of the list touches all three."""
    groups = [
        [*_missing_context(wire), *_broken_text(wire), *_wrong_values(wire)]
        for wire in (EVENTS, INTERACTIONS, SESSIONS)
    ]
    mixed = [damage for row in zip(*groups, strict=True) for damage in row]
    return [NEW_EVENT_TYPE, *mixed, *_of_one_table(), *ORGANISATION, CUT_FILE]


def choose_damages(total: int | None) -> list[Damage]:
    """Which damages a sample holds: every kind once (and the new event type often), or ``total`` by turns.

    What is large or stands for a whole file, and the few rows of the organisation, come once at most.
    """
    kinds = all_damages()
    if total is None:
        return kinds + [NEW_EVENT_TYPE] * (NEW_EVENT_TYPE_RECORDS - 1)
    again = [damage for damage in kinds if damage.table != "org_scope" and damage.kind not in ONCE]
    chosen = kinds[:total]
    while len(chosen) < total:
        chosen += again[: total - len(chosen)]
    return chosen


def good_record(table: str, visit: dict[str, str], key: str, session: str) -> Record:
    """A good SalesLab record of a visit, with every version filled; ``key`` and ``session`` are its UUIDs."""
    context = {
        "version": {"moduleVersion": "1.1", "scenarioVersion": "2.1", "promptVersion": "p1"},
        "scope": {name: visit[column] for name, column in SCOPE_KEYS.items()},
    }
    user, time = visit["user_id"], visit["started_at"]
    match table:
        case "event_log":
            return {
                "eventId": key, "timestamp": time, "userId": user, "eventType": "saleslab_turn",
                "context": {"moduleId": None, "quizId": None, "scenarioId": "scn-gift", "turnIndex": 3,
                            "action": "close"},
                **context,
            }  # fmt: skip
        case "interaction_log":
            return {
                "interactionId": key, "sessionId": session, "timestamp": time, "userId": user, "engine": "saleslab",
                "input": "Only looking.", "output": "Take your time.",
                "metadata": {"difficultyLevel": 2, "personaId": "persona-01", "traitActivation": ["budget"],
                             "upsellTriggered": False},
                **context,
            }  # fmt: skip
        case _:
            return {
                "sessionId": key, "userId": user, "engine": "saleslab", "startTime": time, "endTime": time,
                "durationSec": 0, "outcome": "success",
                "summary": {"turnCount": 4, "correctAnswers": None, "upsellAttempts": 1, "upsellSuccess": True},
                **context,
            }  # fmt: skip


def spoil(damage: Damage, record: Record) -> bytes:
    """The damaged line; the record given stays as it is."""
    return damage.spoil(copy.deepcopy(record))
