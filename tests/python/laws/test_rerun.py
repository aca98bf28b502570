"""A build with nothing new changes nothing; a change to a frozen day is kept in ops.restatements, once."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from areas.training.history import TrainingHistory
from engines import copy_of_the_project
from records import event

from laws.histories import Batch, Record, in_one_load
from laws.trials import MODELS_ONLY, Trials, build, models_of, tables_of

# Noon in Berlin on days that are frozen whenever this runs.
_FIRST, _SECOND = "2026-03-04T11:00:00Z", "2026-03-05T11:00:00Z"
_NO_VERSION = {"moduleVersion": None, "scenarioVersion": None, "promptVersion": None}
_BERLIN = {"region_id": "emea", "country_id": "de", "branch_id": "berlin", "team_id": "berlin_1"}
_PLACE: Record = _BERLIN | {"timezone": "Europe/Berlin", "valid_from": "2025-01-01", "valid_to": None}
_SNAPSHOT = "select * from {training}.snapshot_daily_user order by user_id, date"
_RESTATED = (
    "select partition_date, column_name, old_value, new_value, batch_id from {ops}.restatements "
    "where table_name like '%.snapshot_daily_user' order by partition_date, column_name"
)


def login(number: int, user: str, at: str) -> Record:
    """A login, which earns nothing."""
    return event(number, userId=user, timestamp=at, eventType="login", version=_NO_VERSION, context=_context(None))


def claim(number: int, user: str, at: str, reward: str) -> Record:
    """A claimed reward."""
    return login(number, user, at) | {"eventType": "reward_claim", "context": _context(reward)}


def _context(action: str | None) -> Record:
    return {"moduleId": None, "quizId": None, "scenarioId": None, "turnIndex": None, "action": action}


def organisation() -> Batch:
    """One team in Berlin."""
    return Batch("training", "org_scope", [_PLACE])


def two_days_of_ann() -> list[Batch]:
    """Ann logs in on two days."""
    return [organisation(), Batch("training", "event_log", [login(1, "ann", _FIRST), login(2, "ann", _SECOND)])]


def test_a_build_with_nothing_new_changes_nothing(duckdb_trials: Trials) -> None:
    trials = duckdb_trials
    trials.play(in_one_load(TrainingHistory().draw(Random("nothing new"))))
    trials.keep("first")
    watermarks = "select model_name, batch_id from {ops}.watermarks order by 1"
    marks, restated = trials.query(watermarks), trials.query(_RESTATED)
    build(trials.session, tables_of("training"))
    trials.keep("second")
    assert trials.differences("first", "second") == []
    assert trials.query(watermarks) == marks
    assert trials.query(_RESTATED) == restated


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_change_to_a_frozen_day_is_kept_once(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.play([two_days_of_ann()])
    assert trials.query(_RESTATED) == []

    trials.deliver([Batch("training", "event_log", [claim(3, "ann", _FIRST, "mentor")])])
    [(batch,)] = trials.query("select max(batch_id) from {ops}.batches")
    build(trials.session, tables_of("training"))
    restated = trials.query(_RESTATED)
    assert [(str(day), column, old, new) for day, column, old, new, _ in restated] == [
        ("2026-03-04", "badges_owned", "", "mentor"),
        ("2026-03-04", "xp_total", "0", "40"),
        ("2026-03-05", "badges_owned", "", "mentor"),
        ("2026-03-05", "xp_total", "0", "40"),
    ]
    assert {row[-1] for row in restated} == {batch}

    build(trials.session, tables_of("training"))
    assert trials.query(_RESTATED) == restated
    build(trials.session, [*models_of("training"), "--full-refresh"])
    assert trials.query(_RESTATED) == restated


def module_event(number: int, user: str, at: str, event_type: str) -> Record:
    """The start or completion of a module under version m1."""
    version = _NO_VERSION | {"moduleVersion": "m1"}
    return event(
        number, userId=user, timestamp=at, eventType=event_type, version=version,
        context=_context(None) | {"moduleId": "intro"},
    )  # fmt: skip


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_every_published_table_keeps_what_a_late_record_changed(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.play([two_days_of_ann()])
    late = [
        login(3, "bob", _FIRST),
        module_event(4, "ann", _FIRST, "module_start"),
        module_event(5, "ann", _FIRST, "module_complete"),
    ]
    trials.deliver([Batch("training", "event_log", late)])
    [(batch,)] = trials.query("select max(batch_id) from {ops}.batches")
    build(trials.session, tables_of("training"))

    rows = trials.query("select table_name, partition_date, column_name, old_value, new_value, batch_id "
                        "from {ops}.restatements")  # fmt: skip
    prefix = trials.session.settings.schema("training")
    kept: dict[str, set[tuple[str, str, str | None, str | None]]] = {}
    for table, day, column, old, new, cause in rows:
        assert cause == batch
        new = "1.0" if column == "module_completion_rate" and float(new) == 1 else new
        kept.setdefault(table.removeprefix(f"{prefix}."), set()).add((str(day), column, old, new))

    published = {node.alias for node in trials.manifest.nodes.values()
                 if node.resource_type == "model" and node.fqn[1] == "training"
                 and str(node.access) == "public" and node.config.materialized == "incremental"}  # fmt: skip
    assert kept.keys() == published | {"kpi_training_daily"}
    for level in ("region", "country", "branch", "team"):
        assert kept[f"agg_{level}"] == {
            ("2026-03-04", "active_users", "1", "2"),
            ("2026-03-04", "module_completion_rate", None, "1.0"),
            ("2026-03-04", "module_version", None, "m1"),
            ("2026-03-05", "module_completion_rate", None, "1.0"),
            ("2026-03-05", "module_version", None, "m1"),
        }
        # The version triple of a login is missing three times: the row is the same one, and changed.
        assert kept[f"agg_{level}_by_version"] == {
            ("2026-03-04", "active_users", "1", "2"),
            ("2026-03-04", "users_seen", "1", "2"),
            ("2026-03-04", "*", None, "a row"),
        }
    assert ("2026-03-04", "xp_total", "0", "100") in kept["snapshot_hourly_user"]
    assert ("2026-03-05", "users", "1", "2") in kept["kpi_training_daily"]
    assert ("2026-03-05", "window_attempt_users", "0", "1") in kept["kpi_training_daily"]
    columns = {column for _, column, _, _ in kept["kpi_training_daily"]}
    assert columns <= set(trials.manifest.nodes["model.strata.kpi_training_daily"].columns)


def learned(event_id: str, at: str, score: int) -> Record:
    """An assessment of one learner in one session."""
    return {
        "learner_id": "learner_ann", "session_id": "s1", "event_type": "assessment_complete", "event_id": event_id,
        "timestamp": at, "data": {"assessment_id": "A1", "score": score}, "metadata": None, "version": "1.0",
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_late_score_on_a_frozen_day_is_kept_once(engine: str, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    restated = (
        "select table_name, partition_date, column_name, old_value, new_value, batch_id from {ops}.restatements "
        "where table_name like '%learning.%' order by table_name, column_name, old_value"
    )
    trials.play(
        [[Batch("learning", "raw_events", [learned("e1", _FIRST, 50), learned("e3", "2026-03-04T11:00:40Z", 100)])]]
    )
    assert trials.query(restated) == []

    trials.deliver([Batch("learning", "raw_events", [learned("e2", "2026-03-04T11:00:20Z", 0)])])
    [(batch,)] = trials.query("select max(batch_id) from {ops}.batches")
    build(trials.session, tables_of("learning"))
    kept = trials.query(restated)
    assert {(str(day), last) for _, day, _, _, _, last in kept} == {("2026-03-04", batch)}
    changed = {(table.split(".")[1], column): (old, new) for table, _, column, old, new, _ in kept}
    assert changed.keys() >= {("mastery_deltas", "current_mastery"), ("mastery_deltas", "previous_mastery")}
    assert {
        key: values for key, values in changed.items() if "mastery" not in key[1] and key[1] != "confidence_score"
    } == {
        ("mastery_deltas", "*"): (None, "a row"),
        ("mastery_deltas", "evidence_count"): ("2", "3"),
        ("minute_metrics", "assessments_completed"): ("2", "3"),
        ("minute_metrics", "total_events"): ("2", "3"),
        ("session_metrics", "assessments_completed"): ("2", "3"),
        ("session_metrics", "avg_assessment_score"): ("75.00", "50.00"),
        ("session_metrics", "total_events"): ("2", "3"),
    }

    build(trials.session, tables_of("learning"))
    assert trials.query(restated) == kept


def test_two_rows_for_one_key_fail_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = copy_of_the_project(tmp_path)
    trials = Trials.start("duckdb", tmp_path, monkeypatch, project)
    trials.play([two_days_of_ann()])
    before = trials.query(_SNAPSHOT)
    model = project / "models" / "training" / "snapshot" / "snapshot_daily_user.sql"
    healthy = model.read_text(encoding="utf-8").rstrip()
    assert healthy.endswith("from user_states")
    model.write_text(f"{healthy}\ncross join (values (1), (2)) as twice (number)\n", encoding="utf-8")
    trials.read_again()
    trials.deliver([Batch("training", "event_log", [claim(3, "ann", _FIRST, "mentor")])])
    marks = trials.query("select batch_id from {ops}.watermarks where model_name like '%.snapshot_daily_user'")
    for arguments in (tables_of("training"), ["--select", "snapshot_daily_user", "--full-refresh", *MODELS_ONLY]):
        nodes = trials.session.build(arguments, lambda name: None)
        [failed] = [node for node in nodes if node.is_bad]
        assert failed.name == "snapshot_daily_user"
        assert "E_DUPLICATE_SNAPSHOT" in failed.message
        assert trials.query(_SNAPSHOT) == before
        assert marks == trials.query(
            "select batch_id from {ops}.watermarks where model_name like '%.snapshot_daily_user'"
        )
    model.write_text(f"{healthy}\n", encoding="utf-8")
    trials.read_again()
    build(trials.session, tables_of("training"))
    assert [row for row in trials.query(_SNAPSHOT) if row not in before], "the rerun caught up"
