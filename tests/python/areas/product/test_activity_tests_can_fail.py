"""Every claim about activity, features, retention and lifecycle fails on its damage, and the others stay quiet."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml
from engines import PROJECT, session_for

from areas.product.activity_history import FIRST, history, record_of

_TESTS = PROJECT / "tests" / "product"
# So early that days of many cohorts have not ended.
_AS_OF = FIRST + timedelta(days=20, hours=1)
_CLAIMS = [
    claim["name"]
    for claim in yaml.safe_load((_TESTS / "_product_activity__tests.yml").read_text(encoding="utf-8"))["data_tests"]
]


def _damaged_view(name: str, replacement: str, rows: str = "true") -> str:
    """A table with some of the rows of a view, one column of which is another, in the view's place."""
    return (
        f"create table product.damaged_rows as select * replace ({replacement}) from product.{name} where {rows}; "
        f"drop view product.{name}; alter table product.damaged_rows rename to {name}"
    )


# (test, damage, other tests that make a wider claim about the same rows)
CASES: list[tuple[str, str, set[str]]] = [
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
    ("reconcile_retention", _damaged_view("retention", "returned_users + 1 as returned_users"), set()),
    ("reconcile_retention", _damaged_view("retention", "unbounded_rate / 2 as unbounded_rate"), set()),
    (
        "reconcile_retention",
        _damaged_view("retention", "case when day_number > 3 then returned_users end as returned_users"),
        set(),
    ),
    (
        "reconcile_retention",
        _damaged_view("retention", "coalesce(retention_rate, 0) as retention_rate"),
        set(),
    ),
    ("reconcile_lifecycle", _damaged_view("lifecycle", "returning_users + 1 as returning_users"), set()),
    ("reconcile_lifecycle", _damaged_view("lifecycle", "null::bigint as dormant_users"), set()),
    ("reconcile_lifecycle", _damaged_view("lifecycle", "new_users as new_users", "period_type = 'daily'"), set()),
    ("reconcile_user_days", _damaged_view("user_activity", "session_count + 1 as session_count"), set()),
    ("reconcile_user_days", _damaged_view("user_activity", "'{}' as events_breakdown"), set()),
    (
        "reconcile_user_days",
        _damaged_view("user_activity", "total_duration_ms + 1 as total_duration_ms"),
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
    ("reconcile_product_daily", _damaged_view("product_daily", "wau + 1 as wau"), set()),
    ("reconcile_product_daily", _damaged_view("product_daily", "median_session_ms + 1 as median_session_ms"), set()),
    ("reconcile_product_daily", _damaged_view("product_daily", "dau as dau", "date <> date '2026-01-20'"), set()),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A warehouse with a history, and the compiled SQL of the tests by name."""
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        landing = folder / "landing" / "product" / "analytics_events"
        landing.mkdir(parents=True)
        lines = [json.dumps(record_of(event)) for event in history(Random("activity damaged"))]
        (landing / "events.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
        session.load(session.files([]), lambda item: None)
        published = ["user_activity", "feature_usage", "retention", "lifecycle", "product_daily"]
        chosen = ["--select", *(f"+{name}" for name in published), *_CLAIMS]
        left_out = ["--exclude-resource-types", "unit_test", "--indirect-selection", "empty"]
        nodes = session.build([*chosen, *left_out], lambda name: None, {"as_of": _AS_OF.isoformat(sep=" ")})
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    compiled = next((folder / "target-duckdb" / "compiled").rglob("tests/product"))
    tests = {file.stem: file.read_text(encoding="utf-8") for file in compiled.glob("*.sql")}
    return folder / "strata.duckdb", {name: tests[name] for name in _CLAIMS}


def failing(built: tuple[Path, dict[str, str]], damage: str | None) -> set[str]:
    """The tests that find something after the damage."""
    path, tests = built
    with duckdb.connect(str(path)) as con:
        con.begin()
        if damage:
            con.execute(damage)
        found = {name for name, sql in tests.items() if con.execute(sql).fetchone() is not None}
        con.rollback()
    return found


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == set(_CLAIMS)


def test_an_undamaged_warehouse_passes(built: tuple[Path, dict[str, str]]) -> None:
    assert failing(built, None) == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES, ids=range(len(CASES)))
def test_fails_on_its_damage(built: tuple[Path, dict[str, str]], name: str, damage: str, also: set[str]) -> None:
    assert failing(built, damage) == {name} | also
