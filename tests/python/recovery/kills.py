"""Kills at random moments, and what one plain rerun makes of it.

A kill *hit half-done work* when, at that moment,
- a transaction was open in which a statement that writes had ended (the page of `recovery.progress` says so; of a
  server process that was killed, the server itself: it had a transaction id), or
- some of the run was committed and some was not: the last batch or the watermark of some model differs from where the
  run began and from where it ends.
A kill before the first write, or after the last commit, hit nothing.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from random import Random

import psycopg2

from recovery.commands import Running
from recovery.places import DuckDBPlace, ask_server, differences, marks, picture, until
from recovery.world import Timing, Work, World

_SPIN_SECONDS = 0.0002


@dataclass
class Kill:
    """One kill: what was killed, whether it came in time, what it hit, and what the rerun left wrong."""

    work: str
    victim: str
    moment: str
    is_in_time: bool = False
    is_hit: bool = False
    left_log: bool = False
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.work} ({self.victim}, {self.moment}): {'; '.join(self.wrong)}"


def kill_once(world: World, work: Work, chance: Random, victim: str = "process", fault: str = "none") -> Kill:
    """Put the warehouse back, start the command, kill, run the command again once, and compare.

    ``victim`` is the process that was started, or the server's process that works for it (``backend``). ``fault`` names
    one of `recovery.faults`, which both runs then have.
    """
    began = time.monotonic()
    timing = world.time(work)
    moment, is_due = _choose(timing, chance)
    kill = Kill(str(work), victim, moment)
    world.place.restore(work.before)
    if victim == "process":
        _kill_process(world, work, is_due, kill, fault)
    else:
        _kill_backend(world, work, is_due, kill)
    if isinstance(world.place, DuckDBPlace):
        kill.left_log = world.place.log_bytes > 0
    if not kill.is_hit:
        kill.is_hit = _is_between(world, work)
    again = world.commands.run(*work.arguments, fault=fault)
    if again.code:
        kill.wrong.append(f"the rerun ended with {again.code} and said: {again.said[-2000:]}")
    kill.wrong += differences(picture(world.place), world.pictures[work.after])
    kill.seconds = time.monotonic() - began
    return kill


def _choose(timing: Timing, chance: Random) -> tuple[str, Callable[[Running], bool]]:
    """A moment: right after a statement that writes, in the writing window, in the checkpoint, or any at all."""
    how = chance.random()
    if how < 0.4:
        number = chance.randint(1, timing.writes)
        return f"after write {number}", lambda running: running.commands.progress.writes >= number
    if how < 0.5 and timing.is_closed:
        into = chance.uniform(0, timing.total - timing.last)
        return f"{into:.3f} s into the closing", partial(_is_closing, into)
    after = chance.uniform(timing.first, timing.last) if how < 0.9 else chance.uniform(0, timing.total * 1.1)
    return f"after {after:.3f} s", lambda running: time.monotonic() >= running.started + after


def _is_closing(seconds: float, running: Running) -> bool:
    began = running.commands.progress.closing_at
    return bool(began) and time.monotonic() >= began + seconds


def _wait_until(is_due: Callable[[Running], bool], running: Running, timing: Timing) -> None:
    """Until the moment has come, or can come no more."""
    end = running.started + 3 * timing.total + 5
    while not is_due(running) and not running.has_ended and time.monotonic() < end:
        time.sleep(_SPIN_SECONDS)


def _kill_process(world: World, work: Work, is_due: Callable[[Running], bool], kill: Kill, fault: str) -> None:
    running = world.commands.start(*work.arguments, fault=fault)
    _wait_until(is_due, running, world.time(work))
    running.kill()
    kill.is_in_time = running.wait().code == -signal.SIGKILL
    kill.is_hit = kill.is_in_time and world.commands.progress.is_half_done


def _kill_backend(world: World, work: Work, is_due: Callable[[Running], bool], kill: Kill) -> None:
    """Kill the server's process that works for the command; the server then starts all of its processes anew."""
    ask_server("select 1")
    with closing(psycopg2.connect(dbname="postgres")) as con:
        con.autocommit = True
        watch = con.cursor()
        running = world.commands.start(*work.arguments)
        _wait_until(is_due, running, world.time(work))
        while not kill.is_in_time and not running.has_ended:
            watch.execute(
                "select pid, backend_xid is not null from pg_stat_activity where application_name like %s "
                "order by backend_xid is null, xact_start is null, random() limit 1",
                [f"strata %pid={running.pid}"],
            )
            for pid, kill.is_hit in watch.fetchall():
                os.kill(pid, signal.SIGKILL)
                kill.is_in_time = True
    ended = running.wait()
    if ended.code not in (0, 75) or (ended.code and "strata: PostgreSQL" not in ended.said):
        kill.wrong.append(f"it ended with {ended.code} and said: {ended.said[-2000:]}")
    ask_server("select 1")


def _is_between(world: World, work: Work) -> bool:
    if world.engine == "postgres":
        # A statement that its client did not live to see may still be at work.
        quiet = "select count(*) from pg_stat_activity where datname = 'trial'"
        assert until(lambda: ask_server(quiet) == [(0,)], 30)
    return marks(world.place) not in (world.marks[work.before], world.marks[work.after])
