"""A checkpoint that DuckDB does not finish: what was committed stays in the log, and the next run finds it there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from proof_report import IS_LONG, Proofs

from recovery.damage import harm_once, left_wrong, sentence
from recovery.places import DuckDBPlace
from recovery.world import BUILD, LOAD, World

pytestmark = pytest.mark.proof
_POINTS = ["before_header", "after_free_list_write", "before_truncate"]


@pytest.mark.parametrize("point", _POINTS if IS_LONG else _POINTS[:1])
def test_a_load_that_cannot_checkpoint_keeps_its_rows(
    worlds: Callable[[str], World], point: str, proofs: Proofs
) -> None:
    world = worlds("duckdb")
    harmed = harm_once(world, LOAD, 0, nullcontext, fault=f"checkpoints abort:{point}")
    assert harmed.run.code == 75
    assert "is kept in strata.duckdb.wal" in sentence(harmed.run)
    assert harmed.wrong == []
    proofs.count("damage", "checkpoint that fails, strata load, duckdb", runs=1, wrong_after_one_rerun=0)


@pytest.mark.parametrize("point", _POINTS if IS_LONG else [])
def test_a_build_that_cannot_checkpoint_keeps_its_rows(
    worlds: Callable[[str], World], point: str, proofs: Proofs
) -> None:
    """dbt says nothing of it: the log is kept when the file is closed, and that is all."""
    world = worlds("duckdb")
    assert isinstance(world.place, DuckDBPlace)
    world.place.restore("loaded")
    assert world.commands.run("strata", "build", fault=f"checkpoints abort:{point}").code == 0
    assert world.place.log_bytes > 0
    assert left_wrong(world, BUILD) == []
    proofs.count("damage", "checkpoint that fails, strata build, duckdb", runs=1, wrong_after_one_rerun=0)
