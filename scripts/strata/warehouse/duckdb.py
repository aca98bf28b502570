"""The DuckDB warehouse: one file, in which the door also screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from strata.contract import Contract
from strata.errors import StrataError, TemporaryError
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.base import Warehouse
from strata.warehouse.engine import door_connection


class DuckDBWarehouse(Warehouse):
    """A warehouse file. Rows of a batch are staged in the raw table itself, inside the batch's transaction."""

    is_duckdb = True

    def __init__(self, settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> None:
        super().__init__(settings, contracts, seeds)
        path = settings.duckdb_path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._con = door_connection(settings, str(path))
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise TemporaryError(
                    f"Another process has the warehouse {path} open. Wait until it is done, then run this again."
                ) from error
            raise StrataError(f"The warehouse {path} cannot be opened: {error}") from error

    @property
    def engine(self) -> duckdb.DuckDBPyConnection:
        """The warehouse file itself."""
        return self._con

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement."""
        return self._con.execute(sql, list(parameters)).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside commits together, or not at all."""
        self._con.execute("begin transaction")
        try:
            yield
        except BaseException:
            # An engine that gave up has rolled back by itself and takes no more orders; that must not hide why.
            with suppress(duckdb.Error):
                self._con.execute("rollback")
            raise
        self._con.execute("commit")

    def stage(self, contract: Contract) -> str:
        """The raw table: what is rolled back was never there."""
        return contract.relation

    def stage_name(self, contract: Contract) -> str:
        """The raw table."""
        return contract.relation

    def ship(self, contract: Contract, batch_id: int) -> None:
        """Nothing: the rows are where they belong."""

    def append(self, table: Contract, query: str, parameters: Sequence[Any]) -> None:
        """Insert from the query."""
        self._con.execute(f"insert into {table.relation} {query}", list(parameters))

    def create_table(self, contract: Contract, columns: str) -> None:
        """The schema and the table."""
        self._con.execute(f"create schema if not exists {contract.schema}")
        self._con.execute(f"create table if not exists {contract.relation} ({columns})")

    def columns_of(self, contract: Contract) -> list[str]:
        """As the catalog has them."""
        return [row[0] for row in self.execute(f"describe {contract.relation}")]

    def data_folder(self) -> Path | None:
        """Where the file lies."""
        return self.settings.duckdb_path.parent

    def close(self, *, is_clean: bool) -> None:
        """Leave nothing in the write-ahead log when all went well.

        Raises:
            TemporaryError: that failed. The log is kept, so nothing is lost.
        """
        try:
            if is_clean:
                self._con.execute("checkpoint")
        except duckdb.Error as error:
            path, why = self.settings.duckdb_path, str(error).strip().splitlines()[0].rstrip(".")
            raise TemporaryError(
                f"What was done is kept in {path.name}.wal, but could not be written into {path}: {why}. "
                "Leave both where they are; when the cause is gone, run this again."
            ) from error
        finally:
            self._con.close()
