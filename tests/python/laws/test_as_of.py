"""Published days of training end at as_of; a later record waits, and comes in when as_of moves on."""

from __future__ import annotations

from datetime import date

import pytest
from proof_report import IS_LONG
from records import session

from laws.histories import Batch
from laws.test_rerun import login, organisation, two_days_of_ann
from laws.trials import MODELS_ONLY, Trials
from strata.areas.training.kpis import print_kpis
from strata.errors import StrataError

_MARTS = [*MODELS_ONLY, "--select", "path:models/training/marts"]
_TO_COME = "2099-01-01"


def history() -> list[Batch]:
    """Two days, half an hour of the next day by Berlin's clock, and a day far ahead."""
    late, ahead = "2026-03-05T23:30:00Z", f"{_TO_COME}T11:00:00Z"
    sessions = [
        session(10 * number + kind, userId="ann", engine=engine, startTime=at, endTime=at, durationSec=0)
        for number, at in enumerate(["2026-03-04T11:00:00Z", "2026-03-05T11:00:00Z", late, ahead])
        for kind, engine in enumerate(["saleslab", "quiz"])
    ]
    logins = [login(3, "ann", late), login(4, "zoe", ahead)]
    return [*two_days_of_ann(), Batch("training", "event_log", logins), Batch("training", "session_log", sessions)]


def build_as_of(trials: Trials, day: str | None, arguments: list[str]) -> None:
    """`strata build`, on that day or today, which must succeed."""
    nodes = trials.session.build(arguments, lambda name: None, {"as_of": day} if day else {})
    assert nodes
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []


def check_as_of(trials: Trials, day: str) -> None:
    """The data tests of training, on that day: what waits is no finding."""
    tests = ["--select", "path:models/training,resource_type:test", "path:tests/training"]
    build_as_of(trials, day, ["--exclude-resource-types", "unit_test", *tests])


def last_days(trials: Trials) -> dict[str, str]:
    """The last day of every mart that has days."""
    marts = {
        node.alias
        for node in trials.manifest.nodes.values()
        if node.resource_type == "model" and node.fqn[1:3] == ["training", "marts"] and "date" in node.columns
    }
    assert marts > {"kpi_training_daily", "rank_scope", "insights_payload", "insights_upsell_metrics"}
    return {mart: str(trials.query(f"select max(date) from {{training}}.{mart}")[0][0]) for mart in sorted(marts)}


@pytest.mark.proof
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_marts_of_training_end_at_as_of(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    try:
        trials.play([history()])
        for day in ("2026-03-05", "2026-03-06", "2026-03-04"):
            build_as_of(trials, day, _MARTS)
            assert set(last_days(trials).values()) == {day}
            if engine == "duckdb" or IS_LONG:
                check_as_of(trials, day)
        trials.keep("moved")
        build_as_of(trials, "2026-03-04", [*MODELS_ONLY, "--full-refresh", "--select", "path:models/training"])
        trials.keep("fresh")
        assert trials.differences("moved", "fresh") == []
        build_as_of(trials, "2099-12-31", _MARTS)
        assert set(last_days(trials).values()) == {_TO_COME}
    finally:
        build_as_of(trials, None, _MARTS)


def test_the_kpis_are_those_of_the_last_day_that_has_come(
    duckdb_trials: Trials, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = duckdb_trials
    try:
        trials.play([history()])
        for as_of in ("2099-12-31", None):  # a build on a day ahead must not make that day the last one
            build_as_of(trials, as_of, _MARTS)
            with trials.session.warehouse() as warehouse:
                assert print_kpis(warehouse, None) == date(2026, 3, 6)
                assert "KPIs on 2026-03-06" in capsys.readouterr().out
                with pytest.raises(StrataError, match=f"{_TO_COME} is still to come. The last day .* is 2026-03-06"):
                    print_kpis(warehouse, date.fromisoformat(_TO_COME))
                with pytest.raises(StrataError, match="There are no KPIs of 2026-03-07"):
                    print_kpis(warehouse, date(2026, 3, 7))
        trials.play([[organisation()]])
        with trials.session.warehouse() as warehouse, pytest.raises(StrataError, match="no day with records yet"):
            print_kpis(warehouse, None)
    finally:
        build_as_of(trials, None, _MARTS)
