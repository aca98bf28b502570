"""Funnels by their definition, one event after the other, and histories that are drawn to meet its edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Record = dict[str, Any]
# Funnel, entry event: steps reached, whether that is all of them, whether the entry has ended, and their instants.
Entries = dict[tuple[str, str], tuple[int, bool, bool, tuple[str, ...]]]

DEFAULT_WINDOW = 7 * 86_400
_FIRST = datetime(2026, 3, 5, 22, tzinfo=UTC)
_VALUES: list[Any] = ["x", "1", 1, 1.0, 2.5, True, None, ["x"], {"y": 1}]


def said(instant: datetime) -> str:
    """An instant as published JSON says it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def draw_history(chance: Random, name: str) -> tuple[list[Record], list[Record]]:
    """Events and funnels of one history; all names begin with ``name``, so that histories do not meet."""
    events = [_event(chance, name, number) for number in range(chance.randint(3, 30))]
    return events, [_funnel(chance, name, number) for number in range(2)]


def _event(chance: Random, name: str, number: int) -> Record:
    at = _FIRST + timedelta(minutes=chance.randint(0, 240), microseconds=chance.choice([0, 0, 0, 1]))
    record: Record = {
        "id": f"{name}-{chance.choice('aBcD')}{number}",
        "event_type": chance.choice(["track", "page"]),
        "event_name": f"{name} {chance.choice('abc')}",
        "timestamp": at.isoformat(),
    }
    if chance.random() < 0.8:
        record["user_id"] = f"{name} user {chance.randint(1, 2)}"
    if chance.random() < 0.5:
        record["session_id"] = f"{name} session {chance.randint(1, 2)}"
    if chance.random() < 0.5:
        record["page_url"] = chance.choice(["/p", "/q"])
    if chance.random() < 0.5:
        record["context"] = {"app_version": chance.choice(["1.0", "1.1"])}
    if chance.random() < 0.6:
        record["properties"] = {"plan": chance.choice(_VALUES), "deep": {"er": chance.choice(_VALUES)}}
    return record


def _funnel(chance: Random, name: str, number: int) -> Record:
    order = chance.choice(["ordered", "ordered", "strict", "any"])
    steps: list[Record] = []
    for _ in range(chance.choice([1, 2, 2, 3, 3, 4])):
        step = _predicate(chance, name)
        if order != "any" or step not in steps:
            steps.append(step)
    definition: Record = {"steps": steps, "order": order}
    if chance.random() < 0.9:
        definition["window_seconds"] = chance.choice([60, 600, 3_600, 7_200, 7_201])
    if len(steps) > 1 and chance.random() < 0.5:
        definition["exclusions"] = [_exclusion(chance, name, len(steps), order) for _ in range(chance.randint(1, 2))]
    given = steps if order == "ordered" and set(definition) == {"steps", "order"} else definition
    return {"id": f"{name} f{number}", "name": f"{name} {number}", "steps": given, "created_at": "2026-03-01T00:00:00Z"}


def _predicate(chance: Random, name: str) -> Record:
    predicate: Record = {"event_name": f"{name} {chance.choice('abc')}"}
    if chance.random() < 0.3:
        predicate["event_type"] = chance.choice(["track", "page"])
    if chance.random() < 0.3:
        scalars = [value for value in _VALUES if not isinstance(value, list | dict)]
        wanted = chance.choice(scalars) if chance.random() < 0.5 else chance.sample(scalars, 2)
        place = chance.choice(["properties.plan", "properties.deep.er", "page_url"])
        predicate["where"] = {place: chance.choice(["/p", None, ["/q", None]]) if place == "page_url" else wanted}
    return predicate


def _exclusion(chance: Random, name: str, steps: int, order: str) -> Record:
    exclusion = _predicate(chance, name)
    if order != "any" and chance.random() < 0.5:
        after = chance.randint(1, steps - 1)
        exclusion |= {"after_step": after, "before_step": chance.randint(after + 1, steps)}
    return exclusion


def reference(events: list[Record], funnels: list[Record]) -> Entries:
    """All entries of all funnels."""
    actors: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for event in events:
        for key in ("user_id", "session_id"):
            if key in event:
                actors[key, event[key]].append(event)
                break
    found: Entries = {}
    for funnel in funnels:
        definition = funnel["steps"] if isinstance(funnel["steps"], dict) else {"steps": funnel["steps"]}
        for own in actors.values():
            in_order = sorted(own, key=lambda event: (datetime.fromisoformat(event["timestamp"]), event["id"]))
            for entry, result in _entries(in_order, definition):
                found[funnel["id"], entry["id"]] = result
    return found


def _entries(events: list[Record], funnel: Record) -> Iterator[tuple[Record, tuple[int, bool, bool, tuple[str, ...]]]]:
    follow = _any_order if funnel.get("order") == "any" else _in_order
    for number, event in enumerate(events):
        steps = funnel["steps"] if funnel.get("order") == "any" else funnel["steps"][:1]
        if any(_matches(event, step) for step in steps):
            closes_at = _at(event) + timedelta(seconds=funnel.get("window_seconds", DEFAULT_WINDOW))
            later = [other for other in events[number + 1 :] if _at(other) <= closes_at]
            reached, is_ended = follow(event, later, funnel)
            is_complete = len(reached) == len(funnel["steps"])
            yield event, (len(reached), is_complete, is_ended, tuple(said(_at(item)) for item in reached))


def _in_order(entry: Record, later: list[Record], funnel: Record) -> tuple[list[Record], bool]:
    steps, reached = funnel["steps"], [entry]
    for event in later:
        if len(reached) == len(steps):
            break
        if _matches(event, steps[len(reached)]):
            reached.append(event)
        elif funnel.get("order") == "strict" or _is_excluded(event, funnel, len(reached)):
            return reached, True
    return reached, False


def _any_order(entry: Record, later: list[Record], funnel: Record) -> tuple[list[Record], bool]:
    def stands_for(event: Record) -> int | None:
        return next((number for number, step in enumerate(funnel["steps"]) if _matches(event, step)), None)

    reached, events = {stands_for(entry)}, [entry]
    for event in later:
        if len(events) == len(funnel["steps"]):
            break
        step = stands_for(event)
        if step is not None and step not in reached:
            reached.add(step)
            events.append(event)
        elif _is_excluded(event, funnel, 1):
            return events, True
    return events, False


def _is_excluded(event: Record, funnel: Record, step: int) -> bool:
    return any(
        exclusion.get("after_step", 1) <= step < exclusion.get("before_step", len(funnel["steps"]))
        and _matches(event, exclusion)
        for exclusion in funnel.get("exclusions", ())
    )


def _matches(event: Record, predicate: Record) -> bool:
    if event["event_name"] != predicate["event_name"]:
        return False
    if "event_type" in predicate and event["event_type"] != predicate["event_type"]:
        return False
    return all(
        any(_is_equal(_value(event, place), item) for item in (wanted if isinstance(wanted, list) else [wanted]))
        for place, wanted in predicate.get("where", {}).items()
    )


def _is_equal(value: Any, wanted: Any) -> bool:
    """Equal, the kind of JSON included: True is no number here, and 1.0 is 1."""
    kinds = [
        bool if isinstance(item, bool) else float if isinstance(item, int) else type(item) for item in (value, wanted)
    ]
    return kinds[0] is kinds[1] and bool(value == wanted)


def _value(event: Record, place: str) -> Any:
    value: Any = event
    for key in place.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _at(event: Record) -> datetime:
    return datetime.fromisoformat(event["timestamp"])
