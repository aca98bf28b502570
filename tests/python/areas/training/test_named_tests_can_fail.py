"""Every named test of training fails on the damage it is there for, and on that damage the others stay quiet.

A test that cannot fail proves nothing. Each case damages the small warehouse inside a transaction that is rolled back.
"""

import copy
import json
from typing import Any

import pytest
from damaged import Case, damaged_view

from areas.training.claims import ag_data_06_findings, p_03_findings, restricted_text_findings
from areas.training.warehouse import TrainingWarehouse, training_warehouse

__all__ = ["training_warehouse"]

# The record out of scope is in no staged table, so damage to it is seen by tests of the raw tables alone.
OUT_OF_SCOPE = "where user_id = 'eve'"


CASES: list[Case] = [
    (
        "p_01_versions_present",
        "update staging_training.stg_training__event_log set module_version = null where event_type = 'module_start'",
        {"ag_data_02_history_is_not_altered", "reconcile_module_attempts", "reconcile_user_activity"},
    ),
    (
        "p_02_scope_present",
        "update staging_training.stg_training__session_log set team_id = '' where user_id = 'bob'",
        {
            "ag_data_02_history_is_not_altered",
            "ag_data_04_out_of_scope_is_rejected",
            "reconcile_insights_user_days",
            "reconcile_sessions",
            "reconcile_user_activity",
        },
    ),
    ("p_04_schemas_are_deterministic", "alter table training.agg_team add column mood varchar", set()),
    (
        "ag_data_01_snapshots_carry_version_and_scope",
        "update training.snapshot_daily_user set latest_prompt_version = null where user_id = 'ann'",
        {"reconcile_user_snapshots"},
    ),
    (
        "ag_data_02_history_is_not_altered",
        "update raw_training.event_log set action = 'rewritten' where event_type = 'login' and user_id = 'bob'",
        set(),
    ),
    (
        "ag_data_04_out_of_scope_is_rejected",
        "update staging_training.stg_training__event_log set business_date = date '2020-01-01' where user_id = 'bob'",
        {"reconcile_module_attempts", "reconcile_user_activity"},
    ),
    (
        "ag_data_06_version_context_is_true",
        "update training.int_training__kpi_day set module_version = 'm2' where module_version = 'mixed'",
        set(),
    ),
    (
        "ag_data_06_version_context_is_true",
        "update training.agg_team set module_version = 'm2' where module_version = 'mixed'",
        set(),
    ),
    (
        "ag_data_06_version_context_is_true",
        "update training.int_training__scope_window set window_quiz_module_version = 'm1' where scope_id = 'busan_1'",
        set(),
    ),
    (
        "e_agg_conflict_levels_add_up",
        "update training.int_training__scope_day set saleslab_sessions = 7 where scope_id = 'busan_1'",
        set(),
    ),
    (
        "e_agg_conflict_published_tables_agree",
        "update training.agg_branch set total_sales_lab_sessions = 9 where branch_id = 'busan'",
        {"reconcile_scope_aggregates"},
    ),
    (
        "e_duplicate_snapshot",
        "insert into training.snapshot_hourly_user select * from training.snapshot_hourly_user where user_id = 'ann'",
        {"reconcile_user_snapshots"},
    ),
    ("rule_6_missing_scope_is_rejected", f"update raw_training.event_log set team_id = '' {OUT_OF_SCOPE}", set()),
    (
        "rule_6_missing_version_is_rejected",
        f"update raw_training.event_log set module_version = '' {OUT_OF_SCOPE}",
        set(),
    ),
    (
        "rule_6_event_type_is_in_the_list",
        f"update raw_training.event_log set event_type = 'dance' {OUT_OF_SCOPE}",
        set(),
    ),
    ("rejections_carry_a_known_code", "update ops.rejections set code = 'E_WHATEVER'", set()),
    ("reconcile_records", "update ops.batches set records_in = records_in + 1 where table_name = 'event_log'", set()),
    (
        "reconcile_users_and_xp",
        "update training.int_training__kpi_day set xp_total_sum = xp_total_sum + 1 where scope_id = 'berlin'",
        {"reconcile_kpis"},
    ),
    (
        "rates_stay_between_0_and_1",
        "update training.int_training__kpi_day set quizzes_passed = quizzes_completed + 1 where scope_id = 'berlin'",
        {"reconcile_kpis"},
    ),
    (
        "reconcile_user_activity",
        "update training.int_training__user_hour set logins = 7 where user_id = 'bob' and logins = 1",
        set(),
    ),
    (
        "reconcile_module_attempts",
        "update training.int_training__module_attempts set completed_at = completed_at + interval 1 second",
        set(),
    ),
    (
        "reconcile_sessions",
        "update training.int_training__sessions set interactions = 5 where user_id = 'bob'",
        set(),
    ),
    ("reconcile_user_snapshots", "update training.snapshot_hourly_user set xp_total = 0", set()),
    ("reconcile_user_moves", "update training.int_training__user_moves set xp_before = 7 where xp_before > 0", set()),
    (
        "reconcile_scope_aggregates",
        "delete from training.agg_team where team_id = 'berlin_1'",
        {"e_agg_conflict_published_tables_agree"},
    ),
    (
        "reconcile_version_aggregates",
        "insert into training.agg_team_by_version select * from training.agg_team_by_version",
        set(),
    ),
    ("reconcile_kpis", "update training.int_training__kpi_day set quiz_users = 9 where scope_id = 'berlin'", set()),
    (
        "reconcile_windows",
        "update training.int_training__kpi_day set active_users_28d = active_users_28d + 5",
        set(),
    ),
    (
        "reconcile_scope_places",
        "update training.int_training__kpi_day set region_id = 'emea' where scope_id = 'busan_1'",
        set(),
    ),
    ("reconcile_ranks", damaged_view("training.rank_scope", "ranked_scopes + 1 as ranked_scopes"), set()),
    ("reconcile_kpis_by_version", damaged_view("training.kpi_by_version", "n + 1 as n"), set()),
    (
        "reconcile_insights_sessions",
        damaged_view("training.insights_quiz_performance_log", "not is_passed as is_passed"),
        set(),
    ),
    (
        "reconcile_insights_user_days",
        damaged_view("training.insights_upsell_metrics", "99 as saleslab_sessions"),
        set(),
    ),
    (
        "reconcile_insights_payload",
        damaged_view("training.insights_payload", "replace(payload, 'xpTotal', 'points') as payload"),
        set(),
    ),
    (
        "reconcile_findings",
        "update staging_training.stg_training__session_log set is_duration_mismatch = not is_duration_mismatch",
        set(),
    ),
]


def test_every_named_test_has_a_case(training_warehouse: TrainingWarehouse) -> None:
    assert {name for name, _, _ in CASES} == set(training_warehouse.claims.tests)


def test_an_undamaged_warehouse_passes(training_warehouse: TrainingWarehouse) -> None:
    assert training_warehouse.claims.failing() == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES, ids=[case[0] for case in CASES])
def test_fails_on_its_damage(training_warehouse: TrainingWarehouse, name: str, damage: str, also: set[str]) -> None:
    assert training_warehouse.claims.failing(damage) == {name} | also


def test_a_mixed_team_frees_only_the_scopes_that_share_it(training_warehouse: TrainingWarehouse) -> None:
    """Seoul shares a team with another branch; that Busan has one session more than its team is found all the same."""
    scope_days = "training.int_training__scope_day"
    mixed = f"update {scope_days} set branch_id = 'mixed' where scope_level = 'team' and scope_id = 'seoul_1'"
    assert training_warehouse.claims.failing(mixed) == set()
    moved = (
        f"update {scope_days} "
        "set saleslab_sessions = saleslab_sessions + case scope_id when 'busan' then 1 else -1 end "
        "where scope_level = 'branch' and scope_id in ('busan', 'seoul') and date = date '2025-03-01'"
    )
    assert training_warehouse.claims.failing(mixed, moved) == {"e_agg_conflict_levels_add_up"}


@pytest.fixture
def manifest(training_warehouse: TrainingWarehouse) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(training_warehouse.manifest.read_text(encoding="utf-8"))
    return copy.deepcopy(loaded)


def model(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    node: dict[str, Any] = manifest["nodes"][f"model.strata.{name}"]
    return node


def test_p_03_and_ag_data_02_nothing_writes_to_raw(manifest: dict[str, Any]) -> None:
    assert p_03_findings(manifest) == []
    model(manifest, "agg_team")["raw_code"] += "; delete from {{ source('training', 'event_log') }}"
    model(manifest, "agg_region")["schema"] = "raw_training"
    assert len(p_03_findings(manifest)) == 2


def test_ag_data_06_every_mart_carries_versions(manifest: dict[str, Any]) -> None:
    assert ag_data_06_findings(manifest) == []
    del model(manifest, "rank_scope")["columns"]["prompt_version"]
    assert ag_data_06_findings(manifest) == ["model.strata.rank_scope lacks prompt_version"]


def test_restricted_text_stays_in_staging(manifest: dict[str, Any]) -> None:
    assert restricted_text_findings(manifest) == []
    model(manifest, "insights_payload")["columns"]["input"] = {"name": "input"}
    assert restricted_text_findings(manifest) == ["model.strata.insights_payload publishes input"]
