"""A backfill computes its days again and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from areas.learning.history import LearningHistory
from areas.product.history import ProductHistory
from areas.training.history import TrainingHistory

from laws.histories import Batch, in_one_load
from laws.test_rerun import claim, organisation, two_days_of_ann
from laws.trials import MODELS_ONLY, Trials, tables_of
from strata.errors import StrataError

_DATES = ("business_date", "date", "started_date")
_WATERMARKS = "select model_name, batch_id from {ops}.watermarks order by 1"


def dated_tables(trials: Trials) -> dict[str, str]:
    """The date column of every table that a build fills day by day."""
    rows = trials.query("select table_schema || '.' || table_name, column_name from information_schema.columns")
    columns: dict[str, set[str]] = {}
    for table, column in rows:
        columns.setdefault(table, set()).add(column)
    dated = {}
    for table in trials.emptied:
        name = next((name for name in _DATES if name in columns[table]), None)
        # The work list names days too, but stands for batches.
        if name and ".raw_" not in f".{table}" and "touched_user_days" not in table:
            dated[table] = name
    return dated


def rows_by_day(trials: Trials, table: str, column: str) -> dict[date, list[str]]:
    """Every row of a table as text, sorted, by its day."""
    found: dict[date, list[str]] = {}
    for day, *row in trials.query(f"select {column}, * from {table}"):
        found.setdefault(day, []).append(str(row))
    return {day: sorted(rows) for day, rows in found.items()}


def backfill(trials: Trials, first: date, last: date, arguments: list[str]) -> None:
    """`strata build --from --to`, which must succeed."""
    nodes = trials.session.backfill(first, last, arguments, {}, lambda name: None)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad or node.status == "skipped"] == []


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_backfill_computes_its_days_and_no_others(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.play(in_one_load(TrainingHistory().draw(Random("backfill"))))
    tables = dated_tables(trials)
    assert len(tables) > 15, tables
    days = [day for (day,) in trials.query("select distinct date from {training}.snapshot_daily_user order by 1")]
    first = days[len(days) // 2]
    last, after = first + timedelta(days=1), first + timedelta(days=2)
    before: dict[str, Any] = {table: rows_by_day(trials, table, column) for table, column in tables.items()}
    marks = trials.query(_WATERMARKS)
    for table, column in tables.items():
        trials.query(f"delete from {table} where {column} between date '{first}' and date '{after}'")

    backfill(trials, first, last, tables_of("training"))

    assert trials.query(_WATERMARKS) == marks
    computed = set()
    for table, column in tables.items():
        now = rows_by_day(trials, table, column)
        assert now == {day: rows for day, rows in before[table].items() if day != after or column == "started_date"}
        computed |= {table for day in (first, last) if now.get(day)}
    assert len(computed) > 15, "the days must hold rows, or nothing was shown"


def test_a_backfill_of_sessions_and_sequences_brings_back_what_was_there(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play(in_one_load(LearningHistory().draw(Random("backfill"))))
    trials.keep("before")
    days = [day for (day,) in trials.query("select distinct partition_date from {learning}.minute_metrics order by 1")]
    first, last = days[len(days) // 3], days[2 * len(days) // 3]
    assert first < last
    lost = 0
    for table in ("minute_metrics", "session_metrics", "int_learning__learner_day", "mastery_deltas"):
        condition = f"where partition_date between date '{first}' and date '{last}'"
        lost += trials.query(f"select count(*) from {{learning}}.{table} {condition}")[0][0]
        trials.query(f"delete from {{learning}}.{table} {condition}")
    assert lost
    backfill(trials, first, last, tables_of("learning"))
    trials.keep("after")
    assert trials.differences("before", "after") == []


def test_a_backfill_computes_sessions_that_run_into_its_days_whole(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play(in_one_load(ProductHistory().draw(Random("backfill"))))
    trials.keep("before")
    sessions = "{product}.int_product__sessions"
    last_days = f"select max(cast(ended_at as date)) from {sessions} where cast(ended_at as date) > started_date"
    [[day]] = trials.query(last_days)
    assert day, "no session runs over a midnight"
    earlier = f"where started_date < date '{day}' and cast(ended_at as date) >= date '{day}'"
    trials.query(f"update {sessions} set event_count = 99 {earlier}")
    trials.query(f"delete from {{product}}.int_product__events where event_date = date '{day}'")
    backfill(trials, day, day, tables_of("product"))
    trials.keep("after")
    assert trials.differences("before", "after") == []


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_backfill_of_a_frozen_day_is_kept(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.play([two_days_of_ann()])
    trials.query("update {training}.snapshot_daily_user set xp_total = 7")
    backfill(trials, date(2026, 3, 4), date(2026, 3, 4), ["--select", "snapshot_daily_user", *MODELS_ONLY])
    changed = trials.query(
        "select partition_date, column_name, old_value, new_value from {ops}.restatements "
        "where table_name like '%.snapshot_daily_user'"
    )
    assert [(str(day), *values) for day, *values in changed] == [("2026-03-04", "xp_total", "7", "0")]
    left = trials.query("select date, xp_total from {training}.snapshot_daily_user order by 1")
    assert [xp for _, xp in left] == [0, 7]


def test_a_backfill_waits_for_batches_that_are_not_built(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play([[organisation()]])
    trials.deliver([Batch("training", "event_log", [claim(3, "ann", "2026-03-04T11:00:00Z", "mentor")])])
    with pytest.raises(StrataError, match="not built yet"):
        backfill(trials, date(2026, 3, 4), date(2026, 3, 4), tables_of("training"))
