"""Good records of every table, to be changed where a test wants them otherwise."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]

VERSION = {"moduleVersion": "m1", "scenarioVersion": "s1", "promptVersion": "p1"}
SCOPE = {"regionId": "emea", "countryId": "de", "branchId": "berlin", "teamId": "berlin_1"}
ORG_HEADER = b"region_id,country_id,branch_id,team_id,timezone,valid_from,valid_to\n"


def key(number: int) -> str:
    """A UUID by number."""
    return f"00000000-0000-4000-8000-{number:012d}"


def event(number: int = 1, **changes: Any) -> Record:
    """A good event."""
    return _changed(
        {
            "eventId": key(number),
            "timestamp": "2026-03-04T10:15:00Z",
            "userId": f"u-{number}",
            "eventType": "saleslab_turn",
            "context": {"moduleId": None, "quizId": None, "scenarioId": "gift", "turnIndex": 3, "action": "close"},
            "version": VERSION,
            "scope": SCOPE,
        },
        changes,
    )


def interaction(number: int = 1, **changes: Any) -> Record:
    """A good interaction."""
    return _changed(
        {
            "interactionId": key(number),
            "sessionId": key(1_000_000 + number),
            "timestamp": "2026-03-04T10:15:00Z",
            "userId": f"u-{number}",
            "engine": "saleslab",
            "input": "Only looking.",
            "output": "Take your time.",
            "metadata": {
                "difficultyLevel": 2, "personaId": "p-01", "traitActivation": ["budget", "kind"],
                "upsellTriggered": False,
            },
            "version": VERSION,
            "scope": SCOPE,
        },
        changes,
    )  # fmt: skip


def session(number: int = 1, **changes: Any) -> Record:
    """A good session."""
    return _changed(
        {
            "sessionId": key(number),
            "userId": f"u-{number}",
            "engine": "saleslab",
            "startTime": "2026-03-04T10:15:00Z",
            "endTime": "2026-03-04T10:20:30Z",
            "durationSec": 330.5,
            "outcome": "success",
            "summary": {"turnCount": 4, "correctAnswers": None, "upsellAttempts": 1, "upsellSuccess": True},
            "version": VERSION,
            "scope": SCOPE,
        },
        changes,
    )


GOOD = {"event_log": event, "interaction_log": interaction, "session_log": session}


def team(number: int = 1) -> bytes:
    """A good line of org_scope."""
    return f"emea,de,berlin,berlin_{number},Europe/Berlin,2025-01-01,\n".encode()


def line(record: Any) -> bytes:
    """A record as a line of NDJSON with its newline."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def ndjson(records: Iterable[Any]) -> bytes:
    """Records as NDJSON."""
    return b"".join(line(record) for record in records)


def _changed(record: Record, changes: dict[str, Any]) -> Record:
    """The record with changes at paths written ``scope__teamId``; ``...`` takes the key away."""
    record = copy.deepcopy(record)
    for path, value in changes.items():
        *parents, name = path.split("__")
        part = record
        for parent in parents:
            part = part[parent]
        if value is ...:
            del part[name]
        else:
            part[name] = value
    return record
