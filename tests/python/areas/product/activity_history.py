"""Histories of users for the tests of activity, features, retention and lifecycle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from areas.product.activity_reference import Event

FIRST = datetime(2026, 1, 5)
DAYS = 45
# An instant that counts as now: within the history, so that events of its last days wait.
AS_OF = FIRST + timedelta(days=40, hours=13)
_NAMES = ["page_view", "mission_created", "mission_created", "mission_completed", "search_performed", 'say "é"']


def history(chance: Random) -> list[Event]:
    """Users who begin, stay away and come back; sessions over midnights and weeks, several at once, at round times."""
    events = []
    for number in range(chance.randint(150, 250)):
        user = chance.choice([*"abcdefgh", None])
        at = FIRST + timedelta(days=chance.choice([chance.randrange(DAYS), chance.randrange(7)]))
        at += chance.choice(
            [
                timedelta(hours=chance.randrange(24)),
                timedelta(seconds=chance.randrange(-1800, 1800)),
                timedelta(microseconds=chance.randrange(86_400_000_000)),
            ]
        )
        properties: dict[str, Any] = {}
        if chance.random() < 0.5:
            properties["duration_ms"] = chance.choice([0, 17, 250.5])
        if chance.random() < 0.5:
            properties["status"] = chance.choice(["success", "failure"])
        # A session id that comes again on many days spans days without an event.
        session = chance.choice([None, None, f"{user}-{at.date()}", f"{user}-long-{chance.randrange(3)}"])
        # With few ids of one letter in front, ties of instants are settled by ids in any order.
        events.append(Event(f"{chance.choice('aZé')}{number}", chance.choice(_NAMES), at, user, session, properties))
    return events


def record_of(event: Event) -> dict[str, Any]:
    """The event as an application sends it."""
    return {
        "id": event.id,
        "event_type": "track",
        "event_name": event.name,
        "timestamp": f"{event.at.replace(tzinfo=UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "user_id": event.user,
        "session_id": event.session,
        "properties": dict(event.properties) or None,
    }
