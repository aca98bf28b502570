"""A warehouse with a history, a delivery that waits to be loaded and built, and what an undisturbed run makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from engines import new_prefix, session_for
from laws.histories import Batch, Record, write_batches
from laws.registered import HISTORIES
from laws.trials import build, compared_tables

from recovery.commands import Commands
from recovery.disks import small_disk
from recovery.places import DuckDBPlace, Picture, Place, PostgresPlace, ask_server, marks, picture
from strata.embedded import embedded_postgres
from strata.published import Published
from strata.session import Session

_DATABASE = "trial"
# Enough for all persons to come in the first part: pseudonyms are drawn, and must be before a run is disturbed.
_DRAWS = 6
_DISK_MEGABYTES = 500
Marks = tuple[int, tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class Work:
    """A command that leads from one kept state of the warehouse to another."""

    arguments: tuple[str, ...]
    before: str
    after: str

    def __str__(self) -> str:
        return " ".join(self.arguments[:2])


LOAD = Work(("strata", "load"), "before", "loaded")
BUILD = Work(("strata", "build"), "loaded", "built")
RUN = Work(("strata", "run"), "before", "built")
DBT = Work(("dbt", "build", "--quiet"), "loaded", "built")


@dataclass
class Timing:
    """How long a command took undisturbed, in seconds: its writing window, its end, and how many statements wrote.

    ``is_closed`` says that the window ends where a DuckDB file is closed, and a checkpoint made.
    """

    first: float
    last: float
    total: float
    writes: int
    is_closed: bool


@dataclass
class World:
    """An engine's place, the commands on it, and for every kept state its picture and how far the models are."""

    engine: str
    seed: int
    place: Place
    commands: Commands
    data: Path
    disk: Path | None
    pictures: dict[str, Picture] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)
    timings: dict[Work, Timing] = field(default_factory=dict)

    def keep(self, name: str) -> None:
        """Keep the warehouse as it is, and remember what is in it."""
        self.place.keep(name)
        self.pictures[name], self.marks[name] = picture(self.place), marks(self.place)

    def time(self, work: Work) -> Timing:
        """Run a command undisturbed; once, since it is always the same."""
        if work not in self.timings:
            self.place.restore(work.before)
            ended = self.commands.run(*work.arguments)
            assert ended.code == 0, ended.said
            first, last = self.commands.progress.window
            writes = self.commands.progress.writes
            assert first, "nothing was written"
            self.timings[work] = Timing(
                first - ended.started,
                last - ended.started,
                ended.ended - ended.started,
                writes,
                is_closed=self.commands.progress.closing_at > 0 and self.engine == "duckdb",
            )
        return self.timings[work]


@contextmanager
def world_of(engine: str, folder: Path, seed: int) -> Iterator[World]:
    """A world, drawn from a seed. Its data lie on a small disk of their own where one can be made.

    On PostgreSQL the server is one of its own, which may be killed.
    """
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        disk = stack.enter_context(small_disk(folder / "disk", _DISK_MEGABYTES))
        session = stack.enter_context(session_on(engine, disk or folder, folder, patch))
        first, late = deliveries(Random(f"recovery {seed}"))
        databases = Random(f"databases {seed}")
        _deliver(session, first, "first")
        _grow_databases(session, databases)
        session.load(session.files([]), lambda item: None)
        build(session, ["--exclude-resource-types", "test", "unit_test"])
        patch.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "seed test unit_test")
        published, _ = compared_tables(session)
        place = place_of(session, published)
        _deliver(session, late, "late")
        _grow_databases(session, databases)
        commands = stack.enter_context(Commands.served(folder, session.settings.project))
        world = World(engine, seed, place, commands, disk or folder, disk)
        world.keep("before")
        for work in (LOAD, BUILD):
            world.time(work)
            world.keep(work.after)
        yield world


@contextmanager
def session_on(engine: str, data: Path, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Session]:
    """An empty warehouse whose data lie in one folder and all else in another."""
    with ExitStack() as stack:
        if engine == "postgres":
            for name, value in stack.enter_context(embedded_postgres(data / "data")).items():
                patch.setenv(name, value)
            ask_server(
                f"create database {_DATABASE}", "alter system set max_wal_size = '64MB'", "select pg_reload_conf()"
            )
            patch.setenv("PGDATABASE", _DATABASE)
        session = session_for(engine, data, folder / "landing", patch, prefix=new_prefix())
        patch.setenv("STRATA_SUBJECT_KEY", "the key of this world")
        patch.setenv("DBT_TARGET_PATH", str(folder / "target"))
        patch.setenv("DBT_LOG_PATH", str(folder / "logs"))
        # Writing manifest.json and run_results.json takes as long as half the models.
        patch.setenv("DBT_WRITE_JSON", "false")
        yield session


def place_of(session: Session, published: list[Published]) -> Place:
    """The place of a session's engine."""
    if session.settings.target == "postgres":
        return PostgresPlace(session, published, _DATABASE)
    return DuckDBPlace(session, published)


def deliveries(chance: Random) -> tuple[list[Batch], list[Batch]]:
    """Histories of all areas in two parts. The second holds late records, corrections, copies, and rejected records."""
    drawn = [history.draw(chance) for history in HISTORIES.values() for _ in range(_DRAWS)]
    in_order = [batch for history in drawn[::_DRAWS] for batch in history.in_order]
    sent = [(history.area, table, record) for history in drawn for table, record in history.records]
    records = chance.sample(sent, len(sent))
    half = len(records) // 2
    first = [*in_order[:1], *_files(records[:half], 1, chance)]
    late = _files(records[half:], 3, chance)
    for batch in late:
        batch.records.extend({**batch.records[0], "mood": number} for number in range(3))
    return first, [*in_order[1:], *late]


def _files(records: list[tuple[str, str, Record]], files: int, chance: Random) -> list[Batch]:
    """So many files a table."""
    batches: dict[tuple[str, str, int], Batch] = {}
    for area, table, record in records:
        key = (area, table, chance.randrange(files))
        batches.setdefault(key, Batch(area, table, [])).records.append(record)
    return list(batches.values())


def _deliver(session: Session, batches: list[Batch], name: str) -> None:
    write_batches(batches, session.contracts, session.settings.landing / name, [])


def _grow_databases(session: Session, chance: Random) -> None:
    """SQLite files of the areas that have them: the door knows them, and they hold more than when it last looked."""
    for area, history in HISTORIES.items():
        if grow := getattr(history, "grow_database", None):
            grow(session.settings.landing / area / "application.db", chance)
