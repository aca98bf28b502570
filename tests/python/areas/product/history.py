"""Histories of the area product: few users, sessions and days, so that events meet in every way the law is about."""

from __future__ import annotations

import copy
import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from laws.histories import Drawn, Record

from areas.product.funnel_history import funnel_records
from areas.product.metric_history import metric_records
from strata.track import EventBuilder, Funnel, MetricBuilder
from strata.track.store import Store

_USERS = ["ann", "bob", "cem"]
_SESSIONS = ["s1", "s2", "s3"]
_FIRST = datetime(2026, 3, 4, tzinfo=UTC)
_DAYS = 6


class ProductHistory:
    """Sessions over midnights that late events join, links that are withdrawn, rates that are crossed late, copies."""

    area = "product"
    # Within the history, so that events of its last days wait.
    as_of = "2026-03-08 18:00:00"

    def draw(self, chance: Random) -> Drawn:
        """One history of six days."""
        story = _Story(chance)
        records = [("analytics_events", story.event()) for _ in range(chance.randint(20, 70))]
        for _ in range(chance.randint(0, 2)):
            records += [("analytics_events", event) for event in story.burst()]
        records += [(table, story.copy_of(event)) for table, event in list(records) if chance.random() < 0.2]
        records += funnel_records(chance)
        records += metric_records(chance)
        return Drawn(self.area, records, [])

    def grow_database(self, path: Path, chance: Random) -> None:
        """The application's own SQLite file, made where it is missing, with some more events, metrics and a funnel."""
        path.parent.mkdir(parents=True, exist_ok=True)
        at = _FIRST + timedelta(hours=chance.randint(0, 90))
        steps = {"steps": [{"event_name": "search"}, {"event_name": chance.choice(["order", "page_view"])}]}
        built = [EventBuilder.track("order").user_id(chance.choice(_USERS)).build() for _ in range(20)]
        built += [MetricBuilder.timer("load", chance.randint(1, 99)).tag("page", "a").build() for _ in range(20)]
        with Store(path) as store:
            store.append(*(dataclasses.replace(record, timestamp=at) for record in built))
            store.append(Funnel(name=f"orders {chance.random()}", steps=steps, created_at=at))


class _Story:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.events = 0
        self.last = _FIRST + timedelta(hours=12)

    def event(self) -> Record:
        """Anybody's, in a session or in none; one in five says who the session's user is, or takes it back."""
        chance = self.chance
        if chance.random() < 0.2:
            name = chance.choice(["user_identified", "user_identified", "identity_withdrawn"])
            return self.record("identify", name, chance.choice(_USERS), chance.choice(_SESSIONS), self.instant())
        user = chance.choice([*_USERS, *_USERS, None, None, None])
        session = chance.choice([*_SESSIONS, None, None])
        name = chance.choice(["page_view", "search", "search", "order", "mission_created", "mission_completed"])
        return self.record("page" if name == "page_view" else "track", name, user, session, self.instant())

    def burst(self) -> list[Record]:
        """So many events in one minute that one more, or one fewer, decides whether they are a bot's."""
        chance = self.chance
        at = self.instant().replace(second=0, microsecond=0)
        user, session = chance.choice([("ann", None), ("bob", "s1"), (None, "s2")])
        count = chance.choice([300, 301])
        return [
            self.record("track", "search", user, session, at + timedelta(milliseconds=100 * number))
            for number in range(count)
        ]

    def record(self, kind: str, name: str, user: str | None, session: str | None, at: datetime) -> Record:
        """An event with an id of its own."""
        chance = self.chance
        self.events += 1
        url = chance.choice(["https://x.example/a", "https://x.example/b?q=1#top", None])
        return {
            "id": f"e{self.events}-{chance.randint(0, 999)}",
            "event_type": kind,
            "event_name": name,
            "timestamp": at.isoformat().replace("+00:00", "Z"),
            "user_id": user,
            "session_id": session,
            "properties": chance.choice(
                [None, {"plan": "pro", "duration_ms": chance.randint(0, 9)}, {"success": True}]
            ),
            "context": chance.choice([None, self.context()]),
            "page_url": url,
            "referrer": chance.choice([None, "https://search.example"]),
        }

    def context(self) -> Record:
        """Where the application runs; rarely a bot."""
        chance = self.chance
        agent = chance.choice(["Mozilla/5.0", "Mozilla/5.0", "Googlebot/2.1"]) if chance.random() < 0.3 else None
        context = {
            "device_type": chance.choice(["phone", None]),
            "browser": chance.choice(["Firefox", "Safari"]),
            "country": chance.choice(["NL", "DE", 7]),
            "app_version": chance.choice(["1.0", "1.1", "1.10"]),
            "user_agent": agent,
        }
        return {key: value for key, value in context.items() if value is not None}

    def copy_of(self, event: Record) -> Record:
        """The event again: as it was, or with one thing changed under the same id."""
        chance = self.chance
        again = copy.deepcopy(event)
        match chance.choice(["exact", "exact", "user", "session", "time", "type", "context"]):
            case "user":
                again["user_id"] = chance.choice([*_USERS, None])
            case "session":
                again["session_id"] = chance.choice([*_SESSIONS, None])
            case "time":
                again["timestamp"] = self.instant().isoformat().replace("+00:00", "Z")
            case "type":
                again["event_type"] = chance.choice(["identify", "track"])
            case "context":
                again["context"] = self.context()
        return again

    def instant(self) -> datetime:
        """Soon after the last one, exactly a session's pause after it, around midnight, or anywhere."""
        chance = self.chance
        match chance.choice(["soon", "soon", "pause", "midnight", "midnight", "any"]):
            case "soon":
                self.last += timedelta(milliseconds=chance.randint(0, 2_000_000))
            case "pause":
                self.last += timedelta(minutes=30, microseconds=chance.choice([-1, 0, 0, 1]))
            case "midnight":
                self.last = _FIRST + timedelta(days=chance.randint(1, _DAYS), minutes=chance.randint(-40, 40))
            case _:
                self.last = _FIRST + timedelta(milliseconds=chance.randint(0, _DAYS * 86_400_000))
        return self.last


HISTORY = ProductHistory()
