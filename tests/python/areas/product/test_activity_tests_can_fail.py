"""Every claim about activity, features, retention and lifecycle fails on its damage, and the others stay quiet."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import pytest
from damaged import Case, Claims, built_claims, claims_in, damaged_view
from engines import session_for

from areas.product.activity_history import FIRST, history, record_of

# So early that days of many cohorts have not ended.
_AS_OF = FIRST + timedelta(days=20, hours=1)
_CLAIMS = claims_in("product/_product_activity__tests.yml")
_PUBLISHED = ("user_activity", "feature_usage", "retention", "lifecycle", "product_daily")

CASES: list[Case] = [
    ("reconcile_action_days", "update product.int_product__action_day set events = events + 1", set()),
    (
        "reconcile_action_days",
        "update product.int_product__action_day set last_event_id = first_event_id where events > 1",
        set(),
    ),
    (
        "reconcile_action_days",
        "delete from product.int_product__action_day where action_name = 'mission_completed'",
        set(),
    ),
    (
        "reconcile_first_actions",
        "update product.int_product__first_actions set first_event_id = 'another' where action_name = ''",
        {"reconcile_retention"},
    ),
    (
        "reconcile_first_actions",
        "delete from product.int_product__first_actions where action_name = 'mission_created' and actor = 'u:a'",
        {"reconcile_retention"},
    ),
    ("reconcile_retention", damaged_view("product.retention", "returned_users + 1 as returned_users"), set()),
    ("reconcile_retention", damaged_view("product.retention", "unbounded_rate / 2 as unbounded_rate"), set()),
    (
        "reconcile_retention",
        damaged_view("product.retention", "case when day_number > 3 then returned_users end as returned_users"),
        set(),
    ),
    (
        "reconcile_retention",
        damaged_view("product.retention", "coalesce(retention_rate, 0) as retention_rate"),
        set(),
    ),
    ("reconcile_lifecycle", damaged_view("product.lifecycle", "returning_users + 1 as returning_users"), set()),
    ("reconcile_lifecycle", damaged_view("product.lifecycle", "null::bigint as dormant_users"), set()),
    (
        "reconcile_lifecycle",
        damaged_view("product.lifecycle", "new_users as new_users", "period_type = 'daily'"),
        set(),
    ),
    ("reconcile_user_days", damaged_view("product.user_activity", "session_count + 1 as session_count"), set()),
    ("reconcile_user_days", damaged_view("product.user_activity", "'{}' as events_breakdown"), set()),
    (
        "reconcile_user_days",
        damaged_view("product.user_activity", "total_duration_ms + 1 as total_duration_ms"),
        {"days_add_up_to_sessions"},
    ),
    (
        "days_add_up_to_sessions",
        "update product.int_product__sessions set duration_ms = duration_ms + 1 where user_id is not null",
        {"reconcile_product_daily"},
    ),
    ("reconcile_feature_usage", "update product.feature_usage set success_rate = null", set()),
    ("reconcile_feature_usage", "update product.feature_usage set avg_duration_ms = avg_duration_ms + 1", set()),
    ("reconcile_feature_usage", "delete from product.feature_usage where unique_users = 1", set()),
    ("reconcile_product_daily", damaged_view("product.product_daily", "wau + 1 as wau"), set()),
    (
        "reconcile_product_daily",
        damaged_view("product.product_daily", "median_session_ms + 1 as median_session_ms"),
        set(),
    ),
    (
        "reconcile_product_daily",
        damaged_view("product.product_daily", "dau as dau", "date <> date '2026-01-20'"),
        set(),
    ),
]


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Claims:
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        landing = folder / "landing" / "product" / "analytics_events"
        landing.mkdir(parents=True)
        lines = [json.dumps(record_of(event)) for event in history(Random("activity damaged"))]
        (landing / "events.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
        session.load(session.files([]), lambda item: None)
        return built_claims(session, [f"+{name}" for name in _PUBLISHED], _CLAIMS, _AS_OF.isoformat(sep=" "))


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == _CLAIMS


def test_an_undamaged_warehouse_passes(claims: Claims) -> None:
    assert claims.failing() == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES, ids=range(len(CASES)))
def test_fails_on_its_damage(claims: Claims, name: str, damage: str, also: set[str]) -> None:
    assert claims.failing(damage) == {name} | also
