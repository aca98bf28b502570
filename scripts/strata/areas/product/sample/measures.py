"""What the workshop measures of itself: timers, gauges, counters and histograms."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random

from strata.areas.product.sample.story import Record, random_id


def metrics_of(chance: Random, events: list[Record]) -> list[Record]:
    """The metrics that go with some events, in their order."""
    found: list[Record] = []

    def add(at: datetime, name: str, kind: str, value: float, unit: str | None, tags: Record | None) -> None:
        found.append({
            "id": random_id(chance), "name": name, "metric_type": kind, "value": value, "timestamp": at,
            "tags": tags, "unit": unit,
        })  # fmt: skip

    active: Counter[datetime] = Counter()
    for event in events:
        at, name = event["timestamp"], event["event_name"]
        active[at.replace(minute=0, second=0, microsecond=0)] += 1
        if name == "page_view" and chance.random() < 0.6:
            tags = {"endpoint": event["page_url"].partition("?")[0], "status": chance.choice((200, 200, 200, 304, 500))}
            add(at, "api.request.duration", "timer", round(chance.lognormvariate(4.3, 0.6), 3), "ms", tags)
        elif name == "search_performed" and chance.random() < 0.5:
            took = round(chance.lognormvariate(2.0, 0.9), 3)
            add(at, "database.query.duration", "timer", took, "ms", {"query_type": "search"})
        elif name == "forge_item_created":
            size = float(round(chance.lognormvariate(7.5, 1.0)))
            add(at, "forge.item_size", "histogram", size, "kB", {"item_type": event["properties"]["item_type"]})
        elif name == "mission_created":
            add(at, "missions.created", "counter", 1.0, None, None)
        elif name == "plan_chosen":
            add(
                at,
                "plans.revenue",
                "counter",
                event["properties"]["amount"],
                "EUR",
                {"plan": event["properties"]["plan"]},
            )
    for hour, count in sorted(active.items()):
        add(hour, "users.active", "gauge", float(count), None, {})
    return found
