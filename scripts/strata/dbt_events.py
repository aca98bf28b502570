"""What dbt tells while it runs, without what nobody hears."""

from __future__ import annotations

from typing import Any

from dbt.events.types import NodeFinished
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

_UNHEARD = (EventLevel.DEBUG, EventLevel.TEST)


class HeardEvents(EventManager):
    """Makes a message of the events that end on a screen or in a log, and of the end of a node.

    dbt makes one of every event, and asks afterwards who wants it. Most are of the level debug, and making them takes a
    tenth of a run.
    """

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """Tell of an event, if somebody hears it."""
        if (level or e.level_tag()) not in _UNHEARD or isinstance(e, NodeFinished) or force_warn_or_error_handling:
            super().fire_event(e, level, node, force_warn_or_error_handling)


def hear_less() -> None:
    """From now on dbt in this process makes messages of such events only."""
    ctx_set_event_manager(HeardEvents())
