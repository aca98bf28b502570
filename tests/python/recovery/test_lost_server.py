"""A PostgreSQL server that is stopped at once, while the door or dbt writes, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from proof_report import IS_LONG, Proofs

from recovery.damage import harm_once, sentence
from recovery.servers import stopped
from recovery.world import BUILD, LOAD, Work, World

pytestmark = pytest.mark.proof
_TIMES = 10 if IS_LONG else 1


@pytest.mark.parametrize("work", [LOAD, BUILD], ids=str)
def test_a_server_that_is_stopped_costs_a_rerun(worlds: Callable[[str], World], work: Work, proofs: Proofs) -> None:
    world = worlds("postgres")
    chance = Random(f"{world.seed} lost server {work}")
    for _ in range(_TIMES):
        # Not the last of them: the run would be over before the server is.
        after = chance.randrange(int(world.time(work).writes * 0.8))
        harmed = harm_once(world, work, after, lambda: stopped(world))
        assert harmed.run.code == 75, harmed.run.said
        assert "PostgreSQL" in sentence(harmed.run)
        assert harmed.wrong == []
    proofs.count("damage", f"server stopped, {work}, postgres", world.seed, runs=_TIMES, wrong_after_one_rerun=0)
