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
_FOLLOWED = ("int_product__funnel_entries", "funnel_conversions", "funnel_summary", "page_flows", "product_by_release")
_MODELS = ["--select", "+int_product__funnel_entries", "--exclude-resource-types", "test", "unit_test"]


@pytest.mark.proof
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


def _load(session: Session, tables: dict[str, list[Record]], name: str = "a") -> None:
    for table, records in tables.items():
        folder = session.settings.landing / "product" / table
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.ndjson").write_text(text, encoding="utf-8")
    for loaded in session.load(session.files([]), lambda item: None):
        assert loaded.known_as is not None or loaded.counts.rejected == 0


def _found(session: Session) -> Entries:
    with session.warehouse() as warehouse:
        rows: list[tuple[Any, ...]] = warehouse.execute(
            "select funnel_id, event_id, current_step, completed, is_ended, step_timestamps "
            f"from {session.settings.schema('product')}.int_product__funnel_entries"
        )
    return {(row[0], row[1]): (row[2], row[3], row[4], tuple(json.loads(row[5]))) for row in rows}


@pytest.mark.parametrize("target", TARGETS)
def test_every_change_ends_as_a_full_refresh(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    session = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    chance = Random("changes")
    drawn = [draw_history(chance, f"h{number}") for number in range(8)]
    events = [event for history in drawn for event in history[0]]
    funnels = [funnel for history in drawn for funnel in history[1]]
    chance.shuffle(events)
    first, second = ("2026-03-05 23:00:00", "2026-03-06 00:30:00")
    changed = funnels[0] | {"steps": funnels[2]["steps"], "created_at": "2026-03-02T00:00:00Z"}
    withdrawn = funnels[4] | {"steps": [], "created_at": "2026-03-02T00:00:00Z"}
    renamed = funnels[6] | {"name": funnels[8]["name"], "created_at": "2026-03-02T00:00:00Z"}
    stages: list[tuple[str, dict[str, list[Record]]]] = [
        (first, {"analytics_events": events[20:], "funnels": funnels}),
        (second, {}),
        (first, {}),
        (second, {"funnels": [changed, withdrawn, renamed]}),
        (second, {"analytics_events": events[:20]}),
    ]
    found = []
    for number, (as_of, tables) in enumerate(stages):
        if tables:
            _load(session, tables, f"{number}")
        _build(session, as_of)
        found.append(_rows(session))
    assert all(found[-1]), "nothing was published, so nothing is compared"
    assert len(found[-1][0]) > 20
    assert found[1] != found[0] == found[2], "a day back and forth is as if nothing had been"
    for number in (1, 3, 4):
        assert found[number] != found[number - 1], "the stage changes nothing"
    _build(session, second, "--full-refresh")
    assert _rows(session) == found[-1]


def _build(session: Session, as_of: str, *more: str) -> None:
    chosen = ["--select", *(f"+{name}" for name in _FOLLOWED), "--exclude-resource-types", "test", "unit_test"]
    nodes = session.build([*chosen, *more], lambda name: None, {"as_of": as_of})
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []


def _rows(session: Session) -> list[list[tuple[Any, ...]]]:
    """The rows of each table, in an order of their own."""
    schema = session.settings.schema("product")
    with session.warehouse() as warehouse:
        return [sorted(warehouse.execute(f"select * from {schema}.{name}"), key=repr) for name in _FOLLOWED]
