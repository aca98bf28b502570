"""Messages are made of what a screen or a log shows and of the end of a node, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.adapters.events.types import ConnectionUsed
from dbt.events.types import NodeFinished, NodeStart
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.types import Note

from strata.dbt_events import HeardEvents

EVENTS: list[tuple[BaseEvent, EventLevel | None, bool]] = [
    (ConnectionUsed(conn_type="duckdb", conn_name="one"), None, False),
    (NodeStart(), None, False),
    (NodeFinished(), None, True),
    (Note(msg="for the log"), None, True),
    (Note(msg="not for the log"), EventLevel.DEBUG, False),
    (ConnectionUsed(conn_type="duckdb", conn_name="one"), EventLevel.WARN, True),
    (Note(msg="for the log"), EventLevel.ERROR, True),
]


@pytest.mark.parametrize(("event", "level", "is_heard"), EVENTS)
def test_what_is_heard(event: BaseEvent, level: EventLevel | None, is_heard: bool) -> None:
    heard: list[Any] = []
    events = HeardEvents()
    events.add_callback(heard.append)
    events.fire_event(event, level)
    assert [message.info.name for message in heard] == ([type(event).__name__] if is_heard else [])
