"""What must become of a line of NDJSON, decided anew in plain Python from what the contract means.

Nothing of the door is used here but the contract itself: its own JSON strictness, its own types, its own rules. Slow,
one record at a time, and meant to be read.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NoReturn

from strata.contract import Column, Contract
from strata.grammars import grammar_of
from strata.rules import (
    AcceptedValues,
    AtOrAfter,
    FilledWhenRequired,
    FollowsGrammar,
    InRange,
    InSeed,
    JsonObject,
    MaxLength,
    NotEmpty,
    NotNull,
    NotPrefixed,
)

MAX_LINE_BYTES = 1 << 20
MAX_DEPTH = 64
SCHEMA = "E_SCHEMA_MISMATCH"
ORDER = ("E_FILE_UNREADABLE", SCHEMA, "E_VERSION_MISSING", "E_SCOPE_MISSING")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))?"
)
_MISSING = object()


@dataclass(frozen=True)
class Verdict:
    """``kind`` is blank, loaded (then ``values`` are the typed columns) or rejected (then ``code`` says why)."""

    kind: str
    code: str | None = None
    values: Mapping[str, Any] | None = None


class NotStrictError(ValueError):
    """The text is not JSON as the design wants it."""


@dataclass(frozen=True)
class Reference:
    """The strict reference of one table."""

    contract: Contract
    seeds: Mapping[str, list[dict[str, str]]]

    def judge(self, line: bytes) -> Verdict:
        """The verdict on one line, its line end included or not."""
        if not line.strip(b" \t\r\n"):
            return Verdict("blank")
        if len(line.rstrip(b"\r\n")) > MAX_LINE_BYTES:
            return Verdict("rejected", SCHEMA)
        try:
            record = strict_json(line.decode("utf-8"))
        except (UnicodeDecodeError, NotStrictError):
            return Verdict("rejected", SCHEMA)
        return self.judge_record(record) if isinstance(record, dict) else Verdict("rejected", SCHEMA)

    def judge_record(self, record: Mapping[str, Any]) -> Verdict:
        """The verdict on a parsed record."""
        codes = set(self._unknown(record, self._tree()))
        values: dict[str, Any] = {}
        for column in self.contract.columns:
            value, found = self._value(record, column)
            codes |= found
            values[column.name] = value
        for column in self.contract.columns:
            codes |= self._rules(column, _raw(record, column), values)
        if codes:
            return Verdict("rejected", min(codes, key=ORDER.index))
        return Verdict("loaded", values=values)

    def _tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for column in self.contract.columns:
            branch = tree
            for part in column.path[:-1]:
                branch = branch.setdefault(part, {})
            branch[column.path[-1]] = None
        return tree

    def _unknown(self, record: Mapping[str, Any], tree: Mapping[str, Any]) -> list[str]:
        found = []
        for name, value in record.items():
            if name not in tree:
                found += [SCHEMA] if self.contract.is_unknown_rejected else []
            elif isinstance(tree[name], dict) and value is not None:
                found += self._unknown(value, tree[name]) if isinstance(value, dict) else [SCHEMA]
        return found

    def _value(self, record: Mapping[str, Any], column: Column) -> tuple[Any, set[str]]:
        raw = _raw(record, column)
        if raw is _MISSING:
            is_bad = column.is_presence_required or NotNull() in column.rules
            return None, {column.code or SCHEMA} if is_bad else set()
        if raw is None:
            return None, {column.code or SCHEMA} if NotNull() in column.rules else set()
        try:
            value = _json(raw, column) if column.data_type == "json" else _typed(raw, column.data_type)
        except ValueError:
            return None, {SCHEMA}
        is_none = column.is_empty_null and all(_is_space(character) for character in value)
        return (None if is_none else value), set()

    def _rules(self, column: Column, raw: Any, values: Mapping[str, Any]) -> set[str]:
        value, codes = values[column.name], set()
        for rule in column.rules:
            match rule:
                case NotEmpty():
                    if isinstance(value, str) and all(_is_space(character) for character in value):
                        codes.add(column.code or SCHEMA)
                case MaxLength(characters):
                    text = _dumped(raw) if column.data_type == "json" else raw
                    if isinstance(text, str) and len(text) > characters:
                        codes.add(SCHEMA)
                case NotPrefixed(prefix):
                    if isinstance(value, str) and value.startswith(prefix):
                        codes.add(SCHEMA)
                case JsonObject(is_flat=True):
                    if value is not None and any(isinstance(item, dict | list) for item in value.values()):
                        codes.add(SCHEMA)
                case FollowsGrammar(grammar, seed, name):
                    allowed = [row[name] for row in self.seeds[seed]]
                    if value is not None and grammar_of(self.contract.area, grammar)(value, allowed):
                        codes.add(SCHEMA)
                case AcceptedValues(allowed):
                    if value is not None and value not in allowed:
                        codes.add(SCHEMA)
                case InSeed(seed, name):
                    if value is not None and value not in {row[name] for row in self.seeds[seed]}:
                        codes.add(SCHEMA)
                case InRange(low, high):
                    if value is not None and not (low is None or value >= low) & (high is None or value <= high):
                        codes.add(SCHEMA)
                case AtOrAfter(other):
                    if value is not None and values[other] is not None and value < values[other]:
                        codes.add(SCHEMA)
                case FilledWhenRequired(by, seed, name, flag):
                    needing = {row[name] for row in self.seeds[seed] if row[flag].lower() == "true"}
                    is_said = raw is _MISSING and column.is_presence_required
                    if not is_said and value is None and values[by] in needing:
                        codes.add(column.code or SCHEMA)
        return codes


def strict_json(text: str) -> Any:
    """The value of a JSON text (RFC 8259, with unique keys and what every engine can hold).

    Raises:
        NotStrictError: it is not.
    """
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_number, parse_int=_number
        )
    except (ValueError, RecursionError) as error:
        raise NotStrictError(str(error)) from error
    _look_at(value, 0)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name.lower() for name, _ in pairs]
    if len(set(names)) < len(names):
        raise NotStrictError("a key stands twice")
    return dict(pairs)


def _refuse(name: str) -> NoReturn:
    raise NotStrictError(name)


def _number(text: str) -> int | float:
    if not math.isfinite(float(text)):
        raise NotStrictError("the number is too large")
    return int(text) if re.fullmatch("-?[0-9]+", text) else float(text)


def _look_at(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth == MAX_DEPTH:
            raise NotStrictError("nested too deep")
        for item in value if isinstance(value, list) else [*value.keys(), *value.values()]:
            _look_at(item, depth + 1)
    elif isinstance(value, str) and any(c == "\0" or unicodedata.category(c) == "Cs" for c in value):
        raise NotStrictError("a character that no text column can hold")


def _raw(record: Mapping[str, Any], column: Column) -> Any:
    value: Any = record
    for part in column.path:
        value = value.get(part, _MISSING) if isinstance(value, dict) else _MISSING
    return value


def _json(value: Any, column: Column) -> Any:
    if isinstance(value, dict) or (column.grammar and isinstance(value, list)):
        return value
    raise ValueError(f"{value!r:.100} is no object")


def _dumped(value: Any) -> str | None:
    is_there = isinstance(value, dict | list)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if is_there else None


def _typed(value: Any, data_type: str) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match data_type:
        case "string" if isinstance(value, str):
            return value
        case "uuid" if isinstance(value, str) and _UUID.fullmatch(value):
            return uuid.UUID(value)
        case "timestamp" if isinstance(value, str):
            return _instant(value)
        case "bigint" if is_number and isinstance(value, int) and -(2**63) <= value < 2**63:
            return value
        case "bigint" if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
            return int(value)
        case "float8" if is_number:
            return float(value)
        case "boolean" if isinstance(value, bool):
            return value
        case "text[]" if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
    raise ValueError(f"{value!r:.100} is no {data_type}")


def _instant(text: str) -> datetime:
    """A UTC instant without zone, cut to microseconds, in the years 2000 to 2100."""
    found = _INSTANT.fullmatch(text)
    if not found:
        raise ValueError(text)
    *numbers, fraction, _, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset >= timedelta(hours=24) or int(minutes or 0) > 59:
        raise ValueError(text)
    # A year of datetime's own has no day before it; the bounds lie far inside.
    year, month, day, hour, minute, second = (int(number) for number in numbers)
    if not 1900 <= year <= 2200:
        raise ValueError(text)
    micros = int((fraction or "0").ljust(6, "0")[:6])
    zone = timezone(-offset if sign == "-" else offset)
    instant = datetime(year, month, day, hour, minute, second, micros, zone).astimezone(UTC).replace(tzinfo=None)
    if not 2000 <= instant.year <= 2100:
        raise ValueError(text)
    return instant


def _is_space(character: str) -> bool:
    return character in "\t\n\v\f\r " or unicodedata.category(character).startswith("Z")
