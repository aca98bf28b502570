"""A checkpoint that DuckDB does not finish: what was committed stays in the log, and the next run finds it there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from proof_report import IS_LONG, Proofs

from recovery.damage import left_wrong, sentence
from recovery.places import DuckDBPlace
from recovery.world import BUILD, LOAD, Work, World

pytestmark = pytest.mark.proof
_POINTS = ["before_header", "after_free_list_write", "before_truncate"]
_CASES = [(work, point) for work in (LOAD, BUILD) for point in _POINTS]


@pytest.mark.parametrize(("work", "point"), _CASES if IS_LONG else _CASES[:1], ids=str)
def test_a_run_that_cannot_checkpoint_keeps_its_rows(
    worlds: Callable[[str], World], work: Work, point: str, proofs: Proofs
) -> None:
    world = worlds("duckdb")
    assert isinstance(world.place, DuckDBPlace)
    world.place.restore(work.before)
    ended = world.commands.run(*work.arguments, fault=f"checkpoints abort:{point}")
    if work == LOAD:
        assert ended.code == 75
        assert "is kept in strata.duckdb.wal" in sentence(ended)
    else:
        # dbt says nothing of it: the log is kept when the file is closed, and that is all.
        assert ended.code == 0
    assert world.place.log_bytes > 0
    assert left_wrong(world, work) == []
    proofs.count("damage", f"checkpoint that fails, {work}, duckdb", runs=1, wrong_after_one_rerun=0)
