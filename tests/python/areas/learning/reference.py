"""The rules of the learning area once more, event by event in plain Python: what the SQL is held against.

Nothing here shares code or method with the models: minutes are filled second by second fraction, mastery is computed as
pyBKT's papers write it, in probabilities and with sixty digits, and beta quantiles by numerical integration.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import Any

IDLE_CAP = timedelta(seconds=60)
# The first number of seconds that does not fit into ten digits, two of them after the point.
LONGEST_SESSION = 100_000_000
_COUNTS_AS = {
    "page_view": "page_views",
    "interaction": "interactions",
    "lesson_start": "lessons_started",
    "lesson_complete": "lessons_completed",
    "assessment_start": "assessments_started",
    "assessment_complete": "assessments_completed",
    "error": "errors",
}
PRIOR, LEARN, GUESS, SLIP = Decimal("0.2"), Decimal("0.15"), Decimal("0.2"), Decimal("0.1")


@dataclass(frozen=True)
class Event:
    """One event, as staging has it: no copies, the payload of the allow-list."""

    learner_id: str
    event_type: str
    event_id: str
    session_id: str
    timestamp: datetime
    data: dict[str, Any]

    @property
    def share(self) -> Decimal | None:
        """The score as a share of the highest."""
        score, highest = self.data.get("score"), self.data.get("max_score")
        if not _is_number(score) or (highest is not None and (not _is_number(highest) or highest <= 0)):
            return None
        if highest is None:
            return Decimal(str(score)) / 100 if 0 <= score <= 100 else None
        return min(max(Decimal(str(score)) / Decimal(str(highest)), Decimal(0)), Decimal(1))


def _is_number(value: Any) -> bool:
    """Whether a value of a payload is a number; a number in quotation marks is a text."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def event_from(row: dict[str, Any]) -> Event:
    """An event from a row of a CSV file."""
    at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=None)
    data = json.loads(row["data"]) if row["data"] else {}
    return Event(row["learner_id"], row["event_type"], row["event_id"], row["session_id"], at, data)


def sessions_of(events: Iterable[Event]) -> dict[tuple[str, str], list[Event]]:
    """The events of each session in their order."""
    found: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda item: (item.timestamp, item.event_id.encode())):
        found[event.learner_id, event.session_id].append(event)
    return found


def minute_metrics(events: Iterable[Event]) -> dict[tuple[str, str, datetime], dict[str, Any]]:
    """By learner, session and minute: the counts that are not 0, and the seconds spent."""
    minutes: dict[tuple[str, str, datetime], dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    spent: dict[tuple[str, str, datetime], timedelta] = defaultdict(timedelta)
    for (learner, session), own in sessions_of(events).items():
        for event, following in zip(own, [*own[1:], None], strict=True):
            minute = event.timestamp.replace(second=0, microsecond=0)
            minutes[learner, session, minute]["total_events"] += 1
            minutes[learner, session, minute][_COUNTS_AS[event.event_type]] += 1
            at = event.timestamp
            end = at if following is None else min(following.timestamp, at + IDLE_CAP)
            while at < end:
                minute = at.replace(second=0, microsecond=0)
                stop = min(end, minute + timedelta(minutes=1))
                spent[learner, session, minute] += stop - at
                minutes[learner, session, minute]["total_events"] += 0
                at = stop
    return {
        key: {name: count for name, count in counts.items() if count}
        | {"time_spent_seconds": rounded(Decimal(spent[key] // timedelta(microseconds=1)) / 1_000_000, 2)}
        for key, counts in minutes.items()
    }


def session_metrics(events: Iterable[Event]) -> dict[tuple[str, str], dict[str, Any]]:
    """By learner and session; none for a session that is longer than its length can say."""
    found = {}
    for key, own in sessions_of(events).items():
        kinds = defaultdict(list)
        for event in own:
            kinds[event.event_type].append(event)
        shares = [event.share for event in kinds["assessment_complete"] if event.share is not None]
        started = {("lesson", event.data.get("lesson_id")) for event in kinds["lesson_start"]}
        started |= {("assessment", event.data.get("assessment_id")) for event in kinds["assessment_start"]}
        completed = {("lesson", event.data.get("lesson_id")) for event in kinds["lesson_complete"]}
        completed |= {("assessment", event.data.get("assessment_id")) for event in kinds["assessment_complete"]}
        pages = {event.data.get("page") for event in kinds["page_view"]} - {None}
        lasted = (own[-1].timestamp - own[0].timestamp) // timedelta(microseconds=1)
        if rounded(Decimal(lasted) / 1_000_000, 2) >= LONGEST_SESSION:
            continue
        found[key] = {
            "session_start": own[0].timestamp,
            "session_end": own[-1].timestamp,
            "duration_seconds": rounded(Decimal(lasted) / 1_000_000, 2),
            "total_events": len(own),
            "unique_pages": len(pages),
            "total_interactions": len(kinds["interaction"]),
            "lessons_attempted": len(kinds["lesson_start"]),
            "lessons_completed": len(kinds["lesson_complete"]),
            "assessments_attempted": len(kinds["assessment_start"]),
            "assessments_completed": len(kinds["assessment_complete"]),
            "avg_assessment_score": rounded(sum(shares) * 100 / len(shares), 2) if shares else None,
            "completion_rate": rounded(Decimal(len(started & completed)) / len(started), 4) if started else None,
            "last_activity": own[-1].timestamp,
            "partition_date": own[0].timestamp.date(),
        }
    return found


def mastery_deltas(events: Iterable[Event]) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """By learner, content type, content and event: mastery before and after, and how sure that is."""
    sequences: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda item: (item.timestamp, item.event_id.encode())):
        if event.event_type == "assessment_complete":
            contents = ["assessment", "skill"]
        elif event.event_type == "lesson_complete" and event.share is not None:
            contents = ["lesson", "skill"]
        else:
            continue
        for kind in contents:
            if event.data.get(f"{kind}_id") is not None:
                sequences[event.learner_id, kind, event.data[f"{kind}_id"]].append(event)
    found = {}
    for sequence, own in sequences.items():
        mastery, right, wrong = PRIOR, Decimal(1), Decimal(1)
        for number, event in enumerate(own, 1):
            before, mastery = mastery, traced(mastery, event.share)
            right += event.share or 0
            wrong += 1 - event.share if event.share is not None else 0
            found[*sequence, event.event_id] = {
                "previous_mastery": rounded(before, 4),
                "current_mastery": rounded(mastery, 4),
                "confidence_score": 1 - beta_interval(float(right), float(wrong)),
                "evidence_count": number,
                "timestamp": event.timestamp,
            }
    return found


def traced(mastery: Decimal, share: Decimal | None) -> Decimal:
    """One step of Bayesian Knowledge Tracing: the posterior of the evidence, then the chance to learn.

    For a right answer P(L|right) = P(L)(1 - S) / (P(L)(1 - S) + (1 - P(L)) G), for a wrong one with S and 1 - G in
    their place; P(L') = P(L|evidence) + (1 - P(L|evidence)) T. A share of a right answer mixes the likelihoods.
    """
    with localcontext() as context:
        context.prec = 400
        if share is not None:
            known = share * (1 - SLIP) + (1 - share) * SLIP
            unknown = share * GUESS + (1 - share) * (1 - GUESS)
            mastery = mastery * known / (mastery * known + (1 - mastery) * unknown)
        return mastery + (1 - mastery) * LEARN


def beta_interval(a: float, b: float, steps: int = 20_000) -> float:
    """Width of the equal-tailed 90 % interval of Beta(a, b), by the trapezoid rule over the density."""
    densities = [0.0] * (steps + 1)
    for step in range(1, steps):
        x = step / steps
        densities[step] = math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x))
    densities[0] = 1.0 if a == 1 else 0.0
    densities[steps] = 1.0 if b == 1 else 0.0
    masses = [0.0]
    for step in range(steps):
        masses.append(masses[-1] + (densities[step] + densities[step + 1]) / 2)
    ends = []
    for probability in (0.05, 0.95):
        wanted = probability * masses[-1]
        step = next(number for number, mass in enumerate(masses) if mass >= wanted)
        part = (wanted - masses[step - 1]) / (masses[step] - masses[step - 1])
        ends.append((step - 1 + part) / steps)
    return ends[1] - ends[0]


def hours_of_days(events: Iterable[Event]) -> dict[tuple[str, date], float]:
    """Hours a learner spent on a day, every microsecond once, however many sessions it lies in."""
    stretches: dict[tuple[str, date], list[tuple[datetime, datetime]]] = defaultdict(list)
    for (learner, _), own in sessions_of(events).items():
        for event, following in pairwise(own):
            at, end = event.timestamp, min(following.timestamp, event.timestamp + IDLE_CAP)
            midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
            stretches[learner, at.date()].append((at, min(end, midnight)))
            if end > midnight:
                stretches[learner, end.date()].append((midnight, end))
    hours: dict[tuple[str, date], float] = defaultdict(float)
    for key, pieces in stretches.items():
        spent, until = timedelta(), datetime.min
        for start, end in sorted(pieces):
            spent += max(end - max(start, until), timedelta())
            until = max(until, end)
        hours[key] = spent / timedelta(hours=1)
    return hours


def events_of_days(events: Iterable[Event]) -> dict[tuple[str, date], list[Event]]:
    """The events of a learner on a day: on those days the learner is active."""
    days: dict[tuple[str, date], list[Event]] = defaultdict(list)
    for event in events:
        days[event.learner_id, event.timestamp.date()].append(event)
    return days


def engagement(events: Iterable[Event]) -> dict[date, tuple[int, int, int]]:
    """By day with an event: the learners with events on it, in the 7 days that end with it and in the 30."""
    active = list(events_of_days(events))
    return {
        day: (
            len({learner for learner, other in active if other == day}),
            len({learner for learner, other in active if timedelta(0) <= day - other < timedelta(days=7)}),
            len({learner for learner, other in active if timedelta(0) <= day - other < timedelta(days=30)}),
        )
        for _, day in active
    }


def unfit_scores(events: Iterable[Event]) -> set[str]:
    """Ids of the events that complete something with a score that cannot be used."""
    completions = [event for event in events if event.event_type in ("lesson_complete", "assessment_complete")]
    return {event.event_id for event in completions if event.data.get("score") is not None and event.share is None}


def rounded(value: Decimal, digits: int) -> Decimal:
    """Halves away from zero."""
    return Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
