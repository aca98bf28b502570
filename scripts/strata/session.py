"""What the commands do, apart from the terminal: one function a verb."""

from __future__ import annotations

import atexit
import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strata.builds.plan import Plan, Wanted
from strata.builds.project import Project, read_project
from strata.builds.run import Builder
from strata.builds.states import built_as_of
from strata.contract import Contract, read_contracts
from strata.dbt_runner import Node, parse_project
from strata.embedded import embedded_postgres
from strata.errors import LockedFileError, StrataError, UsageError
from strata.jobs import job
from strata.lock import writer_lock
from strata.parity import Compared, Side, choose_tables, compare
from strata.places import Place
from strata.published import published_tables
from strata.reference import Seed, read_seeds
from strata.settings import DEFAULT_WAIT_SECONDS, Settings, read_settings
from strata.warehouse.base import Warehouse
from strata.warehouse.failures import explained
from strata.warehouse.open import open_warehouse

if TYPE_CHECKING:  # what takes records in, and what areas add to the command, is wanted by few verbs
    from strata.areas.area import Area
    from strata.door.files import DataFile
    from strata.intake.results import Loaded, Replayed


def start_embedded(settings: Settings) -> bool:
    """Start the embedded server beside the warehouse where libpq's variables name none; it ends with the process.

    Returns:
        Whether it is the embedded server that is used.
    """
    if os.environ.get("PGHOST"):
        return False
    server = contextlib.ExitStack()
    os.environ.update(server.enter_context(embedded_postgres(settings.duckdb_path.parent / "postgres")))
    atexit.register(server.close)
    return True


@dataclass(frozen=True)
class Session:
    """One run of the command: the settings, and what the project says, read when first needed."""

    settings: Settings
    is_embedded: bool = False

    @classmethod
    def start(cls) -> Session:
        """A session with the settings of the environment.

        Where the target is PostgreSQL and libpq's variables name no server, the embedded one beside the warehouse
        runs until the process ends.
        """
        settings = read_settings()
        return cls(settings, is_embedded=settings.target == "postgres" and start_embedded(settings))

    @cached_property
    def contracts(self) -> dict[tuple[str, str], Contract]:
        """All contracts by (area, table)."""
        return read_contracts(self.settings.project)

    @cached_property
    def areas(self) -> dict[str, Area]:
        """The subject areas by name, in the project's order."""
        from strata.areas import read_areas

        return read_areas(self.settings.project)

    @cached_property
    def seeds(self) -> dict[str, Seed]:
        """All seeds by name."""
        return read_seeds(self.settings.project)

    def warehouse(self) -> Warehouse:
        """The warehouse, to be used as a context, under ``writing`` or ``reading``."""
        return open_warehouse(self.settings, self.contracts, self.seeds)

    @contextlib.contextmanager
    def writing(self, verb: str, wait_seconds: float) -> Iterator[None]:
        """The right to write, for as long as the context lasts.

        Raises:
            TemporaryError: somebody else has it and keeps it for longer than ``wait_seconds``; or the disk is full.
            StrataError: the memory limit is too low for what is done.
        """
        with explained(self.settings), writer_lock(self.settings, verb, wait_seconds):
            yield

    @contextlib.contextmanager
    def reading(self, verb: str) -> Iterator[Warehouse]:
        """The warehouse, to be asked. A DuckDB file has room for one process, so there a reader waits for writers."""
        is_alone = self.settings.target == "duckdb"
        with self.writing(verb, DEFAULT_WAIT_SECONDS) if is_alone else contextlib.nullcontext(), self.warehouse() as it:
            yield it

    def files(self, paths: list[Path]) -> list[DataFile]:
        """The data files that a load of these paths means.

        Raises:
            UsageError: there are none.
        """
        from strata.door.landing import find_files
        from strata.intake.objects import find_objects, is_object_path

        objects = [path for path in paths if is_object_path(path)]
        places = [path for path in paths if path not in objects]
        files: list[DataFile] = []
        if places or not objects:
            files += find_files(self.settings.landing, self.contracts, places)
        for path in objects:
            files += find_objects(path, self.contracts)
        if not files:
            where = ", ".join(str(path) for path in paths) or str(self.settings.landing)
            raise UsageError(
                f"No data files below {where}. They belong in <area>/<table>/ and end in .ndjson, .json, .csv or "
                ".parquet; SQLite files belong in <area>/. `strata sample` makes some to try."
            )
        return files

    def load(self, files: list[DataFile], on_file: Callable[[DataFile], None]) -> list[Loaded]:
        """Take files in, one transaction each (of a database one for each table); ``on_file`` hears of each as it ends.

        Raises:
            UsageError: a file holds records of persons, and there is no key for their pseudonyms.
            LockedFileError: a database was locked; all other files were taken in.
        """
        from strata.intake.intake import Intake
        from strata.intake.take import take_in

        loaded: list[Loaded] = []
        locked: list[LockedFileError] = []
        with self.warehouse() as warehouse, job(warehouse, "load") as running:
            intake = Intake(warehouse)
            for file in files:
                try:
                    for taken in take_in(warehouse, intake, file):
                        loaded.append(taken)
                        size = taken.file.stat().size if taken.known_as is None else 0
                        running.add(taken.counts.records_in, taken.counts.rejected, size)
                except LockedFileError as error:
                    locked.append(error)
                on_file(file)
            if locked:
                raise locked[0]
        return loaded

    def replay(self, area: str | None, table: str | None) -> list[Replayed]:
        """Send rejected records through the door again, of all tables or of some.

        Where all are meant, tables with records of persons are left out without the key for their pseudonyms.
        """
        from strata.intake.intake import Intake

        has_key = area is not None or bool(os.environ.get("STRATA_SUBJECT_KEY"))
        chosen = [
            contract
            for contract in self.contracts.values()
            if contract.format != "none"
            and (has_key or not contract.is_private)
            and area in (None, contract.area)
            and table in (None, contract.name)
        ]
        if not chosen:
            raise UsageError(f"No table fits {area or '*'}/{table or '*'}.")
        with self.warehouse() as warehouse, job(warehouse, "replay") as running:
            intake = Intake(warehouse)
            replayed = [intake.replay(contract) for contract in chosen]
            for item in replayed:
                running.add(item.tried, item.tried - item.loaded)
        return replayed

    def parity(self, places: Sequence[Place], tables: Sequence[str] = ()) -> Iterator[Compared]:
        """Compare what two warehouses publish; all tables, or those named. Nothing is written to either.

        Raises:
            StrataError: a table is missing on one side, or one was named that does not exist.
        """
        chosen = choose_tables(published_tables(self.settings, self.manifest), tables)
        with contextlib.ExitStack() as stack:
            sides = []
            for place in places:
                warehouse = open_warehouse(place.settings, self.contracts, self.seeds)
                stack.callback(warehouse.close, is_clean=False)
                for table in chosen:
                    warehouse.require(table.schema, table.name)
                sides.append(Side(place.name, warehouse, place.settings.schema))
            left, right = sides
            yield from compare(left, right, chosen)

    def built_as_of(self, place: Place) -> str | None:
        """The day that counted as today when a warehouse was last built; none where that is not known."""
        warehouse = open_warehouse(place.settings, self.contracts, self.seeds)
        try:
            return built_as_of(warehouse)
        finally:
            warehouse.close(is_clean=False)

    @cached_property
    def manifest(self) -> Any:
        """The project as dbt parses it, once a session."""
        return parse_project(self.settings)

    @cached_property
    def project(self) -> Project:
        """The nodes of the project with what each is built from; dbt is asked only where a file has changed."""
        return read_project(self.settings, lambda: self.manifest)

    def plan(self, warehouse: Warehouse, wanted: Wanted, as_of: str | None = None) -> Plan:
        """What `build_what_is_new` would run, and why; nothing is written."""
        return self._builder(lambda name: None, as_of).plan(warehouse, wanted)

    def build_what_is_new(
        self, on_node: Callable[[str], None], wanted: Wanted | None = None, as_of: str | None = None
    ) -> list[Node]:
        """Run the models, seeds and tests that something new reaches; none at all where nothing is new.

        Raises:
            StrataError: dbt could not start, or the memory limit is too low.
            TemporaryError: a disk is full, or the server went away.
        """
        return self._builder(on_node, as_of).build_what_is_new(wanted or Wanted())

    def build(
        self, arguments: list[str], on_node: Callable[[str], None], variables: Mapping[str, str] | None = None
    ) -> list[Node]:
        """Run `dbt build` on what the arguments select, new or not, with values for variables of the project.

        Raises:
            StrataError: as `build_what_is_new`.
            TemporaryError: as `build_what_is_new`.
        """
        return self._builder(on_node).build_selected(arguments, "touched", variables or {})

    def backfill(
        self,
        first: date,
        last: date,
        arguments: list[str],
        variables: Mapping[str, str],
        on_node: Callable[[str], None],
    ) -> list[Node]:
        """Run `dbt build` on some local days alone: their partitions are computed again, all others stay as they are.

        Raises:
            StrataError: as `build_what_is_new`; or there are batches that were not built yet.
        """
        with self.warehouse() as warehouse:
            if behind := warehouse.batches_behind():
                raise StrataError(
                    f"Some batches are not built yet ({behind}), so a backfill would compute their days only in part. "
                    "Run `strata build` first, then the backfill."
                )
        # What a backfill writes comes from no new batch, so tests that follow those would pass it by.
        days = {"backfill_from": str(first), "backfill_to": str(last)}
        return self._builder(on_node).build_selected(arguments, "all", {**variables, **days})

    def _builder(self, on_node: Callable[[str], None], as_of: str | None = None) -> Builder:
        return Builder(self.settings, lambda: self.project, lambda: self.manifest, self.warehouse, on_node, as_of)
