"""Every claim about funnels, page flows and releases fails on its damage, and the others stay quiet."""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml
from engines import PROJECT, session_for
from laws.histories import in_one_load, write_batches

from areas.product.history import HISTORY
from strata.door.landing import find_files

_TESTS = PROJECT / "tests" / "product"
_CLAIMS = [
    claim["name"]
    for claim in yaml.safe_load((_TESTS / "_product_funnels__tests.yml").read_text(encoding="utf-8"))["data_tests"]
]
_ENTRIES = "product.int_product__funnel_entries"
_SUMMARY = "product.funnel_summary"
_SESSIONS = "product.int_product__sessions"
_FUNNELS, _DAYS = "reconcile_funnel_entries", "reconcile_funnel_summary"
_SHOWN = "reconcile_funnels_shown"

# (test, damage, other tests that make a claim about the same rows)
CASES: list[tuple[str, str, set[str]]] = [
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
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A warehouse with a history, and the compiled SQL of the tests by name."""
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        batches = in_one_load(HISTORY.draw(Random("funnels damaged")))[0]
        for path in write_batches(batches, session.contracts, folder / "delivery", []):
            session.load(find_files(session.settings.landing, session.contracts, [path]), lambda item: None)
        published = ["analytics_sessions", "funnel_summary", "funnel_conversions", "funnels", "page_flows"]
        chosen = ["--select", *(f"+{name}" for name in [*published, "product_by_release"]), *_CLAIMS]
        left_out = ["--exclude-resource-types", "unit_test", "--indirect-selection", "empty"]
        nodes = session.build([*chosen, *left_out], lambda name: None, {"as_of": str(HISTORY.as_of)})
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    compiled = next((folder / "target-duckdb" / "compiled").rglob("tests/product"))
    return folder / "strata.duckdb", {name: (compiled / f"{name}.sql").read_text(encoding="utf-8") for name in _CLAIMS}


def failing(built: tuple[Path, dict[str, str]], damage: str | None) -> set[str]:
    path, tests = built
    with duckdb.connect(str(path)) as con:
        con.begin()
        if damage:
            changed = con.execute(damage).fetchone()
            assert changed is not None
            assert changed[0] > 0, "the damage changes nothing"
        found = {name for name, sql in tests.items() if con.execute(sql).fetchone() is not None}
        con.rollback()
    return found


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == set(_CLAIMS)


def test_an_undamaged_warehouse_passes(built: tuple[Path, dict[str, str]]) -> None:
    assert failing(built, None) == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES)
def test_fails_on_its_damage(built: tuple[Path, dict[str, str]], name: str, damage: str, also: set[str]) -> None:
    assert failing(built, damage) == {name} | also
