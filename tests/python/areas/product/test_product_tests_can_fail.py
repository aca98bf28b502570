"""Every claim about events, links and sessions of product fails on its damage, and the others stay quiet."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

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
    for claim in yaml.safe_load((_TESTS / "_product_events__tests.yml").read_text(encoding="utf-8"))["data_tests"]
]
_SHOWN = "product.analytics_events"


def _damaged_view(replacement: str) -> str:
    """The events that people read as a table with the rows of the view, one column of which is another."""
    return (
        f"create table product.damaged_rows as select * replace ({replacement}) from {_SHOWN}; "
        f"drop view {_SHOWN}; alter table product.damaged_rows rename to analytics_events"
    )


# (test, damage, other tests that make a wider claim about the same rows)
CASES: list[tuple[str, str, set[str]]] = [
    ("reconcile_copies_that_count", _damaged_view("'elsewhere' as referrer"), set()),
    ("reconcile_copies_that_count", _damaged_view("timestamp + interval 1 second as timestamp"), set()),
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
    ("reconcile_product_events", "update product.int_product__events set app_version = '9'", set()),
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
    ("reconcile_product_sessions", "delete from product.int_product__sessions where session_id = ''", set()),
    (
        "reconcile_product_sessions",
        "update product.int_product__sessions set id = session_id || actor where id like 'strata:%'",
        set(),
    ),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A warehouse with a history, and the compiled SQL of the tests by name."""
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        batches = in_one_load(HISTORY.draw(Random("product damaged")))[0]
        for path in write_batches(batches, session.contracts, folder / "delivery", []):
            session.load(find_files(session.settings.landing, session.contracts, [path]), lambda item: None)
        models = ["+analytics_sessions", "+analytics_events", "+metrics", "+funnels"]
        chosen = [
            "--select",
            *models,
            *_CLAIMS,
            "--exclude-resource-types",
            "unit_test",
            "--indirect-selection",
            "empty",
        ]
        nodes = session.build(chosen, lambda name: None, {"as_of": str(HISTORY.as_of)})
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    compiled = next((folder / "target-duckdb" / "compiled").rglob("tests/product"))
    texts = {file.stem: file.read_text(encoding="utf-8") for file in compiled.glob("reconcile_*.sql")}
    return folder / "strata.duckdb", {name: texts[name] for name in _CLAIMS}


def _failing(built: tuple[Path, dict[str, str]], damage: str | None) -> set[str]:
    path, tests = built
    with duckdb.connect(str(path)) as con:
        con.begin()
        if damage:
            assert _changes(con, damage), "the damage changes nothing"
        found = {name for name, sql in tests.items() if con.execute(sql).fetchone() is not None}
        con.rollback()
    return found


def _changes(con: Any, damage: str) -> bool:
    """Do the damage; whether a row is another one. What replaces a view tells no number."""
    row = con.execute(damage).fetchone()
    return not damage.startswith(("update", "delete")) or (row is not None and row[0] > 0)


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == set(_CLAIMS)


def test_an_undamaged_warehouse_passes(built: tuple[Path, dict[str, str]]) -> None:
    assert _failing(built, None) == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES, ids=[case[0] for case in CASES])
def test_fails_on_its_damage(built: tuple[Path, dict[str, str]], name: str, damage: str, also: set[str]) -> None:
    assert _failing(built, damage) == {name} | also
