"""Every claim about events, sessions, metrics and funnels of product fails on its damage, and the others stay quiet."""

from __future__ import annotations

from random import Random

import pytest
from damaged import Case, Claims, built_claims, claims_in, damaged_view
from engines import session_for
from laws.histories import Batch, in_one_load, write_batches

from areas.product.history import HISTORY
from areas.product.metric_history import metric_records
from strata.door.landing import find_files

_CLAIMS = claims_in(*(f"product/_product_{part}__tests.yml" for part in ("events", "metrics", "funnels")))
_MODELS = (
    "+analytics_sessions", "+analytics_events", "+metrics", "+metric_aggregates", "+dashboard_metrics",
    "+funnel_summary", "+funnel_conversions", "+funnels", "+page_flows", "+product_by_release",
)  # fmt: skip
# Widgets of the seed show this metric.
_SHOWN_METRIC = "api.request.duration"
_SHOWN_EVENTS = "product.analytics_events"
_SESSIONS = "product.int_product__sessions"
_ENTRIES = "product.int_product__funnel_entries"
_SUMMARY = "product.funnel_summary"
_FUNNELS, _DAYS, _SHOWN = "reconcile_funnel_entries", "reconcile_funnel_summary", "reconcile_funnels_shown"

CASES: list[Case] = [
    # events, links and sessions
    ("reconcile_copies_that_count", damaged_view(_SHOWN_EVENTS, "'elsewhere' as referrer"), set()),
    ("reconcile_copies_that_count", damaged_view(_SHOWN_EVENTS, "timestamp + interval 1 second as timestamp"), set()),
    ("reconcile_identity_links", "update product.identity_links set evidence_event_id = 'another'", set()),
    (
        "reconcile_identity_links",
        "update product.identity_links set valid_to = valid_from, is_active = false",
        {"reconcile_product_events"},
    ),
    ("reconcile_product_events", "update product.int_product__events set bot_rule = 'another'", set()),
    (
        "reconcile_product_events",
        "update product.int_product__events set user_id = 'zoe' where user_id is null",
        {"reconcile_product_sessions"},
    ),
    ("reconcile_product_events", "update product.int_product__events set app_version = '9'", {"reconcile_releases"}),
    (
        "reconcile_product_sessions",
        "update product.int_product__sessions set event_count = event_count + 1",
        set(),
    ),
    (
        "reconcile_product_sessions",
        "update product.int_product__sessions set landing_page = exit_page where landing_page <> exit_page",
        set(),
    ),
    (
        "reconcile_product_sessions",
        "delete from product.int_product__sessions where session_id = ''",
        {"reconcile_page_flows"},
    ),
    (
        "reconcile_product_sessions",
        "update product.int_product__sessions set id = session_id || actor where id like 'strata:%'",
        {"reconcile_page_flows", "reconcile_releases"},
    ),
    # metrics
    (
        "reconcile_metric_histograms",
        "update product.metric_histograms set value_count = value_count + 1 where bucket > 0",
        {"reconcile_dashboard_metrics"},
    ),
    (
        "reconcile_metric_histograms",
        "update product.metric_histograms set bucket = bucket + 1 where bucket > 2561",
        set(),
    ),
    ("reconcile_metric_aggregates", "update product.int_product__metric_periods set p90 = p50 where p90 > p50", set()),
    (
        "reconcile_metric_aggregates",
        "update product.int_product__metric_periods set value_sum = value_sum + 1e-9 where value_sum between -1 and 1",
        set(),
    ),
    ("reconcile_metric_aggregates", "delete from product.int_product__metric_periods where p50 is null", set()),
    (
        "reconcile_metric_values",
        "update staging_product.stg_product__metrics set unit = 's' where metric_type = 'gauge'",
        set(),
    ),
    ("reconcile_dashboard_metrics", damaged_view("product.dashboard_metrics", "value * 1.02 as value"), set()),
    (
        "reconcile_dashboard_metrics",
        damaged_view("product.dashboard_metrics", "previous_value + 1 as previous_value"),
        set(),
    ),
    ("reconcile_dashboard_metrics", damaged_view("product.dashboard_metrics", "null as change_percent"), set()),
    # funnels, page flows and releases
    (_FUNNELS, f"update {_ENTRIES} set user_id = 'zoe'", set()),
    (_FUNNELS, f"update {_ENTRIES} set closes_at = closes_at + interval 1 second", set()),
    (_FUNNELS, f"update {_ENTRIES} set completed_at = started_at where completed_at > started_at", set()),
    (_FUNNELS, f"update {_ENTRIES} set is_ended = true where completed", {_DAYS}),
    (_FUNNELS, f"update {_ENTRIES} set current_step = 9 where not completed", {_DAYS}),
    (
        _FUNNELS,
        f"update {_ENTRIES} set step_timestamps = replace(step_timestamps, ':0', ':1') where id <> ''",
        {_DAYS},
    ),
    (_FUNNELS, f"delete from {_ENTRIES}", {_DAYS}),
    (_DAYS, f"update {_SUMMARY} set entered = entered + 1", set()),
    (_DAYS, f"update {_SUMMARY} set open = open + 1", set()),
    (_DAYS, f"update {_SUMMARY} set median_seconds = median_seconds + 1", set()),
    (_DAYS, f"delete from {_SUMMARY} where step = 2", set()),
    (_SHOWN, f"update {_ENTRIES} set completed = not completed", {_FUNNELS, _DAYS}),
    ("reconcile_page_flows", "update product.page_flows set transitions = transitions + 1", set()),
    ("reconcile_page_flows", "delete from product.page_flows", set()),
    ("reconcile_releases", f"update {_SESSIONS} set started_date = started_date + 1", set()),
    ("reconcile_releases", f"update {_SESSIONS} set pages = 2", set()),
    ("reconcile_releases", f"update {_SESSIONS} set app_version = '9'", set()),
]


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Claims:
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        batches = in_one_load(HISTORY.draw(Random("funnels damaged")))[0]
        shown = [
            record | {"id": f"shown-{record['id']}", "name": _SHOWN_METRIC}
            for _, record in metric_records(Random("shown"))
        ]
        batches.append(Batch("product", "metrics", shown))
        for path in write_batches(batches, session.contracts, folder / "delivery", []):
            session.load(find_files(session.settings.landing, session.contracts, [path]), lambda item: None)
        return built_claims(session, _MODELS, _CLAIMS, HISTORY.as_of)


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == _CLAIMS


def test_an_undamaged_warehouse_passes(claims: Claims) -> None:
    assert claims.failing() == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES, ids=range(len(CASES)))
def test_fails_on_its_damage(claims: Claims, name: str, damage: str, also: set[str]) -> None:
    assert claims.failing(damage) == {name} | also
