"""Every claim about metrics fails on the damage it is there for, and on that damage the others stay quiet."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import duckdb
import pytest
from engines import PROJECT, session_for
from laws.histories import Record

from areas.product.metric_history import metric_records

_CLAIMS = PROJECT / "tests" / "product" / "_product_metrics__tests.yml"

# Widgets of the seed show this metric.
_SHOWN = "api.request.duration"


def damaged_dashboard(replacement: str) -> str:
    """A table with the rows of dashboard_metrics, one column of which is another, in its place."""
    return (
        f"create table product.damaged_rows as select * replace ({replacement}) from product.dashboard_metrics; "
        "drop view product.dashboard_metrics; alter table product.damaged_rows rename to dashboard_metrics"
    )


# (test, damage, other tests that make a wider claim about the same rows)
CASES: list[tuple[str, str, set[str]]] = [
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
    ("reconcile_dashboard_metrics", damaged_dashboard("value * 1.02 as value"), set()),
    ("reconcile_dashboard_metrics", damaged_dashboard("previous_value + 1 as previous_value"), set()),
    ("reconcile_dashboard_metrics", damaged_dashboard("null as change_percent"), set()),
]


def claims() -> set[str]:
    """Names of the singular tests about metrics."""
    lines = _CLAIMS.read_text(encoding="utf-8").splitlines()
    return {line.split(": ")[1] for line in lines if line.strip().startswith("- name: ")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A warehouse with a history of metrics, and the compiled SQL of the tests by name."""
    folder = tmp_path_factory.mktemp("damaged")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        drawn = [record for _, record in metric_records(Random("claims"))]
        shown = [{**record, "id": f"shown-{record['id']}", "name": _SHOWN} for record in drawn]
        write(folder / "landing", drawn + shown)
        session.load(session.files([]), lambda item: None)
        tables = ["+metric_aggregates", "+dashboard_metrics", "metrics"]
        tables += ["--exclude-resource-types", "test", "unit_test"]
        for chosen in (tables, sorted(claims())):
            nodes = session.build(["--select", *chosen], lambda name: None, {"as_of": "2026-03-04"})
            assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    compiled = next((folder / "target-duckdb" / "compiled").rglob("tests/product"))
    return folder / "strata.duckdb", {name: (compiled / f"{name}.sql").read_text(encoding="utf-8") for name in claims()}


def write(landing: Path, records: list[Record]) -> None:
    """The records as a file of the landing folder."""
    folder = landing / "product" / "metrics"
    folder.mkdir(parents=True)
    (folder / "metrics-1.ndjson").write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")


def failing(built: tuple[Path, dict[str, str]], damage: str | None) -> set[str]:
    """Names of the claims that fail after the damage, which is undone."""
    path, tests = built
    with duckdb.connect(str(path)) as con:
        con.begin()
        if damage:
            con.execute(damage)
        found = {name for name, sql in tests.items() if con.execute(sql).fetchone() is not None}
        con.rollback()
    return found


def test_every_claim_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == claims()


def test_an_undamaged_warehouse_passes(built: tuple[Path, dict[str, str]]) -> None:
    assert failing(built, None) == set()


@pytest.mark.parametrize(("name", "damage", "also"), CASES)
def test_fails_on_its_damage(built: tuple[Path, dict[str, str]], name: str, damage: str, also: set[str]) -> None:
    assert failing(built, damage) == {name} | also
