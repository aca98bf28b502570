"""The strict parser that settles the few records of which the vectorised pass is not sure (RFC 8259, I-JSON keys)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

MAX_DEPTH = 64
# What has another form may be what somebody said, which no sentence may quote.
PLAIN_KEY = re.compile(r"[\w.$@-]{1,200}")


class StrictJsonError(ValueError):
    """The text is not strict JSON. ``reason`` is the word for programs, the message the sentence for a person."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def parse(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        StrictJsonError: not JSON; duplicate keys (also those that differ only in case); NaN or Infinity; a number
            that overflows; the character U+0000; half a surrogate pair; more than 64 levels of nesting.
    """
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise StrictJsonError("nested_too_deep", f"is nested more than {MAX_DEPTH} levels deep") from error
    except json.JSONDecodeError as error:
        raise StrictJsonError("invalid_json", f"is not valid JSON: {error.msg} at character {error.pos + 1}") from error
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise StrictJsonError("nested_too_deep", f"is nested more than {MAX_DEPTH} levels deep")
    if "\\u" in text:
        _check_characters(value)
    return value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = dict(pairs)
    if len({key.lower() for key in found}) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key.lower() in seen:
                said = f"the key {key!r}" if PLAIN_KEY.fullmatch(key) else "a key"
                raise StrictJsonError("duplicate_key", f"names {said} twice")
            seen.add(key.lower())
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise StrictJsonError("invalid_json", f"holds {name}, which is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise StrictJsonError("number_overflow", f"holds the number {text[:40]}, which is too large")
    return number


def _integer(text: str) -> int:
    if not math.isfinite(float(text)):
        raise StrictJsonError("number_overflow", f"holds the number {text[:40]}…, which is too large")
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_integer
)


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth


def _check_characters(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            if "\x00" in item:
                raise StrictJsonError("nul_character", "holds the character U+0000, which no text column can keep")
            if any("\ud800" <= character <= "\udfff" for character in item):
                raise StrictJsonError("lone_surrogate", "holds half a surrogate pair")
