"""One more day reads the events of touched days by their date, on both engines; docs/plans.md shows it at scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import new_prefix, session_for

from areas.product.plans import MODELS, plans_of_a_day
from strata.settings import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_one_more_day_reads_touched_days(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    session = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    plans = plans_of_a_day(session, tmp_path, events=6_000, days=40)
    sessions, entries = (plans.scans[model] for model in MODELS)
    assert len(sessions) == len(entries) == 1
    # A date that the plan knows is what an index is searched for and what groups of rows are left out by.
    assert "event_date = ANY" in sessions[0].condition or "event_date IN" in sessions[0].condition
    assert "event_date >=" in entries[0].condition
    if target == "postgres":
        assert [scan.how for scan in (*sessions, *entries) if "Index" not in scan.how] == []
        assert plans.rows_of_the_day <= sessions[0].rows < 5 * plans.rows_of_the_day
    assert plans.rows_of_the_day <= entries[0].rows < plans.rows / 2
