"""The proofs can fail: with a fault planted in the door or in the macros, kills are not caught up by a rerun."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from laws.trials import copy_of_the_project
from proof_report import IS_LONG, Proofs

from recovery.conftest import SEED
from recovery.kills import Kill, kill_once
from recovery.world import BUILD, LOAD, Work, world_of

pytestmark = pytest.mark.proof
_MOST_KILLS = 60

# A watermark that is committed before the rows it speaks of: words of the macro, and what follows them.
_WATERMARK = ("record_watermark.sql", "where model_name = '{{ name }}');", " commit; begin;")


def _kills_until_found(engine: str, work: Work, folder: Path, fault: str, project: Path | None = None) -> list[Kill]:
    """Kills until one is not caught up."""
    kills: list[Kill] = []
    with world_of(engine, folder, SEED, fault=fault, project=project) as world:
        chance = Random(f"{SEED} {fault}")
        while len(kills) < _MOST_KILLS and not any(kill.wrong for kill in kills):
            kills.append(kill_once(world, work, chance))
    return kills


@pytest.mark.parametrize(
    ("engine", "fault"),
    [("duckdb", "rows apart from their batch"), ("postgres", "a batch counted before its rows")],
)
def test_a_door_that_commits_twice_is_found(engine: str, fault: str, tmp_path: Path, proofs: Proofs) -> None:
    kills = _kills_until_found(engine, LOAD, tmp_path, fault)
    print(f"\n{fault}: {len(kills)} kills, {kills[-1]}")
    assert kills[-1].wrong
    proofs.count("faults", f"kills, {engine}: {fault}", planted=1, found=1, kills_until_found=len(kills))


@pytest.mark.parametrize("engine", ["duckdb", "postgres"] if IS_LONG else ["duckdb"])
def test_a_watermark_apart_from_its_rows_is_found(engine: str, tmp_path: Path, proofs: Proofs) -> None:
    name, words, added = _WATERMARK
    project = copy_of_the_project(tmp_path)
    macro = project / "macros" / "incremental" / name
    healthy = macro.read_text(encoding="utf-8")
    assert words in healthy
    macro.write_text(healthy.replace(words, words + added), encoding="utf-8")
    kills = _kills_until_found(engine, BUILD, tmp_path, "none", project)
    print(f"\na watermark apart from its rows: {len(kills)} kills, {kills[-1]}")
    assert kills[-1].wrong
    fault = "a watermark committed apart from its rows"
    proofs.count("faults", f"kills, {engine}: {fault}", planted=1, found=1, kills_until_found=len(kills))
