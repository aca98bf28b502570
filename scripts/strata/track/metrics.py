"""The predefined metrics of the specification."""

from __future__ import annotations

from strata.track.builders import MetricBuilder


def api_request(endpoint: str, duration_ms: float, status: int) -> MetricBuilder:
    """A request to the API, its duration in milliseconds and its HTTP status."""
    return MetricBuilder.timer("api.request.duration", duration_ms).tag("endpoint", endpoint).tag("status", status)


def active_users(count: float) -> MetricBuilder:
    """How many users are active now."""
    return MetricBuilder.gauge("users.active", count)


def missions_created() -> MetricBuilder:
    """One more mission."""
    return MetricBuilder.counter("missions.created", 1.0)


def database_query(query_type: str, duration_ms: float) -> MetricBuilder:
    """A query of a kind, its duration in milliseconds."""
    return MetricBuilder.timer("database.query.duration", duration_ms).tag("query_type", query_type)
