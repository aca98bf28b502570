"""A kill at any moment costs a rerun: SIGKILL of the door, of dbt, or of the server's process that works for them.

Short by default; STRATA_PROOF=long kills at least 300 times, most often the door, which is cheap. A failure names the
moment; STRATA_SEED=<seed> draws other moments and another history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest
from proof_report import IS_LONG, Proofs

from recovery.kills import Kill, kill_once
from recovery.world import BUILD, DBT, LOAD, RUN, Work, World

pytestmark = pytest.mark.proof


@dataclass(frozen=True)
class Series:
    """So many kills of one kind, in the short and in the long form."""

    engine: str
    work: Work
    victim: str
    short: int
    long: int

    def __str__(self) -> str:
        return f"{self.work}, {self.victim}, {self.engine}"


SERIES = [
    Series("duckdb", LOAD, "process", 4, 110),
    Series("duckdb", BUILD, "process", 2, 30),
    Series("duckdb", DBT, "process", 1, 10),
    Series("duckdb", RUN, "process", 0, 5),
    Series("postgres", LOAD, "process", 3, 60),
    Series("postgres", BUILD, "process", 1, 20),
    Series("postgres", DBT, "process", 0, 10),
    Series("postgres", RUN, "process", 0, 5),
    Series("postgres", LOAD, "backend", 2, 45),
    Series("postgres", BUILD, "backend", 1, 15),
]
_CHOSEN = [series for series in SERIES if (series.long and IS_LONG) or series.short]
# A series of few kills goes on until one of them has hit; one that goes on for so long never will.
_MOST = 8


def kills_of(world: World, series: Series, chance: Random) -> list[Kill]:
    """The kills of a series."""
    wanted = series.long if IS_LONG else series.short
    kills: list[Kill] = []
    while len(kills) < wanted or (not any(kill.is_hit for kill in kills) and len(kills) < _MOST * wanted):
        kills.append(kill_once(world, series.work, chance, series.victim))
    return kills


@pytest.mark.parametrize("series", _CHOSEN, ids=str)
def test_a_kill_costs_one_rerun(worlds: Callable[[str], World], series: Series, proofs: Proofs) -> None:
    world = worlds(series.engine)
    kills = kills_of(world, series, Random(f"{world.seed} {series}"))
    hit = sum(kill.is_hit for kill in kills)
    log = sum(kill.left_log for kill in kills)
    seconds = sum(kill.seconds for kill in kills)
    print(f"\n{series}: {len(kills)} kills, {hit} hit, {log} left a log, {seconds / len(kills):.2f} s each")
    assert [f"STRATA_SEED={world.seed} {kill}" for kill in kills if kill.wrong] == []
    assert hit
    numbers = {"kills": len(kills), "hit_half-done_work": hit, "left_a_log_to_replay": log, "wrong_after_one_rerun": 0}
    proofs.count("kills", str(series), world.seed, **numbers)
