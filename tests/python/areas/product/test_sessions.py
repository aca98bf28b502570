"""Sessions and links of product: what waits for as_of does not show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from engines import session_for
from laws.histories import Batch, in_one_load, write_batches

from areas.product.history import HISTORY
from strata.door.landing import find_files
from strata.session import Session

_MODELS = ["--select", "+analytics_sessions", "--exclude-resource-types", "test", "unit_test"]
_MOMENT = "2026-03-06 12:00:00"
_PUBLISHED = (
    "select * from product.analytics_sessions order by id",
    "select * from product.identity_links order by session_id, user_id",
    "select actor, event_id, bot_rule from product.int_product__events where is_counted order by event_id",
)


def _loaded(folder: Path, patch: pytest.MonkeyPatch, batches: list[Batch]) -> Session:
    """A warehouse with these records."""
    session = session_for("duckdb", folder, folder / "landing", patch)
    for path in write_batches(batches, session.contracts, folder / "delivery", []):
        session.load(find_files(session.settings.landing, session.contracts, [path]), lambda item: None)
    return session


def _build(session: Session, as_of: str) -> None:
    nodes = session.build(_MODELS, lambda name: None, {"as_of": as_of})
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []


def _published(session: Session) -> list[Any]:
    with session.warehouse() as warehouse:
        return [warehouse.execute(question) for question in _PUBLISHED]


def _history() -> list[Batch]:
    return in_one_load(HISTORY.draw(Random("product waits")))[0]


def _until(batches: list[Batch], moment: str) -> list[Batch]:
    """The records that had happened by a moment."""
    end = datetime.fromisoformat(f"{moment}+00:00")
    return [
        Batch(batch.area, batch.table, [
            record for record in batch.records if datetime.fromisoformat(record["timestamp"]) <= end
        ])
        for batch in batches
        if batch.table == "analytics_events"
    ]  # fmt: skip


@pytest.fixture
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_what_comes_after_as_of_is_as_if_it_had_not_come(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """A copy that is later than as_of does not count against one that is earlier, so both may be left out."""
    waiting = _loaded(tmp_path / "all", patch, _history())
    _build(waiting, _MOMENT)
    found = _published(waiting)
    without = _loaded(tmp_path / "some", patch, _until(_history(), _MOMENT))
    _build(without, "2026-03-31")
    assert found == _published(without)
    assert all(found), "nothing was published, so nothing was compared"
    _build(without, "2026-03-05")
    assert found != _published(without)


def test_what_waits_runs_when_as_of_moves(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    project = session_for("duckdb", tmp_path, tmp_path / "landing", patch).project
    reading = {node.name: node.inputs.reads_as_of for node in project.values() if node.kind == "incremental"}
    assert reading["int_product__sessions"]
    assert reading["int_product__events"]
    assert not reading["stg_product__events"]
