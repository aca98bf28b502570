"""Activity, features, retention and lifecycle once more, event by event in plain Python: what the SQL is held against.

Nothing here shares code or method with the models: every number is counted from the events themselves, and time is
followed pause by pause. Users are those that the events name; links and bots are no matter of this page.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

DAY = timedelta(days=1)
_MICROSECOND, _MILLISECOND = timedelta(microseconds=1), timedelta(milliseconds=1)


@dataclass(frozen=True)
class Event:
    """One event; ``at`` is UTC without a zone."""

    id: str
    name: str
    at: datetime
    user: str | None = None
    session: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[datetime, bytes]:
        """Where it stands in the order of events."""
        return self.at, self.id.encode()


def in_order(events: Iterable[Event]) -> list[Event]:
    """By instant, then id."""
    return sorted(events, key=lambda event: event.place)


def sessions(events: Iterable[Event], gap: timedelta = timedelta(minutes=30)) -> list[list[Event]]:
    """The events of each session in order. Those of a user without a session id are cut where a pause is too long."""
    supplied: dict[tuple[str, str | None], list[Event]] = defaultdict(list)
    loose: dict[str, list[Event]] = defaultdict(list)
    for event in in_order(events):
        if event.session is not None:
            supplied[event.session, event.user].append(event)
        elif event.user is not None:
            loose[event.user].append(event)
    found = list(supplied.values())
    for own in loose.values():
        session = [own[0]]
        for before, event in pairwise(own):
            if event.at - before.at > gap:
                found.append(session)
                session = []
            session.append(event)
        found.append(session)
    return found


def length_ms(session: Sequence[Event]) -> int:
    """Whole milliseconds from the first event to the last."""
    return (session[-1].at - session[0].at) // _MILLISECOND


def user_activity(events: Sequence[Event]) -> dict[tuple[str, date], dict[str, Any]]:
    """By user and day."""
    own: dict[tuple[str, date], list[Event]] = defaultdict(list)
    for event in in_order(events):
        if event.user is not None:
            own[event.user, event.at.date()].append(event)
    counts: Counter[tuple[str, date]] = Counter()
    times: Counter[tuple[str, date]] = Counter()
    for session in sessions(events):
        user = session[0].user
        if user is None:
            continue
        counts.update({(user, event.at.date()) for event in session})
        for before, event in pairwise(session):
            for day, ms in _split(session[0].at, before.at, event.at):
                times[user, day if (user, day) in own else before.at.date()] += ms
    return {
        key: {
            "session_count": counts[key],
            "event_count": len(mine),
            "total_duration_ms": times[key],
            "first_seen_at": mine[0].at,
            "last_seen_at": mine[-1].at,
            "events_breakdown": json.dumps(
                Counter(event.name for event in sorted(mine, key=lambda event: event.name.encode())),
                ensure_ascii=False,
                separators=(",", ":"),
            ),
        }
        for key, mine in own.items()
    }


def _split(began: datetime, start: datetime, end: datetime) -> Iterable[tuple[date, int]]:
    """The days of a pause with their milliseconds; whole ones since the session began, so that they add up."""
    while start < end:
        until = min(end, datetime.combine(start.date() + DAY, datetime.min.time()))
        yield start.date(), (until - began) // _MILLISECOND - (start - began) // _MILLISECOND
        start = until


def feature_usage(events: Iterable[Event], features: Iterable[Mapping[str, str]]) -> dict[Any, dict[str, Any]]:
    """By feature and day."""
    uses: dict[tuple[str, date], list[tuple[Event, Mapping[str, str]]]] = defaultdict(list)
    for event in events:
        for feature in features:
            if feature["event_name"] == event.name:
                uses[feature["feature_name"], event.at.date()].append((event, feature))
    found = {}
    for key, own in uses.items():
        said = [
            str(event.properties[feature["success_property"]]) == feature["success_value"]
            for event, feature in own
            if event.properties.get(feature["success_property"]) is not None
        ]
        lengths = [
            event.properties[feature["duration_property"]]
            for event, feature in own
            if isinstance(event.properties.get(feature["duration_property"]), int | float)
        ]
        found[key] = {
            "usage_count": len(own),
            "unique_users": len({event.user for event, _ in own} - {None}),
            "avg_duration_ms": sum(lengths) / len(lengths) if lengths else None,
            "success_rate": sum(said) / len(said) if said else None,
        }
    return found


def product_daily(events: Sequence[Event], last_day: date) -> dict[date, dict[str, Any]]:
    """By day, from that of the first event to the last one."""
    user_days = {(event.user, event.at.date()) for event in events if event.user is not None}
    found = {}
    day = min(event.at.date() for event in events)
    while day <= last_day:
        users = [len({user for user, other in user_days if day - length * DAY < other <= day}) for length in (1, 7, 30)]
        began = [session for session in sessions(events) if session[0].at.date() == day]
        found[day] = {
            "dau": users[0],
            "wau": users[1],
            "mau": users[2],
            "stickiness": users[0] / users[2] if users[2] else None,
            "sessions": len(began),
            "bounced_sessions": sum(len(session) == 1 for session in began),
            "bounce_rate": sum(len(session) == 1 for session in began) / len(began) if began else None,
            "median_session_ms": median(map(length_ms, began)) if began else None,
            "events": sum(event.at.date() == day for event in events),
        }
        day += DAY
    return found


def retention(
    events: Iterable[Event], definitions: Iterable[Mapping[str, str]], as_of: datetime, last_day: int
) -> dict[tuple[str, date, int], dict[str, Any]]:
    """By definition, day of the first action and day number: the users of the cohort, and how many came back.

    A user belongs to the UTC day of the first action ever. A return is a later event, on day n or (unbounded) from day
    n to ``last_day``. Days are UTC days from that day on, or stretches of 24 hours from the first action.
    """
    own: dict[str, list[Event]] = defaultdict(list)
    for event in in_order(events):
        if event.user is not None:
            own[event.user].append(event)
    found: dict[tuple[str, date, int], dict[str, Any]] = {}
    for definition in definitions:
        cohorts: dict[date, list[tuple[datetime, set[int]]]] = defaultdict(list)
        for mine in own.values():
            firsts = [
                place for place, event in enumerate(mine) if event.name == (definition["first_event"] or event.name)
            ]
            if not firsts:
                continue
            first = mine[firsts[0]]
            days = set()
            for event in mine[firsts[0] + 1 :]:
                if event.name == (definition["return_event"] or event.name):
                    by_hours = (event.at - first.at) // DAY
                    by_date = (event.at.date() - first.at.date()).days
                    days.add(by_hours if definition["clock"] == "24h" else by_date)
            cohorts[first.at.date()].append((first.at, {day for day in days if day <= last_day}))
        for cohort, members in cohorts.items():
            for number in range(last_day + 1):
                ends = datetime.combine(cohort, datetime.min.time())
                if definition["clock"] == "24h":
                    ends = max(at for at, _ in members)
                is_over = ends + (number + 1) * DAY <= as_of
                returned = sum(number in days for _, days in members)
                later = sum(any(day >= number for day in days) for _, days in members)
                found[definition["retention_id"], cohort, number] = {
                    "users": len(members),
                    "returned_users": returned if is_over else None,
                    "retention_rate": returned / len(members) if is_over else None,
                    "returned_users_from_day": later if is_over else None,
                    "unbounded_rate": later / len(members) if is_over else None,
                }
    return found


def lifecycle(events: Iterable[Event], as_of: datetime) -> dict[tuple[str, date], dict[str, Any]]:
    """By type of period and its first day: users by what they did in it, in the one before, and ever before."""
    user_days = {(event.user, event.at.date()) for event in events if event.user is not None}
    found = {}
    for period_type, length in (("daily", 1), ("weekly", 7)):
        start = min(day for _, day in user_days)
        start -= timedelta(days=start.weekday() if length == 7 else 0)
        while datetime.combine(start, datetime.min.time()) <= as_of:
            end, before = start + length * DAY, start - length * DAY
            now = {user for user, day in user_days if start <= day < end}
            then = {user for user, day in user_days if before <= day < start}
            ever = {user for user, day in user_days if day < start}
            is_over = datetime.combine(end, datetime.min.time()) <= as_of
            found[period_type, start] = {
                "active_users": len(now),
                "new_users": len(now - ever),
                "returning_users": len(now & then),
                "resurrected_users": len((now & ever) - then),
                "dormant_users": len(then - now) if is_over else None,
            }
            start = end
    return found
