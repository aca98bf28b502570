"""Histories of the area learning: few learners and sessions, so that events meet in every way the law is about."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from random import Random

from laws.histories import Drawn, Record

_LEARNERS = ["learner_ann", "learner_bob", "learner_cem"]
_SESSIONS = ["s1", "s2", "s3", "s4"]
_TYPES = [
    "page_view", "interaction", "lesson_start", "lesson_complete", "assessment_start", "assessment_complete", "error",
]  # fmt: skip
_FIRST = datetime(2026, 3, 5, tzinfo=UTC)


class LearningHistory:
    """Copies, sessions over midnight that overlap, late first events, sequences of evidence in any order."""

    area = "learning"
    # Within the history, so that sessions are active and views end among its days.
    as_of = "2026-03-08 12:00:00"

    def draw(self, chance: Random) -> Drawn:
        """One history of three to eight days."""
        story = _Story(chance)
        records = [("raw_events", story.event()) for _ in range(chance.randint(20, 80))]
        records += [("raw_events", story.copy_of(event)) for _, event in list(records) if chance.random() < 0.25]
        return Drawn(self.area, records, [])


class _Story:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.days = chance.randint(3, 8)
        self.events = 0
        self.last = _FIRST

    def event(self) -> Record:
        chance = self.chance
        self.events += 1
        event_type = chance.choice([*_TYPES, "assessment_complete", "lesson_complete"])
        return {
            "learner_id": chance.choice(_LEARNERS),
            "event_type": event_type,
            "event_id": f"e{self.events}-{chance.randint(0, 999)}",
            "session_id": chance.choice(_SESSIONS),
            "timestamp": self.instant().isoformat().replace("+00:00", "Z"),
            "data": self.payload(),
            "metadata": chance.choice([None, {"source": "web"}, {"tenant_id": chance.choice(["t1", "t2"])}]),
            "version": "1.0",
        }

    def payload(self) -> Record | None:
        chance = self.chance
        if chance.random() < 0.1:
            return None
        return {
            "page": chance.choice(["/a", "/b", "/b?x=1", None]),
            "lesson_id": chance.choice(["L1", "L2", None]),
            "assessment_id": chance.choice(["A1", "A1", None]),
            "skill_id": chance.choice(["K1", None]),
            "score": chance.choice([0, 7, 33.3, 50, 100, 140, "50", None]),
            "max_score": chance.choice([None, None, 0, 7, 150, "150"]),
            "nobody_knows": chance.randint(0, 9),
        }

    def copy_of(self, event: Record) -> Record:
        """The event again: as it was, or with one thing changed under the same id."""
        chance = self.chance
        again = copy.deepcopy(event)
        match chance.choice(["exact", "exact", "learner", "session", "time", "payload", "type"]):
            case "learner":
                again["learner_id"] = chance.choice(_LEARNERS)
            case "session":
                again["session_id"] = chance.choice(_SESSIONS)
            case "time":
                again["timestamp"] = self.instant().isoformat().replace("+00:00", "Z")
            case "payload":
                again["data"] = self.payload()
            case "type":
                again["event_type"] = chance.choice(_TYPES)
        return again

    def instant(self) -> datetime:
        """Soon after the last one, around midnight, at a round time that several share, anywhere; rarely years off."""
        chance = self.chance
        if chance.random() < 0.02:
            # Its session is too long to be published, unless another copy of the event wins.
            return _FIRST - timedelta(days=chance.choice([2_000, 9_000]))
        match chance.choice(["soon", "soon", "midnight", "round", "any"]):
            case "soon":
                self.last += timedelta(milliseconds=chance.randint(0, 150_000))
            case "midnight":
                self.last = _FIRST + timedelta(days=chance.randint(1, self.days), seconds=chance.randint(-90, 90))
            case "round":
                self.last = _FIRST + timedelta(hours=chance.randint(0, self.days * 24))
            case _:
                self.last = _FIRST + timedelta(milliseconds=chance.randint(0, self.days * 86_400_000))
        return self.last


HISTORY = LearningHistory()
