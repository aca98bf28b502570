"""Harm other than a kill, done at a moment of a run; then one plain rerun, and a comparison."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from recovery.commands import Ended
from recovery.places import differences, picture
from recovery.world import Work, World


@dataclass
class Harmed:
    """How the harmed run ended, and what one plain rerun left wrong."""

    run: Ended
    wrong: list[str]


def harm_once(
    world: World, work: Work, after_write: int, harm: Callable[[], AbstractContextManager[object]], **run: str
) -> Harmed:
    """Put the warehouse back, start the command, and do harm as soon as so many statements have written.

    The harm lasts until the run has ended; then the same command runs again, plainly. ``run`` holds variables of the
    environment, or a fault, for the first run.
    """
    world.place.restore(work.before)
    running = world.commands.start(*work.arguments, **run)
    while world.commands.progress.writes < after_write and not running.has_ended:
        time.sleep(0.0002)
    with harm():
        ended = running.wait()
    return Harmed(ended, left_wrong(world, work))


def left_wrong(world: World, work: Work) -> list[str]:
    """What is not as it should be after one plain rerun."""
    again = world.commands.run(*work.arguments)
    wrong = [f"the rerun ended with {again.code} and said: {again.said[-2000:]}"] if again.code else []
    return wrong + differences(picture(world.place), world.pictures[work.after])


def sentence(run: Ended) -> str:
    """The one line in which a run that did not succeed said why; and no traceback."""
    assert "Traceback" not in run.said
    [said] = [line for line in run.said.splitlines() if line.startswith("strata:")]
    assert said.endswith(".")
    return said
