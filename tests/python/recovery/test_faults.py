"""The proof of kills can fail: with a fault planted in the door or in the macros, a rerun does not catch up."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from proof_report import IS_LONG, Proofs

from recovery.kills import Kill, kill_once
from recovery.places import differences, picture
from recovery.world import BUILD, LOAD, Work, World

pytestmark = pytest.mark.proof
_MOST_KILLS = 60
_FAULTS = [
    ("duckdb", LOAD, "rows apart from their batch"),
    ("postgres", LOAD, "a batch counted before its rows"),
    ("duckdb", BUILD, "a watermark apart from its rows"),
    ("postgres", BUILD, "a watermark apart from its rows"),
]


@pytest.mark.parametrize(("engine", "work", "fault"), _FAULTS if IS_LONG else _FAULTS[:3], ids=str)
def test_a_planted_fault_is_found(
    worlds: Callable[[str], World], engine: str, work: Work, fault: str, proofs: Proofs
) -> None:
    world = worlds(engine)
    # Undisturbed it does no harm: what is found below is found by a kill.
    world.place.restore(work.before)
    undisturbed = world.commands.run(*work.arguments, fault=fault)
    assert undisturbed.code == 0, undisturbed.said
    assert differences(picture(world.place), world.pictures[work.after]) == []
    chance = Random(f"{world.seed} {fault}")
    kills: list[Kill] = []
    while len(kills) < _MOST_KILLS and not any(kill.wrong for kill in kills):
        kills.append(kill_once(world, work, chance, fault=fault))
    print(f"\n{fault}, {engine}: {len(kills)} kills, {kills[-1]}")
    assert kills[-1].wrong
    proofs.count("faults", f"kills, {engine}: {fault}", world.seed, planted=1, found=1, kills_until_found=len(kills))
