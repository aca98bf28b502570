"""Checks of single values: what passes is what the door takes. ``limits`` holds the bounds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from strata.track import limits

_LONGEST_NAME = 80


class RecordError(ValueError):
    """A record that the door would turn away. The message names the field and says what is wrong with it."""


def text(name: str, value: object, longest: int) -> str:
    """Text that is more than white space, of at most ``longest`` characters."""
    if not isinstance(value, str):
        _refuse(name, f"must be text, not {type(value).__name__}")
    if not value or value.isspace():
        _refuse(name, "must not be empty")
    if len(value) > longest:
        _refuse(name, f"has {len(value):,} characters; {longest:,} are the most")
    _check_characters(name, value)
    return value


def text_or_none(name: str, value: object, longest: int) -> str | None:
    """The same where none is allowed; empty text counts as none, which is how browsers say it."""
    if value is None or (isinstance(value, str) and (not value or value.isspace())):
        return None
    return text(name, value, longest)


def identifier(name: str, value: object) -> str:
    """An id that the application gives."""
    found = text(name, value, limits.ID_CHARACTERS)
    if found.startswith(limits.RESERVED_PREFIX):
        _refuse(name, f"begins with {limits.RESERVED_PREFIX!r}, which is kept for ids that the warehouse makes")
    return found


def identifier_or_none(name: str, value: object) -> str | None:
    """The same where none is allowed. Empty text is a mistake here: leave the id out instead."""
    return None if value is None else identifier(name, value)


def instant(name: str, value: object) -> datetime:
    """An instant with its time zone, given back in UTC."""
    if not isinstance(value, datetime):
        _refuse(name, f"must be a datetime, not {type(value).__name__}")
    if value.utcoffset() is None:
        _refuse(name, "has no time zone; datetime.now(UTC) has one")
    if not limits.FIRST_INSTANT <= value < limits.END_OF_INSTANTS:
        last_year = limits.END_OF_INSTANTS.year - 1
        _refuse(name, f"must lie in the years {limits.FIRST_INSTANT.year} to {last_year} (UTC)")
    return value.astimezone(UTC)


def instant_text(value: datetime) -> str:
    """An instant in UTC as RFC 3339, always with six decimals, so that texts are in the order of instants."""
    return value.isoformat(timespec="microseconds").replace("+00:00", "Z")


def metric_value(name: str, value: object) -> float:
    """A finite number within the bounds. Minus zero is zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(name, f"must be a number, not {type(value).__name__}")
    if not -limits.LARGEST_VALUE <= value <= limits.LARGEST_VALUE:
        _refuse(name, f"must lie between -{limits.LARGEST_VALUE:g} and {limits.LARGEST_VALUE:g}")
    return float(value) + 0.0


def tags(name: str, value: object) -> dict[str, str] | None:
    """Flat tags in the order of their keys. Numbers and booleans become text, nulls are dropped."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        _refuse(name, f"must be a dict, not {type(value).__name__}")
    for key in _keys(name, value):
        text(f"a key of {name}", key, limits.TAGS_CHARACTERS)
        if isinstance(value[key], Mapping | list | tuple):
            _refuse(f"{name}.{key}", "is nested; tags are flat")
    found = {key: plain(f"{name}.{key}", value[key]) for key in sorted(value)}
    texts = {key: item if isinstance(item, str) else json_text(item) for key, item in found.items() if item is not None}
    if (length := len(json_text(texts))) > limits.TAGS_CHARACTERS:
        _refuse(name, f"have {length:,} characters as JSON; {limits.TAGS_CHARACTERS:,} are the most")
    return texts


def json_object(name: str, value: object) -> dict[str, Any] | None:
    """An object as a copy that shares nothing with the value."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        _refuse(name, f"must be a dict, not {type(value).__name__}")
    found: dict[str, Any] = plain(name, value)
    check_json_length(name, found)
    return found


def check_json_length(name: str, value: object) -> None:
    """The JSON text of an object or list is not too long."""
    if (length := len(json_text(value))) > limits.JSON_CHARACTERS:
        _refuse(name, f"has {length:,} characters as JSON; {limits.JSON_CHARACTERS:,} are the most")


def json_text(value: object) -> str:
    """JSON as the door reads it fastest: no spaces, no escapes that need not be."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def plain(name: str, value: object, depth: int = 1) -> Any:
    """A copy of a value that JSON knows, made of dicts and lists. ``depth`` counts the levels down to it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        _check_characters(name, value)
        return value
    if isinstance(value, int | float):
        _check_finite(name, value)
        return value
    if depth > limits.JSON_DEPTH:
        _refuse(name, f"is nested more than {limits.JSON_DEPTH} levels deep")
    if isinstance(value, Mapping):
        return {key: plain(f"{name}.{key}", value[key], depth + 1) for key in _keys(name, value)}
    if isinstance(value, list | tuple):
        return [plain(f"{name}[{place}]", item, depth + 1) for place, item in enumerate(value)]
    _refuse(name, f"is a {type(value).__name__}, which JSON does not know; give text, numbers, dicts and lists")


def _keys(name: str, value: Mapping[Any, object]) -> Iterator[str]:
    """The keys of an object: text, and each once whatever its case."""
    seen: set[str] = set()
    for key in value:
        if not isinstance(key, str):
            _refuse(f"a key of {name}", f"must be text, not {type(key).__name__}")
        _check_characters(f"a key of {name}", key)
        if key.lower() in seen:
            _refuse(f"{name}.{key}", "is there twice; upper and lower case count as the same")
        seen.add(key.lower())
        yield key


def _check_characters(name: str, value: str) -> None:
    if "\x00" in value:
        _refuse(name, "holds the character U+0000, which no text column can keep")
    try:
        value.encode()
    except UnicodeEncodeError:
        _refuse(name, "holds half a surrogate pair, which is no text")


def _check_finite(name: str, value: float) -> None:
    # False for NaN, for infinity and for whole numbers that no double holds.
    if not abs(value) <= sys.float_info.max:
        _refuse(name, "is not a number that a double can hold")


def _refuse(name: str, message: str) -> NoReturn:
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    raise RecordError(f"{shown} {message}")
