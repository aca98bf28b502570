"""Little memory: what does not fit goes to the disk, and the tables are the same; far too little is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from proof_report import IS_LONG, Proofs

from recovery.commands import Ended
from recovery.damage import sentence
from recovery.places import Picture, differences, picture
from recovery.world import World
from strata.areas.training.sample import write_training_sample

pytestmark = pytest.mark.proof
_EVENTS = 20_000
_LOAD = ("strata", "load")
_BUILD = ("strata", "build", "--select", "path:models/training/staging")
_FAR_TOO_LITTLE = "10MB"
_MOST_TRIES = 12


class Heavy:
    """A world in which so many records wait that they do not fit in little memory."""

    def __init__(self, world: World, landing: Path) -> None:
        self.world = world
        self.landing = landing

    def run(self, arguments: tuple[str, ...], memory: str | None = None) -> tuple[Ended, int]:
        """Run a command; how it ended, and the most bytes that lay in the folders for what does not fit."""
        limit = {"STRATA_MEMORY_LIMIT": memory} if memory else {}
        running = self.world.commands.start(*arguments, STRATA_LANDING=str(self.landing), **limit)
        most = 0
        while not running.has_ended:
            most = max(most, self._spilled())
        ended = running.wait()
        assert memory or ended.code == 0, ended.said
        return ended, most

    def reach(self, arguments: tuple[str, ...], name: str) -> Picture:
        """What the command makes of the warehouse undisturbed, kept under a name."""
        self.run(arguments)
        self.world.place.keep(name)
        return picture(self.world.place)

    def spill(self, arguments: tuple[str, ...], before: str, after: Picture, megabytes: float) -> tuple[int, int]:
        """Run with less and less memory until something goes to the disk; how much memory that was, and how much went.

        How much it takes hangs on the number of cores; a limit that is too low is raised again.
        """
        for _ in range(_MOST_TRIES):
            self.world.place.restore(before)
            ended, spilled = self.run(arguments, f"{int(megabytes)}MB")
            if ended.code:
                self.catch_up(ended, arguments, after)
                megabytes *= 1.3
                continue
            assert differences(picture(self.world.place), after) == []
            if spilled:
                return int(megabytes), spilled
            megabytes *= 0.9
        raise AssertionError(f"{arguments} never spilled")

    def catch_up(self, ended: Ended, arguments: tuple[str, ...], after: Picture) -> None:
        """A run that had far too little said so, and one plain rerun does it all."""
        assert ended.code == 1, ended.said
        assert "STRATA_MEMORY_LIMIT" in sentence(ended)
        self.run(arguments)
        assert differences(picture(self.world.place), after) == []

    def _spilled(self) -> int:
        settings = self.world.place.session.settings
        total = 0
        for folder in (settings.duckdb_path.with_name(settings.duckdb_path.name + ".tmp"), settings.temp_directory):
            # Folder and files come and go.
            with suppress(FileNotFoundError):
                total += sum(file.stat().st_size for file in folder.glob("*"))
        return total


# The door screens in DuckDB's engine on both; how much memory PostgreSQL takes for a build is the server's business.
@pytest.mark.parametrize("engine", ["duckdb", "postgres"] if IS_LONG else ["duckdb"])
def test_little_memory_costs_time_or_a_rerun(
    worlds: Callable[[str], World], engine: str, tmp_path: Path, proofs: Proofs
) -> None:
    heavy = Heavy(worlds(engine), tmp_path / "landing")
    write_training_sample(heavy.landing, last_day=date(2026, 10, 31), events=_EVENTS, days=40, single_file=True)
    heavy.world.place.restore("before")
    loaded = heavy.reach(_LOAD, "heavy")
    work = {"strata load": (_LOAD, "before", loaded, 28)}
    if engine == "duckdb":
        work["strata build"] = (_BUILD, "heavy", heavy.reach(_BUILD, "heavy_built"), 57)
    for name, (arguments, before, after, megabytes) in work.items():
        limit, spilled = heavy.spill(arguments, before, after, megabytes)
        print(f"\n{name}, {engine}: {spilled:,} bytes spilled at {limit} MB")
        if IS_LONG or arguments == _LOAD:
            heavy.world.place.restore(before)
            heavy.catch_up(heavy.run(arguments, _FAR_TOO_LITTLE)[0], arguments, after)
        proofs.count("damage", f"little memory, {name}, {engine}", runs=2, wrong_after_one_rerun=0)
