"""Definitions of funnels for the histories of the area: versions, withdrawals, and names that change hands."""

from __future__ import annotations

from random import Random
from typing import Any

from laws.histories import Record

_NAMES = ["page_view", "search", "search", "order"]


def funnel_records(chance: Random) -> list[tuple[str, Record]]:
    """Some funnels with one to three versions each; the last of a few is a withdrawal, and some are sent twice."""
    records = [
        _version(chance, f"f{funnel}", version)
        for funnel in range(chance.randint(1, 4))
        for version in range(chance.randint(1, 3))
    ]
    records += [record for record in records if chance.random() < 0.2]
    return [("funnels", record) for record in records]


def _version(chance: Random, funnel: str, version: int) -> Record:
    return {
        "id": funnel,
        "name": chance.choice([funnel, funnel, "wanted by many"]),
        "description": None,
        "steps": chance.choice([_definition(chance), _definition(chance), _definition(chance), []]),
        # Two versions of one instant are settled by their digests.
        "created_at": f"2026-03-0{1 + version * chance.randint(0, 1)}T00:00:00Z",
    }


def _definition(chance: Random) -> Any:
    order = chance.choice(["ordered", "ordered", "strict", "any"])
    names = chance.sample(sorted(set(_NAMES)), 3) if order == "any" else chance.choices(_NAMES, k=4)
    steps: list[Record] = [{"event_name": name} for name in names[: chance.randint(1, 4)]]
    if chance.random() < 0.3:
        steps[0]["where"] = {"properties.plan": ["pro", None]}
    definition: Record = {"steps": steps, "order": order, "window_seconds": chance.choice([3_600, 86_400, 200_000])}
    if len(steps) > 1 and chance.random() < 0.4:
        definition["exclusions"] = [{"event_name": "user_identified"}]
    return chance.choice([definition, definition, steps])
