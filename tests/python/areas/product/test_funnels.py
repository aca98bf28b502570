"""Funnels equal a reference that is written from their definition, on histories drawn at random, on both engines."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from engines import new_prefix, session_for
from proof_report import IS_LONG

from areas.product.funnel_reference import Entries, Record, draw_history, reference
from strata.session import Session
from strata.settings import TARGETS

_HISTORIES = 500 if IS_LONG else 60
_MODELS = ["--select", "+int_product__funnel_entries", "--exclude-resource-types", "test", "unit_test"]


@pytest.mark.parametrize("target", TARGETS)
def test_funnels_equal_their_definition(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    events: list[Record] = []
    funnels: list[Record] = []
    expected: Entries = {}
    for number in range(_HISTORIES):
        drawn = draw_history(Random(f"funnels {number}"), f"h{number}")
        events += drawn[0]
        funnels += drawn[1]
        expected |= reference(*drawn)
    session = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    _load(session, {"analytics_events": events, "funnels": funnels})
    nodes = session.build(_MODELS, lambda name: None)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    found = _found(session)
    wrong = {key: (expected.get(key), found.get(key)) for key in expected.keys() | found.keys()
             if expected.get(key) != found.get(key)}  # fmt: skip
    assert wrong == {}
    # The histories meet what they are there for.
    assert len(expected) > 5 * _HISTORIES
    assert {(steps, is_complete, is_ended) for steps, is_complete, is_ended, _ in expected.values()} >= {
        (1, False, False), (1, True, False), (1, False, True), (2, True, False), (2, False, True), (2, False, False),
        (3, True, False),
    }  # fmt: skip


def _load(session: Session, tables: dict[str, list[Record]]) -> None:
    for table, records in tables.items():
        folder = session.settings.landing / "product" / table
        folder.mkdir(parents=True)
        text = "".join(json.dumps(record) + "\n" for record in records)
        (folder / "a.ndjson").write_text(text, encoding="utf-8")
    for loaded in session.load(session.files([]), lambda item: None):
        assert loaded.counts.rejected == 0


def _found(session: Session) -> Entries:
    with session.warehouse() as warehouse:
        rows: list[tuple[Any, ...]] = warehouse.execute(
            "select funnel_id, event_id, current_step, completed, is_ended, step_timestamps "
            f"from {session.settings.schema('product')}.int_product__funnel_entries"
        )
    return {(row[0], row[1]): (row[2], row[3], row[4], tuple(json.loads(row[5]))) for row in rows}
