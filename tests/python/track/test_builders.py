"""The builders do what the specification says: names, fields, units, merging, predefined events and metrics."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from strata.track import (
    AnalyticsEvent,
    EventBuilder,
    Funnel,
    Metric,
    MetricBuilder,
    MetricType,
    RecordError,
    events,
    metrics,
)

EVENT_FIELDS = [
    "id", "event_type", "event_name", "timestamp", "session_id", "user_id", "properties", "context", "page_url",
    "referrer",
]  # fmt: skip
METRIC_FIELDS = ["id", "name", "metric_type", "value", "timestamp", "tags", "unit"]


def said(record: AnalyticsEvent | Metric) -> dict[str, Any]:
    """The fields that were filled, but for id and instant."""
    values = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    return {name: value for name, value in values.items() if value is not None and name not in ("id", "timestamp")}


def test_records_have_the_fields_of_the_specification_and_are_frozen() -> None:
    assert [field.name for field in dataclasses.fields(AnalyticsEvent)] == EVENT_FIELDS
    assert [field.name for field in dataclasses.fields(Metric)] == METRIC_FIELDS
    for record in (EventBuilder.track("a").build(), MetricBuilder.gauge("a", 1).build(), Funnel(name="a", steps=[])):
        with pytest.raises(dataclasses.FrozenInstanceError):
            record.id = "another"  # type: ignore[misc]


def test_a_record_has_an_id_and_the_instant_of_its_beginning() -> None:
    before = datetime.now(UTC)
    builder = EventBuilder.track("a")
    after = datetime.now(UTC)
    event = builder.build()
    assert UUID(event.id).version == 4
    assert before <= event.timestamp <= after
    assert event.timestamp.tzinfo is UTC
    assert event.id != EventBuilder.track("a").build().id


@pytest.mark.parametrize(
    ("builder", "fields"),
    [
        (EventBuilder.new("screen", "home"), {"event_type": "screen", "event_name": "home"}),
        (EventBuilder.track("buy"), {"event_type": "track", "event_name": "buy"}),
        (EventBuilder.page("/a"), {"event_type": "page", "event_name": "page_view", "page_url": "/a"}),
        (
            EventBuilder.identify("u-1"),
            {"event_type": "identify", "event_name": "user_identified", "user_id": "u-1"},
        ),
        (
            EventBuilder.track("a").user_id("u").session_id("s").page_url("/p").referrer("/r").context({"os": "x"}),
            {
                "event_type": "track", "event_name": "a", "user_id": "u", "session_id": "s", "page_url": "/p",
                "referrer": "/r", "context": {"os": "x"},
            },
        ),
    ],
)  # fmt: skip
def test_events(builder: EventBuilder, fields: dict[str, Any]) -> None:
    assert said(builder.build()) == fields


@pytest.mark.parametrize(
    ("builder", "fields"),
    [
        (MetricBuilder.counter("n", 2), {"metric_type": MetricType.COUNTER, "value": 2.0}),
        (MetricBuilder.gauge("n", 2.5), {"metric_type": MetricType.GAUGE, "value": 2.5}),
        (MetricBuilder.histogram("n", -3), {"metric_type": MetricType.HISTOGRAM, "value": -3.0}),
        (MetricBuilder.timer("n", 7), {"metric_type": MetricType.TIMER, "value": 7.0, "unit": "ms"}),
        (MetricBuilder.timer("n", 7).unit("s"), {"metric_type": MetricType.TIMER, "value": 7.0, "unit": "s"}),
        (MetricBuilder.gauge("n", -0.0), {"metric_type": MetricType.GAUGE, "value": 0.0}),
    ],
)
def test_metrics(builder: MetricBuilder, fields: dict[str, Any]) -> None:
    metric = builder.build()
    assert said(metric) == {"name": "n", **fields}
    assert str(metric.value) == str(fields["value"])  # no minus zero


def test_properties_are_replaced_and_a_property_is_merged() -> None:
    builder = EventBuilder.track("a").property("lost", 1).properties({"kept": 1, "changed": 1})
    event = builder.property("changed", 2).property("new", {"deep": [1, "two", None]}).build()
    assert event.properties == {"kept": 1, "changed": 2, "new": {"deep": [1, "two", None]}}


def test_tags_are_merged_in_the_order_of_their_keys_and_are_text() -> None:
    builder = MetricBuilder.gauge("a", 1).tag("b", "x").tag("é", "y").tag("Z", "z").tag("b", "w")
    metric = builder.tag("n", 200).tag("f", 0.5).tag("t", True).tag("none", None).build()
    assert list((metric.tags or {}).items()) == [
        ("Z", "z"), ("b", "w"), ("f", "0.5"), ("n", "200"), ("t", "true"), ("é", "y"),
    ]  # fmt: skip


def test_a_record_shares_nothing_with_what_it_was_built_from() -> None:
    properties: dict[str, Any] = {"list": [1], "pair": (1, 2)}
    event = EventBuilder.track("a").properties(properties).build()
    properties["list"].append(2)
    assert event.properties == {"list": [1], "pair": [1, 2]}


@pytest.mark.parametrize("begin", [lambda: EventBuilder.track("a"), lambda: MetricBuilder.gauge("a", 1)])
def test_a_builder_builds_once(begin: Callable[[], EventBuilder | MetricBuilder]) -> None:
    builder = begin()
    builder.build()
    with pytest.raises(RuntimeError, match="Begin a new one"):
        builder.build()


@pytest.mark.parametrize(
    ("builder", "name", "properties"),
    [
        (events.mission_created("m"), "mission_created", {"mission_id": "m"}),
        (events.mission_completed("m", 90_000), "mission_completed", {"mission_id": "m", "duration_ms": 90_000}),
        (events.spec_created("s", "m"), "spec_created", {"spec_id": "s", "mission_id": "m"}),
        (events.forge_item_created("i", "tool"), "forge_item_created", {"item_id": "i", "item_type": "tool"}),
        (events.search_performed("q", 3), "search_performed", {"query": "q", "result_count": 3}),
    ],
)
def test_predefined_events(builder: EventBuilder, name: str, properties: dict[str, Any]) -> None:
    assert said(builder.build()) == {"event_type": "track", "event_name": name, "properties": properties}


@pytest.mark.parametrize(
    ("builder", "fields"),
    [
        (
            metrics.api_request("/v1", 12.5, 200),
            {
                "name": "api.request.duration", "metric_type": "timer", "value": 12.5, "unit": "ms",
                "tags": {"endpoint": "/v1", "status": "200"},
            },
        ),
        (metrics.active_users(7), {"name": "users.active", "metric_type": "gauge", "value": 7.0}),
        (metrics.missions_created(), {"name": "missions.created", "metric_type": "counter", "value": 1.0}),
        (
            metrics.database_query("select", 3),
            {
                "name": "database.query.duration", "metric_type": "timer", "value": 3.0, "unit": "ms",
                "tags": {"query_type": "select"},
            },
        ),
    ],
)  # fmt: skip
def test_predefined_metrics(builder: MetricBuilder, fields: dict[str, Any]) -> None:
    assert said(builder.build()) == fields


def test_another_instant_by_way_of_replace_is_kept_in_utc() -> None:
    at = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=9)))
    event = dataclasses.replace(EventBuilder.track("a").build(), timestamp=at)
    assert event.timestamp == at
    assert event.json_values()["timestamp"] == "2026-02-28T16:30:00.000000Z"
    with pytest.raises(RecordError, match="time zone"):
        dataclasses.replace(event, timestamp=at.replace(tzinfo=None))
