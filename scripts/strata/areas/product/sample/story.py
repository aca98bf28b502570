"""Who comes to the workshop, and what they do there, as events in the form in which applications send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import exp
from random import Random
from typing import Any
from uuid import UUID

Record = dict[str, Any]

_PLACES = (("DE", "Berlin"), ("FR", "Lyon"), ("JP", "Osaka"), ("US", "Denver"), ("BR", "Recife"))
_DEVICES = (("desktop", "Firefox", "Linux"), ("desktop", "Chrome", "Windows"), ("phone", "Chrome", "Android"),
            ("phone", "Safari", "iOS"), ("tablet", "Safari", "iOS"))  # fmt: skip
_CAME_FROM = ("https://search.example/", "https://news.example/workshop", None, None)
_RELEASES = ("2.3.0", "2.4.0")
_BROWSE = ("/", "/forge", "/help", "/missions", "/missions/new", "/pricing")
_QUESTIONS = ("export", "invoice", "report", "template")
_BOT = "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/about)"
_HUMAN = "Mozilla/5.0 (X11; Workshop) Gecko/20100101"
# What a visit does after it has begun a mission, and how likely each next step is.
_WAY = (("spec_created", 0.8), ("forge_item_created", 0.75), ("mission_completed", 0.7), ("plan_chosen", 0.4))
_RATE_BOT_EVENTS = 320


@dataclass
class Visitor:
    """One person, or bot, with the device that they keep."""

    number: int
    first_day: int
    is_known: bool
    sends_sessions: bool
    context: Record

    @property
    def user_id(self) -> str:
        """The internal id that the workshop gives them."""
        return f"user-{self.number:05}"


@dataclass
class Story:
    """Tells the events of some days up to the last one."""

    chance: Random
    last_day: date
    days: int
    users: int = 0
    _sessions: int = 0
    _told: list[Record] = field(default_factory=list)

    def tell(self, events: int) -> list[Record]:
        """About so many events, in the order of their instants."""
        number = 0
        while len(self._told) < events:
            number += 1
            self._visitor(number)
            if number % 40 == 0:
                self._crawl(number)
            if number % 150 == 60 and events > 10 * _RATE_BOT_EVENTS:
                self._hammer(number)
        self._told.sort(key=lambda event: (event["timestamp"], event["id"]))
        return self._told

    def _visitor(self, number: int) -> None:
        chance = self.chance
        country, city = chance.choice(_PLACES)
        device, browser, system = chance.choice(_DEVICES)
        context = {"device_type": device, "browser": browser, "os": system, "country": country, "city": city,
                   "user_agent": f"{_HUMAN} {browser}/120.0"}  # fmt: skip
        visitor = Visitor(
            number,
            first_day=chance.randrange(-10, self.days),
            is_known=chance.random() < 0.75,
            sends_sessions=device != "phone" or chance.random() < 0.3,
            context=context,
        )
        self.users += visitor.is_known
        for day in range(max(visitor.first_day, 0), self.days):
            since = day - visitor.first_day
            if since == 0 or chance.random() < 0.45 * exp(-since / 15) + 0.04:
                self._visit(visitor, day, is_first=since == 0)

    def _visit(self, visitor: Visitor, day: int, *, is_first: bool) -> None:
        chance = self.chance
        self._sessions += 1
        is_anonymous = not visitor.is_known or (is_first and visitor.sends_sessions)
        has_session = visitor.sends_sessions or not visitor.is_known
        ids = {
            "session_id": f"visit-{self._sessions:06}" if has_session else None,
            "user_id": None if is_anonymous else visitor.user_id,
        }
        adopted = day > self.days * 0.55 + chance.random() * 5
        context = visitor.context | {"app_version": _RELEASES[adopted]}
        clock = self._clock(day)
        way = list(self._way(better=adopted))
        for place, (kind, name, more) in enumerate(way):
            at = next(clock)
            referrer = chance.choice(_CAME_FROM) if place == 0 else None
            self._add(at, kind, name, ids, context, more | ({"referrer": referrer} if referrer else {}))
            if is_anonymous and visitor.is_known and place == len(way) // 2:
                ids["user_id"] = visitor.user_id
                self._add(next(clock), "identify", "user_identified", ids, context, {})
                self._second_thoughts(clock, ids, context)

    def _second_thoughts(self, clock: Iterator[datetime], ids: Record, context: Record) -> None:
        """Now and then a second user signs in on the same device, or a link is taken back."""
        if self._sessions % 90 == 1:
            other = ids | {"user_id": f"user-{self._sessions % 50 + 1:05}"}
            self._add(next(clock), "identify", "user_identified", other, context, {})
        if self._sessions % 120 == 2:
            self._add(next(clock), "identify", "identity_withdrawn", ids, context, {})

    def _way(self, *, better: bool) -> Iterator[tuple[str, str, Record]]:
        """Pages and deeds of one visit: type, name, and what else the event says."""
        chance = self.chance
        for _ in range(chance.randrange(1, 7)):
            query = "?from=mail" if chance.random() < 0.1 else ""
            yield "page", "page_view", {"page_url": chance.choice(_BROWSE) + query}
        if chance.random() < 0.2:
            asked = {"query": chance.choice(_QUESTIONS), "result_count": chance.randrange(40)}
            yield "track", "search_performed", {"properties": asked}
        if chance.random() < 0.5:
            mission = {"mission_id": f"mission-{chance.randrange(10**6):06}"}
            yield "track", "mission_created", {"properties": mission}
            for name, likely in _WAY:
                if chance.random() > likely + (0.05 if better else 0.0):
                    return
                if name == "plan_chosen":
                    yield "page", "page_view", {"page_url": "/pricing"}
                yield "track", name, {"properties": self._properties(name) | mission}

    def _properties(self, name: str) -> Record:
        chance = self.chance
        number = f"{chance.randrange(10**6):06}"
        match name:
            case "mission_completed":
                status = "success" if chance.random() < 0.9 else "failed"
                return {"duration_ms": round(chance.lognormvariate(10.0, 0.8)), "status": status}
            case "forge_item_created":
                return {"item_id": f"item-{number}", "item_type": chance.choice(("image", "table", "text"))}
            case "plan_chosen":
                return {"plan": chance.choice(("basic", "pro")), "amount": chance.randrange(1_500, 9_000) / 100}
        return {"spec_id": f"spec-{number}"}

    def _clock(self, day: int) -> Iterator[datetime]:
        """Instants of one visit: mostly in the evening, some over midnight, some with a long pause."""
        chance = self.chance
        hour = 23.8 if chance.random() < 0.03 else min(max(chance.gauss(18, 4), 0.0), 23.4)
        at = self._midnight(day) + timedelta(seconds=round(hour * 3600), microseconds=chance.randrange(1_000_000))
        while True:
            yield at
            pause = chance.uniform(1_800, 7_000) if chance.random() < 0.02 else chance.expovariate(1 / 45)
            at += timedelta(milliseconds=round(pause * 1000))

    def _crawl(self, number: int) -> None:
        """A crawler that says so, looks at every page, and has no session."""
        context = {"device_type": "desktop", "user_agent": _BOT}
        at = self._midnight(number % self.days) + timedelta(hours=3)
        for step in range(2 * len(_BROWSE)):
            ids = {"session_id": f"crawl-{number}", "user_id": None}
            page = {"page_url": _BROWSE[step % len(_BROWSE)]}
            self._add(at + timedelta(seconds=2 * step), "page", "page_view", ids, context, page)
        # A page that nobody can be tied to.
        nobody = {"session_id": None, "user_id": None}
        self._add(at, "page", "page_view", nobody, {}, {"page_url": "/help"})

    def _hammer(self, number: int) -> None:
        """A script under the name of a user that asks for more in a minute than a person can."""
        ids = {"session_id": None, "user_id": f"user-{number:05}"}
        context = {"device_type": "desktop", "browser": "Chrome", "user_agent": f"{_HUMAN} Chrome/120.0"}
        at = self._midnight(number % self.days) + timedelta(hours=4)
        for step in range(_RATE_BOT_EVENTS):
            self._add(at + timedelta(milliseconds=180 * step), "track", "search_performed", ids, context, {})

    def _midnight(self, day: int) -> datetime:
        first = self.last_day - timedelta(days=self.days - 1 - day)
        return datetime(first.year, first.month, first.day, tzinfo=UTC)

    def _add(self, at: datetime, kind: str, name: str, ids: Record, context: Record, more: Record) -> None:
        told = {
            "id": random_id(self.chance), "event_type": kind, "event_name": name, "timestamp": at,
            **ids, "properties": None, "context": context, "page_url": None, "referrer": None,
        }  # fmt: skip
        self._told.append(told | more)


def random_id(chance: Random) -> str:
    """A UUID of version 4."""
    return str(UUID(int=chance.getrandbits(128), version=4))
