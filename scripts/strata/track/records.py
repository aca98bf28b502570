"""Events, metrics and funnels as the specification's tables have them. A record that exists is one the door takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import uuid4

from strata.track import checks, limits


class MetricType(StrEnum):
    """What a value means: an increment, a reading, one of a distribution, a duration."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    TIMER = "timer"


class Record:
    """A row of one table of the specification; its fields are the columns, in their order."""

    table: ClassVar[str]

    def json_values(self) -> dict[str, Any]:
        """The columns as JSON knows them: instants are text in UTC. The dicts are the record's own."""
        return {
            name: checks.instant_text(value) if isinstance(value, datetime) else value
            for name, value in vars(self).items()
        }

    def _hold(self, **values: object) -> None:
        """Puts checked values into the frozen record."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, kw_only=True)
class AnalyticsEvent(Record):
    """One interaction of a user.

    ``timestamp`` is when it happened (UTC). ``session_id`` and ``user_id`` are as the application knows them; None
    where it does not. ``properties`` say more of the event, ``context`` of where it happened (device, app version).

    Raises:
        RecordError: the door would turn the record away.
    """

    table: ClassVar[str] = "analytics_events"

    id: str
    event_type: str
    event_name: str
    timestamp: datetime
    session_id: str | None = None
    user_id: str | None = None
    properties: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    page_url: str | None = None
    referrer: str | None = None

    def __post_init__(self) -> None:
        """Checks every field and takes copies of the dicts."""
        if self.event_type not in limits.EVENT_TYPES:
            raise checks.RecordError(f"event_type must be one of: {', '.join(limits.EVENT_TYPES)}")
        self._hold(
            id=checks.identifier("id", self.id),
            event_name=checks.text("event_name", self.event_name, limits.NAME_CHARACTERS),
            timestamp=checks.instant("timestamp", self.timestamp),
            session_id=checks.identifier_or_none("session_id", self.session_id),
            user_id=checks.identifier_or_none("user_id", self.user_id),
            properties=checks.json_object("properties", self.properties),
            context=checks.json_object("context", self.context),
            page_url=checks.text_or_none("page_url", self.page_url, limits.URL_CHARACTERS),
            referrer=checks.text_or_none("referrer", self.referrer, limits.URL_CHARACTERS),
        )


@dataclass(frozen=True, kw_only=True)
class Metric(Record):
    """One value of a metric at one instant.

    ``value`` is in ``unit`` (None where it has none); that of a counter is an increment. ``tags`` are flat, text to
    text, in the order of their keys; metrics with other tags are other series.

    Raises:
        RecordError: the door would turn the record away.
    """

    table: ClassVar[str] = "metrics"

    id: str
    name: str
    metric_type: MetricType
    value: float
    timestamp: datetime
    tags: dict[str, str] | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        """Checks every field and takes a copy of the tags."""
        try:
            metric_type = MetricType(self.metric_type)
        except ValueError as error:
            raise checks.RecordError(f"metric_type must be one of: {', '.join(MetricType)}") from error
        self._hold(
            id=checks.identifier("id", self.id),
            name=checks.text("name", self.name, limits.NAME_CHARACTERS),
            metric_type=metric_type,
            value=checks.metric_value("value", self.value),
            timestamp=checks.instant("timestamp", self.timestamp),
            tags=checks.tags("tags", self.tags),
            unit=checks.text_or_none("unit", self.unit, limits.UNIT_CHARACTERS),
        )


@dataclass(frozen=True, kw_only=True)
class Funnel(Record):
    """The definition of a funnel, or a new version of it: of one id the latest ``created_at`` counts.

    ``steps`` is a list of steps, or an object that holds it with the window, the order and the exclusions; an empty
    list withdraws the funnel. What a step may say is checked by the door.

    Raises:
        RecordError: the door would turn the record away.
    """

    table: ClassVar[str] = "funnels"

    id: str = field(default_factory=lambda: str(uuid4()))
    name: str
    description: str | None = None
    steps: list[Any] | dict[str, Any]
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        """Checks every field and takes a copy of the steps."""
        listed = self.steps.get("steps") if isinstance(self.steps, dict) else self.steps
        if not isinstance(listed, list) or len(listed) > limits.FUNNEL_STEPS:
            raise checks.RecordError(f"steps must be a list of at most {limits.FUNNEL_STEPS} steps, or hold one")
        steps = checks.plain("steps", self.steps)
        checks.check_json_length("steps", steps)
        self._hold(
            id=checks.identifier("id", self.id),
            name=checks.text("name", self.name, limits.NAME_CHARACTERS),
            description=checks.text_or_none("description", self.description, limits.DESCRIPTION_CHARACTERS),
            steps=steps,
            created_at=checks.instant("created_at", self.created_at),
        )
