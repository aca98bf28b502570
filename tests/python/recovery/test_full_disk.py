"""A disk that fills up while the door or dbt writes: exit code 75, a sentence, and one plain rerun when there is room.

The disk is a small one in memory. Where none can be made, a limit on the size of files stands in for it
where the door loads into DuckDB.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random

import pytest
from proof_report import IS_LONG, Proofs

from recovery.damage import Harmed, harm_once, left_wrong, sentence
from recovery.disks import filled
from recovery.places import DuckDBPlace, picture
from recovery.servers import stopped
from recovery.world import BUILD, LOAD, Work, World

pytestmark = pytest.mark.proof
_TIMES = 10 if IS_LONG else 1
_NO_DISK = "no small disk can be made here; run this as root"


def _full_once(world: World, work: Work, chance: Random) -> Harmed:
    writes = world.time(work).writes
    if world.disk:
        return harm_once(world, work, chance.randrange(writes), lambda: _full_for_a_while(world))
    # Not for dbt, whose log it would hit first.
    if not isinstance(world.place, DuckDBPlace) or work != LOAD:
        pytest.skip(_NO_DISK)
    return harm_once(world, work, 0, nullcontext, fault=f"files are small:{chance.randrange(1_000, 100_000)}")


@contextmanager
def _full_for_a_while(world: World) -> Iterator[None]:
    """The disk is full while the context lasts; then somebody makes room, and starts the server anew."""
    assert world.disk
    with filled(world.disk):
        yield
    if world.engine == "postgres":
        with stopped(world):
            pass


@pytest.mark.parametrize("work", [LOAD, BUILD], ids=str)
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_disk_that_fills_up_costs_a_rerun(
    worlds: Callable[[str], World], engine: str, work: Work, proofs: Proofs
) -> None:
    world = worlds(engine)
    chance = Random(f"{world.seed} full disk {engine} {work}")
    stopped = 0
    # The last statements may find room that was kept for them, and then all is well.
    for _ in range(4 * _TIMES):
        harmed = _full_once(world, work, chance)
        assert harmed.wrong == []
        if harmed.run.code:
            assert harmed.run.code == 75, harmed.run.said
            sentence(harmed.run)
            stopped += 1
        if stopped == _TIMES:
            break
    assert stopped == _TIMES
    proofs.count("damage", f"full disk, {work}, {engine}", world.seed, runs=stopped, wrong_after_one_rerun=0)


@pytest.mark.parametrize(("free", "said"), [(0, "No room is left on a disk"), (1_000_000, r"MB free; .* needs")])
def test_too_little_room_is_seen_before_the_load(
    worlds: Callable[[str], World], free: int, said: str, proofs: Proofs
) -> None:
    world = worlds("duckdb")
    if not world.disk:
        pytest.skip(_NO_DISK)
    world.place.restore("before")
    with filled(world.disk, free):
        ended = world.commands.run("strata", "load")
    assert ended.code == 75
    assert re.search(said, sentence(ended))
    assert picture(world.place) == world.pictures["before"]
    assert left_wrong(world, LOAD) == []
    proofs.count("damage", "full disk before the load, duckdb", world.seed, runs=1, wrong_after_one_rerun=0)


def test_a_small_disk_is_small(tmp_path: Path, worlds: Callable[[str], World]) -> None:
    world = worlds("duckdb")
    if not world.disk:
        pytest.skip(_NO_DISK)
    file = world.disk / "one more"
    with filled(world.disk), pytest.raises(OSError, match="No space left"):
        file.write_bytes(b"x" * 10_000)
    file.unlink()
