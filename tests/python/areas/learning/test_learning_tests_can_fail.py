"""Every claim of learning fails on the damage it is there for, and on that damage the others stay quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from damaged import Case, Claims, built_claims, damaged_view
from engines import PROJECT, session_for

from strata.areas.learning.sample import write_learning_sample

_CLAIMS = {file.stem for file in (PROJECT / "tests" / "learning").glob("*.sql")}

# Live views show days before the real today.
_LAST_DAY = datetime.now(UTC).date() - timedelta(days=1)


CASES: list[Case] = [
    (
        "validate_event_counts",
        f"delete from learning.minute_metrics where partition_date <= date '{_LAST_DAY - timedelta(days=3)}'",
        {
            "live_views_have_no_gap_and_no_overlap",
            "minutes_add_up_to_sessions",
            "hours_are_at_most_the_minutes",
            "reconcile_activity",
            "reconcile_minute_metrics",
            "reconcile_session_parts",
        },
    ),
    (
        "validate_session_durations",
        "update learning.session_metrics set duration_seconds = duration_seconds + 2 where total_events > 5",
        {"reconcile_session_metrics"},
    ),
    (
        "live_views_have_no_gap_and_no_overlap",
        "insert into learning.minute_metrics "
        "select * from learning.minute_metrics where total_events > 0 and time_spent_seconds > 5 limit 1",
        {
            "validate_event_counts",
            "minutes_add_up_to_sessions",
            "reconcile_activity",
            "reconcile_live_views",
            "reconcile_minute_metrics",
            "reconcile_session_parts",
        },
    ),
    (
        "minutes_add_up_to_sessions",
        "update learning.session_metrics set lessons_completed = lessons_completed + 1 where total_events > 5",
        {"reconcile_session_metrics"},
    ),
    (
        "mastery_goes_on_where_it_was",
        "update learning.mastery_deltas set current_mastery = 0.5 where evidence_count = 1",
        {"reconcile_content", "reconcile_mastery_deltas"},
    ),
    (
        "hours_are_at_most_the_minutes",
        "update learning.int_learning__learner_day set active_microseconds = active_microseconds * 2 + 60000000",
        {"reconcile_activity"},
    ),
    (
        "every_session_has_a_tenant",
        "delete from learning.int_learning__session_tenant where tenant_id = 'acme'",
        {"reconcile_session_tenants"},
    ),
    ("reconcile_minute_metrics", "update learning.minute_metrics set page_views = page_views + 1", set()),
    ("reconcile_session_metrics", "update learning.session_metrics set unique_pages = 99", set()),
    ("reconcile_session_parts", "delete from learning.int_learning__active_spans", {"reconcile_activity"}),
    ("reconcile_session_tenants", "update learning.int_learning__session_tenant set tenant_id = 'nobody'", set()),
    (
        "reconcile_mastery_states",
        "update learning.int_learning__mastery_states set odds = odds * 1.1",
        {"reconcile_mastery_deltas"},
    ),
    ("schemas_are_deterministic", "alter table learning.mastery_deltas add column mood varchar", set()),
    ("reconcile_mastery_deltas", "update learning.mastery_deltas set trigger_event_type = 'error'", set()),
    ("reconcile_activity", damaged_view("learning.activity_heatmap", "errors + 1 as errors"), set()),
    (
        "reconcile_engagement",
        damaged_view("learning.learner_engagement", "weekly_learners + 1 as weekly_learners"),
        set(),
    ),
    ("reconcile_content", damaged_view("learning.content_performance", "starts + 1 as starts"), set()),
    ("reconcile_live_views", damaged_view("learning.session_metrics_live", "unique_pages + 1 as unique_pages"), set()),
    ("reconcile_job_status", damaged_view("learning.etl_job_status", "retry_count + 1 as retry_count"), set()),
]


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Claims:
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
        session = session_for("duckdb", folder, folder / "landing", patch)
        write_learning_sample(folder / "landing", last_day=_LAST_DAY, events=1_000, days=4, single_file=True)
        session.load(session.files([]), lambda item: None)
        # The views show the last days up to it.
        return built_claims(session, ["path:models/learning", "path:seeds/learning"], _CLAIMS, str(_LAST_DAY))


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == _CLAIMS


def test_an_undamaged_warehouse_passes(claims: Claims) -> None:
    assert claims.failing() == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES, ids=[case[0] for case in CASES])
def test_fails_on_its_damage(claims: Claims, name: str, damage: str, also: set[str]) -> None:
    assert claims.failing(damage) == {name} | also
