"""Where a run is killed: a warehouse that can be put back to an earlier state in a moment, one class an engine."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import psycopg2

from strata.contract import Contract
from strata.published import Published
from strata.session import Session
from strata.warehouse.base import Warehouse
from strata.warehouse.open import open_warehouse

# Every row of every table, as text, but for columns that say when it was written.
Picture = dict[str, Counter[tuple[str, ...]]]
_WRITTEN_AT = {"loaded_at", "rejected_at", "restated_at", "updated_at", "checked_at"}
# After a kill, a model that was done runs once more with nothing to do.
_HISTORY_OF_RUNS = {"previous_batch_id", "previous_horizon"}
_NOT_COMPARED = {"checks", "jobs", "node_states"}


class Place(Protocol):
    """One warehouse and its kept states. ``session`` is on the warehouse that the commands write."""

    session: Session
    published: list[Published]

    def keep(self, name: str) -> None:
        """Keep the state as it is under a name. Nobody may have the warehouse open."""

    def restore(self, name: str) -> None:
        """Put a kept state back. Nobody may have the warehouse open."""

    @contextmanager
    def looking(self) -> Iterator[Warehouse]:
        """The warehouse to be asked, without what a run does first, and without a trace of having looked."""
        yield ...  # type: ignore[misc]


@dataclass
class DuckDBPlace:
    """A warehouse file; a state is a copy of it and of its write-ahead log."""

    session: Session
    published: list[Published]

    def keep(self, name: str) -> None:
        """Copy the file."""
        self._copy(self.session.settings.duckdb_path, self._kept(name))

    def restore(self, name: str) -> None:
        """Copy it back."""
        self._copy(self._kept(name), self.session.settings.duckdb_path)

    @contextmanager
    def looking(self) -> Iterator[Warehouse]:
        """A copy: opening the file itself would replay its write-ahead log, which is for the rerun to do."""
        path = self._kept("looked_at")
        self._copy(self.session.settings.duckdb_path, path)
        settings = replace(self.session.settings, duckdb_path=path)
        yield from _opened(Session(settings))

    @property
    def log_bytes(self) -> int:
        """Size of the write-ahead log: what is committed and not in the file itself yet."""
        log = _log_of(self.session.settings.duckdb_path)
        return log.stat().st_size if log.exists() else 0

    def _kept(self, name: str) -> Path:
        return self.session.settings.duckdb_path.with_name(f"{name}.duckdb")

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        for old in target.parent.glob(f"{target.name}.wal*"):
            old.unlink()
        shutil.copyfile(source, target)
        for log in source.parent.glob(f"{source.name}.wal*"):
            shutil.copyfile(log, target.with_name(target.name + log.name.removeprefix(source.name)))


@dataclass
class PostgresPlace:
    """A database of a server that the test started; a state is a database made from it as a template."""

    session: Session
    published: list[Published]
    database: str

    def keep(self, name: str) -> None:
        """A database like the one that is written."""
        self._make(name, self.database)

    def restore(self, name: str) -> None:
        """The database that is written, like the kept one."""
        self._make(self.database, name)

    @contextmanager
    def looking(self) -> Iterator[Warehouse]:
        """Another session beside."""
        yield from _opened(self.session)

    @staticmethod
    def _make(name: str, template: str) -> None:
        ask_server(f"drop database if exists {name} with (force)", f"create database {name} template {template}")


def ask_server(*statements: str, seconds: float = 30) -> list[tuple[Any, ...]]:
    """Run statements in the server's own database; rows of the last. Waits for a server that comes up."""
    end = time.monotonic() + seconds
    while True:
        try:
            with closing(psycopg2.connect(dbname="postgres")) as con:
                con.autocommit = True
                with con.cursor() as cursor:
                    for statement in statements:
                        cursor.execute(statement)
                    return list(cursor.fetchall()) if cursor.description else []
        except psycopg2.OperationalError as error:
            if time.monotonic() > end:
                # The server's data go with the test; its last words must not.
                log = Path(os.environ["PGHOST"], "log")
                said = log.read_text(errors="replace")[-4_000:] if log.exists() else "nothing"
                raise AssertionError(f"the server does not answer; its log says:\n{said}") from error
            time.sleep(0.05)


def _opened(session: Session) -> Iterator[Warehouse]:
    warehouse = open_warehouse(session.settings, session.contracts, session.seeds)
    try:
        yield warehouse
    finally:
        warehouse.close(is_clean=False)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def picture(place: Place) -> Picture:
    """All that must be as if nothing had happened: raw rows, the ledger, rejections, and all that is computed."""
    settings = place.session.settings
    columns: dict[str, list[str]] = {
        contract.relation: [
            name for name in contract.all_columns()
            if name not in _WRITTEN_AT | _HISTORY_OF_RUNS | _filled_with_the_time(contract)
        ]
        for contract in place.session.contracts.values()
        if contract.name not in _NOT_COMPARED
    }  # fmt: skip
    columns |= {f"{settings.schema(table.schema)}.{table.name}": list(table.columns) for table in place.published}
    with place.looking() as warehouse:
        return {relation: _rows(warehouse, relation, names) for relation, names in columns.items()}


def _filled_with_the_time(contract: Contract) -> set[str]:
    return {column.name for column in contract.columns if column.filled == "load_time"}


def _rows(warehouse: Warehouse, relation: str, columns: list[str]) -> Counter[tuple[str, ...]]:
    quoted = ", ".join(f'cast("{name}" as varchar)' for name in columns)
    return Counter(tuple(map(str, row)) for row in warehouse.execute(f"select {quoted} from {relation}"))


def marks(place: Place) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How far the warehouse is: the last batch, and the batch up to which each model is computed."""
    with place.looking() as warehouse:
        [(last,)] = warehouse.query("select coalesce(max(batch_id), 0) from {ops}.batches")
        return last, tuple(warehouse.query("select model_name, batch_id from {ops}.watermarks order by 1"))


def differences(found: Picture, expected: Picture) -> list[str]:
    """One line for every table that is not as it should be: rows too few, rows too many, and an example."""
    said = []
    for table in expected:
        lost, added = expected[table] - found[table], found[table] - expected[table]
        if lost or added:
            example = next(iter(lost or added))
            said.append(f"{table}: {lost.total()} rows lost, {added.total()} too many, e.g. {example}")
    return said


def until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Wait for something; whether it came."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
