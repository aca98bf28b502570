"""Builders of events and metrics, under the specification's names. Every step returns the builder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self
from uuid import uuid4

from strata.track.records import AnalyticsEvent, Metric, MetricType

TagValue = str | int | float | bool | None


class _Builder:
    """What both builders share. Id and instant are those of the moment in which the builder begins."""

    def __init__(self, **values: Any) -> None:
        self._values = {"id": str(uuid4()), "timestamp": datetime.now(UTC), **values}
        self._is_built = False

    def _set(self, **values: Any) -> Self:
        self._values.update(values)
        return self

    def _built(self) -> dict[str, Any]:
        """The values, once: a second record would have the id of the first, and the warehouse would count one."""
        if self._is_built:
            raise RuntimeError("This builder has built its record. Begin a new one for the next.")
        self._is_built = True
        return self._values


class EventBuilder(_Builder):
    """Builds one event; ``build()`` gives it.

    >>> EventBuilder.track("checkout").user_id("u-1").property("plan", "pro").build().event_name
    'checkout'
    """

    @classmethod
    def new(cls, event_type: str, event_name: str) -> Self:
        """An event of a type, one of ``limits.EVENT_TYPES``."""
        return cls(event_type=event_type, event_name=event_name)

    @classmethod
    def track(cls, name: str) -> Self:
        """The user did something."""
        return cls.new("track", name)

    @classmethod
    def page(cls, url: str) -> Self:
        """The user saw a page."""
        return cls.new("page", "page_view").page_url(url)

    @classmethod
    def identify(cls, user_id: str) -> Self:
        """The user is known from here on; with a session id, the session's other events become theirs."""
        return cls.new("identify", "user_identified").user_id(user_id)

    def user_id(self, user_id: str) -> Self:
        """Who it was: an internal id, not an e-mail address, since it is stored as it is."""
        return self._set(user_id=user_id)

    def session_id(self, session_id: str) -> Self:
        """The session, where the application has sessions of its own."""
        return self._set(session_id=session_id)

    def properties(self, properties: Mapping[str, Any]) -> Self:
        """All properties at once, in place of those there are."""
        return self._set(properties=properties)

    def property(self, key: str, value: Any) -> Self:
        """One property more, or another value of one."""
        return self._set(properties={**(self._values.get("properties") or {}), key: value})

    def context(self, context: Mapping[str, Any]) -> Self:
        """Where it happened: device, browser, app_version, user_agent and the like, in place of what there is."""
        return self._set(context=context)

    def page_url(self, url: str) -> Self:
        """The page on which it happened."""
        return self._set(page_url=url)

    def referrer(self, referrer: str) -> Self:
        """The page that led there; empty text means none."""
        return self._set(referrer=referrer)

    def build(self) -> AnalyticsEvent:
        """The event.

        Raises:
            RecordError: the door would turn it away.
            RuntimeError: this builder has built its event.
        """
        return AnalyticsEvent(**self._built())


class MetricBuilder(_Builder):
    """Builds one value of a metric; ``build()`` gives it.

    >>> MetricBuilder.timer("api.request.duration", 12.5).tag("status", 200).build().tags
    {'status': '200'}
    """

    @classmethod
    def counter(cls, name: str, value: float) -> Self:
        """So many more."""
        return cls._of(MetricType.COUNTER, name, value)

    @classmethod
    def gauge(cls, name: str, value: float) -> Self:
        """A reading."""
        return cls._of(MetricType.GAUGE, name, value)

    @classmethod
    def timer(cls, name: str, duration_ms: float) -> Self:
        """A duration in milliseconds."""
        return cls._of(MetricType.TIMER, name, duration_ms).unit("ms")

    @classmethod
    def histogram(cls, name: str, value: float) -> Self:
        """One value of a distribution."""
        return cls._of(MetricType.HISTOGRAM, name, value)

    @classmethod
    def _of(cls, metric_type: MetricType, name: str, value: float) -> Self:
        return cls(metric_type=metric_type, name=name, value=value)

    def tag(self, key: str, value: TagValue) -> Self:
        """One tag more, or another value of one. Numbers and booleans become text, None takes the tag away."""
        return self._set(tags={**(self._values.get("tags") or {}), key: value})

    def unit(self, unit: str) -> Self:
        """The unit of the value."""
        return self._set(unit=unit)

    def build(self) -> Metric:
        """The metric.

        Raises:
            RecordError: the door would turn it away.
            RuntimeError: this builder has built its metric.
        """
        return Metric(**self._built())
