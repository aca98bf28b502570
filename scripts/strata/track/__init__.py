"""Product events and metrics of an application: build them, and hand them to Strata.

An application depends on this package, so it needs the standard library only. ``strata.track.store`` (SQLite) is
imported by those who use it. docs/track.md is the guide.
"""

from strata.track import events, metrics
from strata.track.builders import EventBuilder, MetricBuilder
from strata.track.checks import RecordError
from strata.track.records import AnalyticsEvent, Funnel, Metric, MetricType
from strata.track.writer import Writer

__all__ = [
    "AnalyticsEvent",
    "EventBuilder",
    "Funnel",
    "Metric",
    "MetricBuilder",
    "MetricType",
    "RecordError",
    "Writer",
    "events",
    "metrics",
]
