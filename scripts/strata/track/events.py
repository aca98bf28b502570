"""The predefined events of the specification."""

from __future__ import annotations

from strata.track.builders import EventBuilder


def mission_created(mission_id: str) -> EventBuilder:
    """A mission was created."""
    return EventBuilder.track("mission_created").property("mission_id", mission_id)


def mission_completed(mission_id: str, duration_ms: int) -> EventBuilder:
    """A mission was completed, in so many milliseconds."""
    return (
        EventBuilder.track("mission_completed").property("mission_id", mission_id).property("duration_ms", duration_ms)
    )


def spec_created(spec_id: str, mission_id: str) -> EventBuilder:
    """A spec of a mission was created."""
    return EventBuilder.track("spec_created").property("spec_id", spec_id).property("mission_id", mission_id)


def forge_item_created(item_id: str, item_type: str) -> EventBuilder:
    """An item of the forge was created."""
    return EventBuilder.track("forge_item_created").property("item_id", item_id).property("item_type", item_type)


def search_performed(query: str, result_count: int) -> EventBuilder:
    """Somebody searched and got so many results."""
    return EventBuilder.track("search_performed").property("query", query).property("result_count", result_count)
