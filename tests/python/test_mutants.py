"""The short form of `make mutants`: a fixed part of all damages, of which each area must notice nine in ten."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from mutants.damage import damages, relations
from mutants.measure import DataTest, Measured, measure
from mutants.report import LEAST_SHARE, Reason, read_reasons, report, unexplained
from mutants.world import World, build_world

# A prime, so that over the tables every kind of damage has its turn.
EVERY = 29


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build_world(tmp_path_factory.mktemp("mutants"))


@pytest.fixture(scope="module")
def measured(world: World) -> Measured:
    return measure(world.path, world.manifest, world.tests, every=EVERY)


def test_every_area_notices_nine_in_ten(measured: Measured) -> None:
    assert len(measured.areas) >= 2
    for area in measured.areas:
        survivors = [(item.damage.relation.label, item.damage.column, item.damage.label) for item in measured.survivors]
        assert len(measured.of(area)) >= 20
        assert measured.share(area) >= LEAST_SHARE, survivors


def test_a_survivor_has_a_reason(measured: Measured) -> None:
    assert unexplained(measured, read_reasons()) == []


def test_every_damage_is_undone(world: World, measured: Measured) -> None:
    with duckdb.connect(str(world.path)) as connection:
        failing = [test.name for test in world.tests if connection.execute(test.sql).fetchone() is not None]
        kinds = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables where table_type = 'VIEW'"
        ).fetchall()
    assert failing == []
    views = {relation.label for relation in relations(world.manifest) if relation.is_view}
    assert views
    assert views <= {name for (name,) in kinds}


def test_what_no_test_reads_survives_and_is_flagged(world: World) -> None:
    """The measure itself can fail: without tests nothing is noticed, and the page says that no reason is known."""
    [relation] = [item for item in relations(world.manifest) if item.name == "kpi_training_daily"]
    found = measure(world.path, world.manifest, [], chosen=lambda item: item == relation)
    assert found.share("training") == 0
    assert len(unexplained(found, [])) == len(found.outcomes) > 20
    assert "no reason is known" in report(found, [])
    everything = Reason("training.*", "*", "*", "nobody asked")
    assert unexplained(found, [everything]) == []
    kinds = Counter(damage.label for damage in damages(relation, seed=7))
    assert {"value, one row", "null, all rows", "deleted, one row", "doubled, all rows"} <= set(kinds)


def test_what_a_table_refuses_is_noticed(world: World) -> None:
    [relation] = [item for item in relations(world.manifest) if item.name == "agg_region"]
    found = measure(world.path, world.manifest, [], chosen=lambda item: item == relation)
    refused = {(item.damage.column, item.damage.kind) for item in found.outcomes if item.noticed_by}
    assert {item.noticed_by for item in found.outcomes} == {"the table refuses it", None}
    assert ("region_id", "null") in refused
    assert ("region_id", "value") not in refused


def test_a_test_that_cannot_be_computed_has_noticed(world: World) -> None:
    [relation] = [item for item in relations(world.manifest) if item.name == "kpi_training_daily"]
    sql = f"select cast('no number' as bigint) from {relation.label}"
    broken = DataTest("broken", sql, frozenset([relation.node_id]))
    found = measure(world.path, world.manifest, [broken], every=10, chosen=lambda item: item == relation)
    emptied = "deleted, all rows"
    assert {item.noticed_by for item in found.outcomes if item.damage.label != emptied} == {"broken"}
