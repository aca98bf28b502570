"""Records drawn at random from the builders, up to the limits of what they build."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from strata.track import AnalyticsEvent, EventBuilder, Metric, MetricBuilder, events, limits, metrics

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31, 23, 59, 59, 999_999), timezones=st.just(UTC))


def texts(longest: int) -> st.SearchStrategy[str]:
    """Text that is more than white space, short or of just the greatest length."""
    short = st.text(_CHARACTERS, min_size=1, max_size=min(20, longest)).filter(lambda text: not text.isspace())
    visible = _CHARACTERS.filter(lambda character: not character.isspace())
    return short | visible.map(lambda character: character * longest)


IDS = texts(limits.ID_CHARACTERS).filter(lambda text: not text.startswith(limits.RESERVED_PREFIX))
NAMES = texts(limits.NAME_CHARACTERS)
URLS = texts(limits.URL_CHARACTERS)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.floats(-limits.LARGEST_VALUE, limits.LARGEST_VALUE) | st.integers(-(10**16), 10**16)


def objects(values: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Dicts without keys that differ in case only."""
    pairs = st.lists(st.tuples(keys, values), max_size=4, unique_by=lambda pair: pair[0].lower())
    return pairs.map(dict)


_KEYS = st.text(_CHARACTERS, max_size=10)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(_CHARACTERS, max_size=20),
    lambda inner: st.lists(inner, max_size=4) | objects(inner, _KEYS),
    max_leaves=8,
)
PAYLOADS = objects(JSON, _KEYS)
_TAGS = st.lists(
    st.tuples(texts(10), st.text(_CHARACTERS, max_size=10) | st.booleans() | NUMBERS | st.none()),
    max_size=4,
    unique_by=lambda pair: pair[0].lower(),
)


@st.composite
def analytics_events(draw: st.DrawFn) -> AnalyticsEvent:
    """An event, with some of its steps taken in some order, at any instant that is taken."""
    builder = draw(
        st.builds(EventBuilder.new, st.sampled_from(limits.EVENT_TYPES), NAMES)
        | st.builds(EventBuilder.track, NAMES)
        | st.builds(EventBuilder.page, URLS)
        | st.builds(EventBuilder.identify, IDS)
        | st.builds(events.search_performed, st.text(_CHARACTERS, max_size=20), st.integers(0, 2**31))
    )
    steps = {
        "user_id": st.tuples(IDS),
        "session_id": st.tuples(IDS),
        "properties": st.tuples(PAYLOADS),
        "property": st.tuples(st.just("of the step"), JSON),
        "context": st.tuples(PAYLOADS),
        "page_url": st.tuples(URLS),
        "referrer": st.tuples(URLS | st.just("")),
    }
    for name in draw(st.lists(st.sampled_from(sorted(steps)), max_size=6)):
        builder = getattr(builder, name)(*draw(steps[name]))
    return dataclasses.replace(builder.build(), timestamp=draw(_INSTANTS))


@st.composite
def metric_values(draw: st.DrawFn) -> Metric:
    """A metric with tags and unit, or without, at any instant that is taken."""
    begin = [MetricBuilder.counter, MetricBuilder.gauge, MetricBuilder.timer, MetricBuilder.histogram]
    builder = draw(
        st.sampled_from(begin).flatmap(lambda make: st.builds(make, NAMES, VALUES))
        | st.builds(metrics.api_request, texts(50), st.floats(0, 1e9), st.integers(100, 599))
    )
    for key, value in draw(_TAGS):
        builder.tag(key, value)
    if draw(st.booleans()):
        builder.unit(draw(texts(limits.UNIT_CHARACTERS)))
    return dataclasses.replace(builder.build(), timestamp=draw(_INSTANTS))


def longest_event() -> AnalyticsEvent:
    """Every text as long as it may be, and in characters that take the most bytes."""
    # Four bytes a character. In the record's own texts a control character takes six.
    payload = {"a": "\U0001f600" * (limits.JSON_CHARACTERS - len('{"a":""}'))}
    return dataclasses.replace(
        EventBuilder.track("\x01" * limits.NAME_CHARACTERS).build(),
        id="\x01" * limits.ID_CHARACTERS,
        user_id="\x01" * limits.ID_CHARACTERS,
        session_id="\x01" * limits.ID_CHARACTERS,
        page_url="\x01" * limits.URL_CHARACTERS,
        referrer="\x01" * limits.URL_CHARACTERS,
        properties=payload,
        context=payload,
    )


def deepest_event() -> AnalyticsEvent:
    """Objects inside each other, as many levels as may be."""
    payload: dict[str, Any] = {}
    for _ in range(limits.JSON_DEPTH - 1):
        payload = {"a": payload}
    return EventBuilder.track("a").properties(payload).context(payload).build()
