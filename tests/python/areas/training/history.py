"""Histories of the area training: few users who do much, so that records meet in every way the law is about."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from uuid import UUID

from laws.histories import Batch, Drawn, Record

_USERS = ["ann", "bob", "cem"]
_PLACES = {
    "t1": ("r1", "c1", "b1", "Asia/Seoul"),
    "t2": ("r1", "c1", "b1", "Asia/Seoul"),
    "t3": ("r1", "c2", "b9", "America/New_York"),
}
_UNKNOWN_TEAM = "t9"
_REWARDS = ["daily_streak", "weekly_streak", "first_sale", "mentor", "nonsense"]
_VERSIONS = ["v1", "v2", "v10"]
_FIRST = datetime(2026, 3, 5, tzinfo=UTC)
_LONG_AGO = date(2026, 1, 1)
_VERSION_KEYS = {"module": ["moduleVersion"], "saleslab": ["scenarioVersion", "promptVersion"], "none": []}
_KINDS = {
    "login": "none", "module_start": "module", "module_complete": "module", "quiz_answer": "module",
    "saleslab_turn": "saleslab", "reward_claim": "none",
}  # fmt: skip
_EVENT_TIME = {"event_log": "timestamp", "interaction_log": "timestamp", "session_log": "startTime"}


class TrainingHistory:
    """Copies, attempts in any order, sessions over midnight, users who move, an organisation that changes."""

    area = "training"
    as_of = None

    def draw(self, chance: Random) -> Drawn:
        """One history of three to eight days."""
        story = _Story(chance)
        records: list[tuple[str, Record]] = []
        for _ in range(chance.randint(10, 45)):
            records.append(story.record())
        for table, record in list(records):
            if chance.random() < 0.25:
                records.append((table, story.copy_of(table, record)))
        return Drawn(self.area, records, story.organisation())


class _Story:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.days = chance.randint(3, 8)
        self.sessions: list[tuple[str, datetime]] = []

    def record(self) -> tuple[str, Record]:
        kind = self.chance.random()
        if kind < 0.6:
            return "event_log", self.event()
        return ("session_log", self.session()) if kind < 0.8 else ("interaction_log", self.interaction())

    def event(self) -> Record:
        chance = self.chance
        # Attempts twice as often: most of the law's trouble is theirs.
        event_type = chance.choice([*_KINDS, "module_start", "module_complete"])
        kind = _KINDS[event_type]
        is_attempt = event_type in ("module_start", "module_complete")
        context = {
            "moduleId": chance.choice(["m1", "m1", "m2"]) if is_attempt else None,
            "quizId": "q1" if event_type == "quiz_answer" else None,
            "scenarioId": "gift" if kind == "saleslab" else None,
            "turnIndex": chance.randint(0, 3) if kind == "saleslab" else None,
            "action": chance.choice(_REWARDS) if event_type == "reward_claim" else None,
        }
        head = {"eventId": self.new_id(), "timestamp": self.written(self.instant()), "userId": self.user()}
        return head | {"eventType": event_type, "context": context} | self.version(kind) | self.scope()

    def session(self) -> Record:
        chance = self.chance
        engine = chance.choice(["saleslab", "learning", "quiz"])
        start = self.instant()
        end = start + timedelta(milliseconds=chance.randint(0, 4_000_000))
        session_id = self.new_id()
        self.sessions.append((session_id, start))
        sells = engine == "saleslab"
        return {
            "sessionId": session_id,
            "userId": self.user(),
            "engine": engine,
            "startTime": self.written(start),
            "endTime": self.written(end),
            "durationSec": chance.choice([0.1, 1.5, 300.0, (end - start).total_seconds()]),
            "outcome": chance.choice(["success", "fail", "partial", None]),
            "summary": {
                "turnCount": 3,
                "correctAnswers": 2 if engine == "quiz" else None,
                "upsellAttempts": chance.choice([None, 0, 2]) if sells else None,
                "upsellSuccess": chance.choice([None, True, False]) if sells else None,
            },
        } | self.version("saleslab" if sells else "module") | self.scope()  # fmt: skip

    def interaction(self) -> Record:
        chance = self.chance
        engine = chance.choice(["saleslab", "module", "quiz"])
        session_id, start = self.new_id(), self.instant()
        if self.sessions and chance.random() < 0.9:
            session_id, start = chance.choice(self.sessions)
        at = start + timedelta(minutes=chance.randint(0, 60))
        return {
            "interactionId": self.new_id(),
            "sessionId": session_id,
            "timestamp": self.written(at if chance.random() < 0.7 else self.instant()),
            "userId": self.user(),
            "engine": engine,
            "input": "hi",
            "output": chance.choice([None, "x"]),
            "metadata": {
                "difficultyLevel": chance.choice([None, 1, 2.5, 3]),
                "personaId": chance.choice([None, "p1", "P2"]),
                "traitActivation": chance.sample(["a", "B", "c"], chance.randint(0, 2)),
                "upsellTriggered": chance.random() < 0.5,
            },
        } | self.version("saleslab" if engine == "saleslab" else "module") | self.scope()  # fmt: skip

    def copy_of(self, table: str, record: Record) -> Record:
        """The record again: as it was, or with another user, time, scope, version or content under the same id."""
        chance = self.chance
        again = copy.deepcopy(record)
        match chance.choice(["exact", "exact", "user", "time", "scope", "version", "content"]):
            case "user":
                again["userId"] = self.user()
            case "time":
                shift = timedelta(hours=chance.randint(-40, 40))
                for name in (_EVENT_TIME[table], "endTime"):
                    if name in again:
                        again[name] = self.written(datetime.fromisoformat(again[name]) + shift)
            case "scope":
                again |= self.scope(known=0.6)
            case "version" if again["version"]["moduleVersion"]:
                again["version"]["moduleVersion"] = "v3"
            case "content" if table == "event_log" and again["eventType"] == "reward_claim":
                again["context"]["action"] = chance.choice(_REWARDS)
            case "content" if table == "session_log":
                again["outcome"] = chance.choice(["success", "fail", None])
            case "content" if table == "interaction_log":
                again["metadata"]["traitActivation"] = ["z"]
        return again

    def organisation(self) -> list[Batch]:
        """Three deliveries of the organisation: what there is at first, what was forgotten, what is corrected."""
        chance = self.chance
        deliveries: list[list[Record]] = [[], [], []]
        for team in _PLACES:
            row = self.place(team)
            if chance.random() < 0.3:
                row["valid_from"] = _day(2)
            deliveries[0 if chance.random() < 0.7 else 1].append(row)
            if chance.random() < 0.4:
                timezones = ["Asia/Seoul", "America/New_York", "Europe/Berlin"]
                mended = {"timezone": chance.choice(timezones), "valid_to": chance.choice([None, _day(4)])}
                deliveries[2].append(row | mended)
            if chance.random() < 0.3:
                moved = {"timezone": chance.choice(["Asia/Seoul", "Pacific/Kiritimati"])}
                later = row | moved | {"valid_from": _day(chance.randint(3, 5))}
                deliveries[chance.choice([1, 2])].append(later)
        if chance.random() < 0.3:
            deliveries[2].append(self.place(_UNKNOWN_TEAM))
        return [Batch("training", "org_scope", rows) for rows in deliveries if rows]

    def place(self, team: str) -> Record:
        region, country, branch, zone = _PLACES.get(team, ("r1", "c1", "b1", "UTC"))
        ids = {"region_id": region, "country_id": country, "branch_id": branch, "team_id": team}
        return ids | {"timezone": zone, "valid_from": _LONG_AGO, "valid_to": None}

    def scope(self, known: float = 0.9) -> Record:
        """A place; one that may be forgotten or never known where it is not of the known share."""
        place = self.place(self.chance.choice(list(_PLACES)) if self.chance.random() < known else _UNKNOWN_TEAM)
        names = ("regionId", "countryId", "branchId", "teamId")
        return {"scope": dict(zip(names, list(place.values())[:4], strict=True))}

    def version(self, kind: str) -> Record:
        version: dict[str, str | None] = {"moduleVersion": None, "scenarioVersion": None, "promptVersion": None}
        return {"version": version | {key: self.chance.choice(_VERSIONS) for key in _VERSION_KEYS[kind]}}

    def user(self) -> str:
        return self.chance.choice(_USERS)

    def new_id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128)))

    def instant(self) -> datetime:
        """Any second; sometimes a round time, so that two records share it; sometimes just before midnight in Seoul."""
        chance = self.chance
        match chance.choice(["round", "midnight", "any", "any", "any"]):
            case "round":
                return _FIRST + timedelta(hours=chance.randint(0, self.days * 24))
            case "midnight":
                return _FIRST + timedelta(days=chance.randint(0, self.days), hours=15, seconds=-chance.randint(0, 900))
        return _FIRST + timedelta(seconds=chance.randint(0, self.days * 86_400))

    def written(self, at: datetime) -> str:
        """An instant as the sender writes it: in UTC, or with the offset of Seoul."""
        return at.astimezone(self.chance.choice([UTC, timezone(timedelta(hours=9))])).isoformat()


def _day(number: int) -> date:
    return (_FIRST + timedelta(days=number)).date()


HISTORY = TrainingHistory()
