"""What a column must say beyond being JSON: one function for each grammar that a contract of the area names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

MOST_STEPS, MOST_EXCLUSIONS, MOST_CONDITIONS, MOST_VALUES = 20, 20, 20, 100
SHORTEST_WINDOW, LONGEST_WINDOW = 1, 366 * 86_400
LONGEST_NAME, LONGEST_VALUE = 128, 2_000
ORDERS = ("ordered", "strict", "any")
_DEFINITION = ("steps", "window_seconds", "order", "exclusions")
_PREDICATE = ("event_name", "event_type", "where")
_EXCLUSION = (*_PREDICATE, "after_step", "before_step")
# Keys of objects begin with no digit, so that none can be taken for a place in a list.
_COLUMN = re.compile(r"page_url|referrer|(properties|context)(\.[A-Za-z_$][A-Za-z0-9_$-]{0,63}){1,5}")


class _GrammarError(ValueError):
    """The value breaks the grammar; the message is a sentence that names the culprit."""


def funnel_steps(value: Any, event_types: Collection[str]) -> str | None:
    """What is wrong with the definition of a funnel, as a sentence; none where nothing is.

    ``event_types`` are those that a step may name. Names of events and of properties need not be known: a funnel may
    come before its events.
    """
    try:
        _check_definition({"steps": value} if isinstance(value, list) else value, event_types)
    except _GrammarError as error:
        return str(error)
    return None


def _check_definition(value: Any, event_types: Collection[str]) -> None:
    definition = _object(value, _DEFINITION, "steps")
    steps = _list(definition.get("steps", []), MOST_STEPS, "steps", least=0)
    for number, step in enumerate(steps, 1):
        _check_predicate(step, _PREDICATE, event_types, f"step {number}")
    _whole(definition.get("window_seconds", SHORTEST_WINDOW), SHORTEST_WINDOW, LONGEST_WINDOW, "window_seconds")
    order = definition.get("order", ORDERS[0])
    if order not in ORDERS:
        raise _GrammarError(f"order must be one of {', '.join(ORDERS)}, not {_said(order)}")
    exclusions = _list(definition.get("exclusions", []), MOST_EXCLUSIONS, "exclusions", least=0)
    for number, exclusion in enumerate(exclusions, 1):
        _check_exclusion(exclusion, len(steps), str(order), event_types, f"exclusion {number}")
    if order == "any":
        _check_all_differ(steps)


def _check_exclusion(value: Any, steps: int, order: str, event_types: Collection[str], where: str) -> None:
    exclusion = _check_predicate(value, _EXCLUSION, event_types, where)
    if steps < 2:
        raise _GrammarError(f"{where} stands between no two steps, since there are fewer than two")
    after = _whole(exclusion.get("after_step", 1), 1, steps - 1, f"after_step of {where}")
    before = _whole(exclusion.get("before_step", steps), 2, steps, f"before_step of {where}")
    if after >= before:
        raise _GrammarError(f"after_step of {where} must be less than its before_step")
    if order == "any" and (after, before) != (1, steps):
        raise _GrammarError(f"{where} names steps, but in a funnel of the order any it holds for the whole entry")


def _check_predicate(value: Any, keys: tuple[str, ...], event_types: Collection[str], where: str) -> Mapping[str, Any]:
    predicate = _object(value, keys, where)
    name = predicate.get("event_name")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        raise _GrammarError(f"event_name of {where} must be text of 1 to {LONGEST_NAME} characters")
    event_type = predicate.get("event_type", "")
    if "event_type" in predicate and (not isinstance(event_type, str) or event_type not in event_types):
        listed = ", ".join(sorted(event_types))
        raise _GrammarError(f"event_type of {where} must be one of {listed}, not {_said(event_type)}")
    conditions = predicate.get("where", {})
    if not isinstance(conditions, dict) or len(conditions) > MOST_CONDITIONS:
        raise _GrammarError(f"where of {where} must be an object of at most {MOST_CONDITIONS} conditions")
    for column, wanted in conditions.items():
        _check_condition(column, wanted, where)
    return predicate


def _check_condition(column: str, wanted: Any, where: str) -> None:
    if not _COLUMN.fullmatch(column):
        raise _GrammarError(
            f"where of {where} names {_said(column)}; it takes page_url, referrer, properties.<key> and context.<key>"
        )
    for value in _list(wanted, MOST_VALUES, f"{column} of {where}") if isinstance(wanted, list) else [wanted]:
        if isinstance(value, list | dict):
            raise _GrammarError(f"{column} of {where} must be a text, a number, true, false, null or a list of these")
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise _GrammarError(f"{column} of {where} has a text of more than {LONGEST_VALUE:,} characters")


def _check_all_differ(steps: list[Any]) -> None:
    seen: list[Any] = []
    for number, step in enumerate(steps, 1):
        meant = _meant(step)
        if meant in seen:
            raise _GrammarError(f"step {number} is the same as step {seen.index(meant) + 1}, which order any refuses")
        seen.append(meant)


def _meant(step: Mapping[str, Any]) -> tuple[Any, ...]:
    """A step so that two that mean the same are equal: one value is a list of one, and lists have no order."""
    conditions = {
        column: frozenset(
            # True is 1 in Python, and not in JSON.
            (isinstance(value, bool), value)
            for value in (wanted if isinstance(wanted, list) else [wanted])
        )
        for column, wanted in step.get("where", {}).items()
    }
    return step["event_name"], step.get("event_type"), conditions


def _object(value: Any, keys: tuple[str, ...], where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _GrammarError(f"{where} must be an object")
    if unknown := [key for key in value if key not in keys]:
        raise _GrammarError(f"{where} has the unknown key {_said(unknown[0])}; it takes {', '.join(keys)}")
    return value


def _list(value: Any, most: int, where: str, least: int = 1) -> list[Any]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise _GrammarError(f"{where} must be a list of {f'{least} to {most}' if least else f'at most {most}'}")
    return value


def _whole(value: Any, least: int, most: int, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise _GrammarError(f"{where} must be a whole number from {least} to {most}, not {_said(value)}")


def _said(value: Any) -> str:
    """A value as a sentence quotes it."""
    text = value if isinstance(value, str) else repr(value)
    return repr(text if len(text) <= 80 else text[:80] + "…") if isinstance(value, str) else text[:80]
