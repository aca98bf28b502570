"""The largest definitions of funnels that their grammar takes, for records at the extremes of the contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STEPS, _VALUES = 20, 100
_SHORTEST, _LONGEST = 1, 366 * 86_400


def funnel_steps(pools: Mapping[str, list[str]]) -> list[Any]:
    """Definitions, given the texts that other columns draw from, by name of the column."""
    name = max(pools.get("event_name", ["a"]), key=len)
    page = max(pools.get("page_url", ["a"]), key=len)
    same = [{"event_name": name} for _ in range(_STEPS)]
    listed = {"event_name": name, "where": {"properties.a.b.c.d.e": list(range(_VALUES)), "page_url": page}}
    differing = [{"event_name": name, "where": {"context.number": number}} for number in range(_STEPS)]
    exclusions = [{"event_name": name, "after_step": 1, "before_step": _STEPS} for _ in range(_STEPS)]
    return [
        [],
        [{"event_name": name}],
        same,
        {"steps": same, "window_seconds": _LONGEST, "order": "strict"},
        {"steps": same, "window_seconds": _SHORTEST},
        {"steps": [listed] * 8, "window_seconds": _LONGEST},
        {"steps": differing, "order": "any", "window_seconds": _LONGEST},
        {"steps": same, "exclusions": exclusions},
    ]
