"""What the door would turn away is not built, and the message names the field."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from strata.track import AnalyticsEvent, EventBuilder, Funnel, Metric, MetricBuilder, RecordError, limits

INSTANT = datetime(2026, 3, 1, tzinfo=UTC)


def event(**changes: Any) -> AnalyticsEvent:
    values = {"id": "e-1", "event_type": "track", "event_name": "a", "timestamp": INSTANT}
    return AnalyticsEvent(**{**values, **changes})


def metric(**changes: Any) -> Metric:
    values = {"id": "m-1", "name": "a", "metric_type": "gauge", "value": 1.0, "timestamp": INSTANT}
    return Metric(**{**values, **changes})


def funnel(**changes: Any) -> Funnel:
    return Funnel(**{"id": "f-1", "name": "a", "steps": [{"event_name": "a"}], **changes})


def nested(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


NO_TEXTS: list[Any] = [None, 3, b"a", "", " \t\u3000", "a\x00b", "half \ud800"]
NO_IDS: list[Any] = [*NO_TEXTS, "strata:", "strata:1", "x" * 201]
REFUSED: list[tuple[Callable[..., Any], str, Any]] = [
    *((make, "id", value) for make in (event, metric, funnel) for value in NO_IDS),
    *((event, "event_type", value) for value in [None, "", "Track", "click", ["track"]]),
    *((event, "event_name", value) for value in [*NO_TEXTS, "x" * 129]),
    *((make, "name", value) for make in (metric, funnel) for value in [*NO_TEXTS, "x" * 129]),
    *((event, field, value) for field in ("session_id", "user_id") for value in NO_IDS if value is not None),
    *((event, field, value) for field in ("page_url", "referrer") for value in [1, "a\x00", "\udfff", "x" * 2_001]),
    *((metric, "unit", value) for value in [1, "a\x00", "x" * 33]),
    *((metric, "metric_type", value) for value in [None, "", "Gauge", "sum"]),
    *((metric, "value", value) for value in [None, "1", True, Decimal(1), math.nan, math.inf, -math.inf]),
    *((metric, "value", value) for value in [math.nextafter(1e16, math.inf), -(10**16) - 1, 10**400]),
    *(
        (make, field, value)
        for make, field in ((event, "timestamp"), (metric, "timestamp"), (funnel, "created_at"))
        for value in [
            None,
            "2026-03-01T00:00:00Z",
            INSTANT.timestamp(),
            INSTANT.replace(tzinfo=None),
            datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2000, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
            datetime(2101, 1, 1, tzinfo=UTC),
            datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        ]
    ),
    *(
        (event, field, value)
        for field in ("properties", "context")
        for value in [
            "{}",
            [],
            [("a", 1)],
            {1: "a"},
            {"a": math.nan},
            {"a": [math.inf]},
            {"a": 10**400},
            {"a": {"b": INSTANT}},
            {"a": Decimal(1)},
            {"a": {1, 2}},
            {"a": b"b"},
            {"a": "\x00"},
            {"a\x00": 1},
            {"a": "\ud800"},
            {"plan": 1, "Plan": 2},
            {"a": [{"b": 1, "B": 2}]},
            nested(64),
            {"a": "x" * 65_536},
            {f"key {number}": "é" for number in range(6_000)},
        ]
    ),
    *(
        (metric, "tags", value)
        for value in [
            [],
            {1: "a"},
            {"": "a"},
            {" ": "a"},
            {"a": {"b": "c"}},
            {"a": ["b"]},
            {"a": ()},
            {"a": math.nan},
            {"a": INSTANT},
            {"a": "\x00"},
            {"a": "b", "A": "c"},
            {"a": "x" * 493},
        ]
    ),
    *((funnel, "steps", value) for value in [None, "[]", {}, {"steps": {}}, [{}] * 21, {"steps": [{}] * 21}]),
    *((funnel, "steps", value) for value in [[{"a": math.nan}], [{"a": "x" * 65_536}], [{"a": 1, "A": 2}]]),
    (funnel, "description", "x" * 2_001),
]


@pytest.mark.parametrize(("make", "field", "value"), REFUSED, ids=range(len(REFUSED)))
def test_refused(make: Callable[..., Any], field: str, value: Any) -> None:
    with pytest.raises(RecordError, match=field) as caught:
        make(**{field: value})
    assert len(str(caught.value)) < 200


TAKEN: list[tuple[Callable[..., Any], str, Any, Any]] = [
    *((make, "id", value, value) for make in (event, metric, funnel) for value in ["x" * 200, "a b", "Strata:1", "ü"]),
    *((event, "event_type", value, value) for value in limits.EVENT_TYPES),
    (event, "event_name", "é" * 128, "é" * 128),
    *((event, field, value, value) for field in ("session_id", "user_id") for value in [None, "x" * 200]),
    *((event, field, value, None) for field in ("page_url", "referrer") for value in [None, "", " "]),
    (event, "page_url", "x" * 2_000, "x" * 2_000),
    (metric, "unit", "", None),
    (metric, "unit", "x" * 32, "x" * 32),
    *((metric, "metric_type", value, value) for value in ["counter", "gauge", "histogram", "timer"]),
    *((metric, "value", value, value) for value in [1e16, -1e16, 10**16, 0, 5e-324]),
    (event, "timestamp", datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)),
    (
        event,
        "timestamp",
        datetime(2101, 1, 1, 0, 59, tzinfo=timezone(timedelta(hours=1))),
        datetime(2100, 12, 31, 23, 59, tzinfo=UTC),
    ),
    (event, "properties", nested(63), nested(63)),
    (event, "properties", {"a": "x" * (65_536 - len('{"a":""}'))}, {"a": "x" * (65_536 - len('{"a":""}'))}),
    (event, "properties", {}, {}),
    (event, "properties", {"": {"a": 1}, "b": [{"a": 1}, {"A": 2}]}, {"": {"a": 1}, "b": [{"a": 1}, {"A": 2}]}),
    (metric, "tags", {}, {}),
    (metric, "tags", {"a": "", "b": None}, {"a": ""}),
    (metric, "tags", {"a": "x" * 492}, {"a": "x" * 492}),
    *((funnel, "steps", value, value) for value in [[], [{}] * 20, {"steps": [], "order": "any"}]),
]


@pytest.mark.parametrize(("make", "field", "value", "kept"), TAKEN, ids=range(len(TAKEN)))
def test_taken(make: Callable[..., Any], field: str, value: Any, kept: Any) -> None:
    assert getattr(make(**{field: value}), field) == kept


def test_build_refuses() -> None:
    with pytest.raises(RecordError, match=r"^event_type must be one of: track, page, "):
        EventBuilder.new("click", "a").build()
    with pytest.raises(RecordError, match=r"^user_id must not be empty$"):
        EventBuilder.identify("").build()
    with pytest.raises(RecordError, match=r"^properties\.cart\.when is a datetime, which JSON does not know"):
        EventBuilder.track("a").property("cart", {"when": INSTANT}).build()
    with pytest.raises(RecordError, match=r"^value must lie between -1e\+16 and 1e\+16$"):
        MetricBuilder.counter("a", math.nan).build()
    with pytest.raises(RecordError, match=r"^tags\.a is nested; tags are flat$"):
        MetricBuilder.gauge("a", 1).tag("a", {"b": 1}).build()  # type: ignore[arg-type]


def test_messages_quote_no_values() -> None:
    secret = "anna@example.org"
    for changes in ({"user_id": f"strata:{secret}"}, {"user_id": secret * 50}, {"page_url": f"{secret}\x00"}):
        with pytest.raises(RecordError) as caught:
            event(**changes)
        assert secret not in str(caught.value)


def test_a_changed_copy_is_checked_too() -> None:
    with pytest.raises(RecordError, match="event_name"):
        dataclasses.replace(event(), event_name="")
