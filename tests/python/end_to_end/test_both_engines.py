"""From landing files to published tables on DuckDB and PostgreSQL: the same numbers at every step of a history."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from engines import copy_of_the_project, enter, new_prefix, session_for

from strata.areas.learning.sample import write_learning_sample
from strata.areas.product.sample import write_product_sample
from strata.areas.training.exports import export_insights
from strata.areas.training.sample import SampleReport, write_mended_organisation, write_training_sample
from strata.parity import Compared, Side, compare
from strata.places import read_places
from strata.published import published_tables
from strata.session import Session
from strata.settings import TARGETS
from strata.warehouse.open import open_warehouse

_MODELS_ONLY = ["--exclude-resource-types", "test", "unit_test"]
_LAST_DAY = date(2026, 10, 31)
# The views of learning show the last days up to it.
_AS_OF = ["--vars", f"{{as_of: '{_LAST_DAY}'}}"]


@dataclass
class World:
    """Both warehouses after the whole history, and what was seen on the way."""

    sessions: dict[str, Session]
    patch: pytest.MonkeyPatch
    sample: SampleReport
    failed_nodes: dict[str, list[str]]
    steps: dict[str, list[Compared]]
    replayed: dict[str, tuple[int, int, int]]
    out_of_scope: dict[str, list[int]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, postgres_server: None) -> Iterator[World]:
    """A sample in several deliveries: the first with some files held back, those late, a new event type, a mended
    organisation."""
    folder = tmp_path_factory.mktemp("world")
    project = copy_of_the_project(folder, data_tests=True)
    everything, first = folder / "everything", folder / "first"
    sample = write_training_sample(everything, last_day=_LAST_DAY, events=3_000, days=40)
    write_learning_sample(everything, last_day=_LAST_DAY, events=400, days=3)
    write_product_sample(everything, last_day=_LAST_DAY, events=600, days=10)
    _hold_back(everything, first)
    prefix = new_prefix()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SUBJECT_KEY", "the key of this world")
        sessions = {}
        for target in TARGETS:
            session = session_for(target, folder, first, patch, prefix=prefix)
            sessions[target] = Session(replace(session.settings, project=project))
        failed, steps, replayed = {}, {}, {}
        out_of_scope: dict[str, list[int]] = {target: [] for target in TARGETS}
        failed["first"] = _everywhere(sessions, patch, first, [])
        steps["first"] = _compared(sessions, patch)
        failed["late"] = _everywhere(sessions, patch, everything, _MODELS_ONLY)
        steps["late"] = _compared(sessions, patch)
        _count_out_of_scope(sessions, patch, out_of_scope)
        seed = project / "seeds" / "training" / "training_event_types.csv"
        seed.write_text(seed.read_text() + "quiz_start,true,false,false,false\n")
        for target in TARGETS:
            sessions[target] = Session(sessions[target].settings)
            enter(sessions[target].settings, patch)
            rounds = [sum(item.loaded for item in sessions[target].replay(None, None)) for _ in range(2)]
            with sessions[target].warehouse() as warehouse:
                marked = warehouse.query("select count(*) from {ops}.rejections where replayed_in_batch is not null")
            replayed[target] = (*rounds, marked[0][0])
        write_mended_organisation(everything)
        failed["mended"] = _everywhere(sessions, patch, everything, [])
        steps["mended"] = _compared(sessions, patch)
        _count_out_of_scope(sessions, patch, out_of_scope)
        yield World(sessions, patch, sample, failed, steps, replayed, out_of_scope)


def _hold_back(everything: Path, first: Path) -> None:
    """Every third file of each table is missing from the first delivery."""
    for number, file in enumerate(sorted(path for path in everything.rglob("*") if path.is_file())):
        if file.parent.name == "org_scope" or number % 3:
            target = first / file.relative_to(everything)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _everywhere(
    sessions: dict[str, Session], patch: pytest.MonkeyPatch, landing: Path, arguments: list[str]
) -> list[str]:
    """Load a folder and build on every engine; the nodes that failed."""
    failed = []
    for target, session in sessions.items():
        sessions[target] = session = Session(replace(session.settings, landing=landing))
        enter(session.settings, patch)
        session.load(session.files([]), lambda item: None)
        nodes = session.build([*arguments, *_AS_OF], lambda name: None)
        assert nodes, "nothing was built"
        failed += [f"{target}: {node.name}: {node.message}" for node in nodes if node.status not in ("success", "pass")]
    return failed


def _count_out_of_scope(sessions: dict[str, Session], patch: pytest.MonkeyPatch, counts: dict[str, list[int]]) -> None:
    for target, session in sessions.items():
        enter(session.settings, patch)
        schema = session.settings.schema("staging_training")
        with session.warehouse() as warehouse:
            counts[target].append(warehouse.execute(f"select count(*) from {schema}.stg_training__out_of_scope")[0][0])


def _compared(sessions: dict[str, Session], patch: pytest.MonkeyPatch) -> list[Compared]:
    enter(sessions["duckdb"].settings, patch)
    return list(sessions["duckdb"].parity(read_places(sessions["duckdb"].settings, [])))


@pytest.mark.parametrize("step", ["first", "late", "mended"])
def test_build_passes(world: World, step: str) -> None:
    assert world.failed_nodes[step] == []


@pytest.mark.parametrize("step", ["first", "late", "mended"])
def test_engines_publish_the_same(world: World, step: str) -> None:
    compared = world.steps[step]
    assert len(compared) >= 20
    assert [item for item in compared if not item.is_equal] == []
    assert [item.table for item in compared if item.rows[0] == 0] == []


def test_a_new_event_type_brings_its_records_in_exactly_once(world: World) -> None:
    expected = sum(item.kind == "event_type_missing_from_seed" for item in world.sample.expected_rejections)
    assert expected > 0
    for target in TARGETS:
        assert world.replayed[target] == (expected, 0, expected)


def test_out_of_scope_records_come_in_after_the_organisation_is_mended(world: World) -> None:
    for target in TARGETS:
        before, after = world.out_of_scope[target]
        # Every record that the sample places outside, copies included; of the mended organisation none is left.
        assert before >= sum(counts.out_of_scope for counts in world.sample.tables.values()) > 0
        assert after < before
    assert world.out_of_scope["duckdb"] == world.out_of_scope["postgres"]


def test_one_load_and_one_full_refresh_of_everything_gives_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = world.sessions["duckdb"]
    once = Session(replace(grown.settings, duckdb_path=tmp_path / "once.duckdb"))
    enter(once.settings, monkeypatch)
    once.load(list(reversed(once.files([]))), lambda item: None)
    nodes = once.build(["--full-refresh", *_MODELS_ONLY, *_AS_OF], lambda name: None)
    assert [node.name for node in nodes if node.is_bad] == []
    tables = published_tables(grown.settings, grown.manifest)
    with (
        open_warehouse(grown.settings, grown.contracts, grown.seeds) as left,
        open_warehouse(once.settings, once.contracts, once.seeds) as right,
    ):
        sides = [Side(name, side, grown.settings.schema) for name, side in (("grown", left), ("once", right))]
        different = [item for item in compare(*sides, tables) if not item.is_equal]
    assert different == []


def test_exported_insights_are_the_same(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for target, session in world.sessions.items():
        enter(session.settings, monkeypatch)
        with session.warehouse() as warehouse:
            file, count = export_insights(warehouse, _LAST_DAY, tmp_path / target)
        assert count > 0
        written.append(file.read_bytes())
    assert written[0] == written[1]
