"""What `strata build` tests: the partitions touched since a test last passed; plain `dbt test`: everything."""

from __future__ import annotations

import pytest
from proof_report import IS_LONG

from laws.histories import Batch
from laws.test_rerun import login, organisation, two_days_of_ann
from laws.trials import TABLES_ONLY, Trials, build, tables_of
from strata.dbt_runner import run_dbt

pytestmark = pytest.mark.proof

_CLAIM = "ag_data_01_snapshots_carry_version_and_scope"
_SELECTED = ["snapshot_daily_user", "stg_training__event_log", "p_03_raw_is_append_only__event_log", _CLAIM]
_TESTED = ["--select", *_SELECTED, "--indirect-selection", "cautious"]
# The end-to-end test builds with new data on PostgreSQL too; here it is the long form that does.
_ENGINES = ["duckdb", "postgres"] if IS_LONG else ["duckdb"]
_OLD = "2026-03-04"
_NEW = "2026-03-20"


def _failing(trials: Trials, *, everything: bool = False) -> set[str]:
    """Names of the tests that fail, as `strata build` runs them or as `dbt test` does."""
    if everything:
        nodes = run_dbt(trials.session.settings, ["test", *_TESTED], lambda name: None)
    else:
        nodes = trials.session.build(["--resource-type", "test", *_TESTED], lambda name: None)
    assert sum(node.kind == "test" for node in nodes) >= len(_SELECTED)
    return {node.name for node in nodes if node.is_bad}


def _new_day(trials: Trials, number: int) -> None:
    trials.deliver([Batch("training", "event_log", [login(number, "bob", f"{_NEW}T11:00:00Z")])])
    build(trials.session, tables_of("training"))


@pytest.mark.parametrize("engine", _ENGINES)
def test_a_fault_is_found_where_something_was_touched(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.play([two_days_of_ann()])
    assert _failing(trials) == set()
    damage = "update {{training}}.snapshot_daily_user set team_id = '' where date = date '{0}'"
    found = {_CLAIM}
    trials.query(damage.format(_OLD))
    assert _failing(trials) == set(), "nothing new, nothing to look at"
    assert _failing(trials, everything=True) == found

    _new_day(trials, 3)
    assert _failing(trials) == set(), "the old day is nobody's business in a daily run"
    _new_day(trials, 4)
    trials.query(damage.format(_NEW))
    assert _failing(trials) == found
    assert _failing(trials) == found, "a test that failed looks again, new data or not"


def test_a_touched_row_is_compared_with_untouched_ones(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play([two_days_of_ann()])
    assert _failing(trials) == set()
    _new_day(trials, 3)
    events = "{staging_training}.stg_training__event_log"
    trials.query(f"update {events} set event_id = (select min(event_id) from {events} where user_id = 'ann') "
                 "where user_id = 'bob'")  # fmt: skip
    assert _failing(trials) == {"unique_stg_training__event_log_event_id"}


def test_a_full_refresh_is_tested_whole(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play([[organisation(), *two_days_of_ann()[1:]]])
    assert _failing(trials) == set()
    assert trials.query("select count(*) from {ops}.checks") != [(0,)]
    build(trials.session, ["--select", "agg_team", "--full-refresh", *TABLES_ONLY[:4]])
    assert trials.query("select count(*) from {ops}.checks") == [(0,)]


def test_raw_rows_are_tested_batch_by_batch(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play([two_days_of_ann()])
    assert _failing(trials) == set()
    _new_day(trials, 3)
    trials.query("delete from {raw_training}.event_log where user_id = 'bob'")
    nodes = run_dbt(
        trials.session.settings, ["test", "--select", "p_03_raw_is_append_only__event_log"], lambda name: None
    )
    assert [node.name for node in nodes if node.is_bad] == ["p_03_raw_is_append_only__event_log"]
