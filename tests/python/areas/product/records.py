"""Good records of the raw tables of product, to be changed where a test wants them otherwise."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]


def event(number: int = 1) -> Record:
    """A good event."""
    return {
        "id": f"e-{number}",
        "event_type": "track",
        "event_name": "plan_chosen",
        "timestamp": "2026-03-04T10:15:00Z",
        "session_id": f"s-{number}",
        "user_id": None,
        "properties": {"plan": "pro", "seats": 3, "trial": False, "tags": ["a", {"b": None}]},
        "context": {"app_version": "2.4.0", "device": {"type": "phone"}},
        "page_url": "/pricing",
        "referrer": None,
    }


def metric(number: int = 1) -> Record:
    """A good metric."""
    return {
        "id": f"m-{number}",
        "name": "page.load_time",
        "metric_type": "timer",
        "value": 12.5,
        "timestamp": "2026-03-04T10:15:00Z",
        "tags": {"page": "/pricing", "status": 200, "cached": True},
        "unit": "ms",
    }


def funnel(number: int = 1) -> Record:
    """A good funnel."""
    return {
        "id": f"f-{number}",
        "name": "purchase",
        "description": "From the choice of a plan to the order.",
        "steps": {
            "steps": [{"event_name": "plan_chosen", "where": {"properties.plan": "pro"}}, {"event_name": "ordered"}],
            "window_seconds": 86_400,
        },
        "created_at": "2026-03-04T10:15:00Z",
    }


GOOD = {"analytics_events": event, "metrics": metric, "funnels": funnel}
