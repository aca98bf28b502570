"""Aggregates outlive the raw events they came from: what computes them anew may not shorten them."""

from __future__ import annotations

import json

import pytest

from laws.histories import Batch, Record
from laws.trials import Trials
from strata.dbt_runner import run_dbt

_LEARNING = ["--select", "path:models/learning"]
# What reads these is skipped with them.
_REFUSE = {"minute_metrics", "session_metrics", "int_learning__mastery_states", "int_learning__session_content"}


def score(event_id: str, day: int) -> Record:
    """A score of one learner at noon."""
    return {
        "learner_id": "learner_ann", "session_id": f"s{day}", "event_type": "assessment_complete",
        "event_id": event_id, "timestamp": f"2026-03-{day:02}T12:00:00Z", "data": {"assessment_id": "A1", "score": 80},
        "metadata": None, "version": "1.0",
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_what_would_lose_days_fails_and_says_which(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.play(
        [[Batch("learning", "raw_events", [score("e1", 4)])], [Batch("learning", "raw_events", [score("e2", 20)])]]
    )
    days = "select partition_date from {learning}.minute_metrics order by 1"
    before = trials.query(days)
    assert [str(day) for (day,) in before] == ["2026-03-04", "2026-03-20"]

    # With all raw events there, a full refresh is welcome.
    assert bad(trials, ["--full-refresh"]) == {}
    assert trials.query(days) == before

    # The raw events of the first day have reached their age; the ledger no longer counts them.
    with trials.session.warehouse() as warehouse, warehouse.transaction():
        raw, ops = (trials.session.settings.schema(name) for name in ("raw_learning", "ops"))
        warehouse.execute(f"delete from {raw}.raw_events where event_id = 'e1'")
        warehouse.execute(
            f"update {ops}.batches set records_loaded = 0, records_in = 0 where batch_id in "
            f"(select min(batch_id) from {ops}.batches where table_name = 'raw_events')"
        )
    refused = bad(trials, ["--full-refresh"])
    assert refused.keys() == _REFUSE
    assert "holds days from 2026-03-04 on, the raw records begin on 2026-03-20" in refused["minute_metrics"]
    assert "Use --no-full-refresh to keep the table" in refused["minute_metrics"]
    backfill = ["--vars", json.dumps({"backfill_from": "2026-03-01", "backfill_to": "2026-03-31"})]
    assert "would lose days, so nothing was written" in bad(trials, backfill)["minute_metrics"]
    assert trials.query(days) == before

    # Days that raw still has may be computed again; and a plain run goes on.
    assert bad(trials, ["--vars", json.dumps({"backfill_from": "2026-03-20", "backfill_to": "2026-03-31"})]) == {}
    assert bad(trials, []) == {}
    assert trials.query(days) == before


def bad(trials: Trials, arguments: list[str]) -> dict[str, str]:
    """Models that failed, with what they said."""
    nodes = run_dbt(trials.session.settings, ["run", *_LEARNING, *arguments], lambda name: None, trials.manifest)
    assert nodes
    return {node.name: node.message for node in nodes if node.is_bad}
