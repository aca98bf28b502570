"""The PostgreSQL warehouse: files are screened in DuckDB, in memory, and their typed rows sent over COPY."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import duckdb

from strata.contract import Contract
from strata.errors import StrataError
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.base import Warehouse, door_connection

# Taken by whoever numbers a batch, so that numbers grow in commit order whoever else writes.
_BATCH_LOCK = 7_201_100
_MONTHS_AHEAD = 2
_SESSION = "-c timezone=UTC -c client_connection_check_interval=2s -c client_min_messages=warning"


def connection_uri(purpose: str) -> str:
    """A libpq address without a host or a secret in it: those come from libpq's own environment variables."""
    name = f"strata {purpose} pid={os.getpid()}"
    return "postgresql://?" + urlencode({"application_name": name, "options": _SESSION}, quote_via=quote)


@contextmanager
def control_connection(verb: str) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """A session of its own that asks single questions and commits each; what it locks is free when it ends.

    Raises:
        StrataError: PostgreSQL cannot be reached.
    """
    try:
        con = adbc_driver_postgresql.dbapi.connect(connection_uri(verb), autocommit=True)
    except adbc_driver_manager.Error as error:
        raise _unreachable(error) from error

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with con.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    try:
        yield ask
    finally:
        con.close()


class PostgresWarehouse(Warehouse):
    """A PostgreSQL database, reached by libpq's environment variables."""

    is_duckdb = False

    def __init__(self, settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> None:
        super().__init__(settings, contracts, seeds)
        settings.temp_directory.parent.mkdir(parents=True, exist_ok=True)
        self._engine = door_connection(settings, ":memory:")
        self._is_inside = False
        try:
            self._con = adbc_driver_postgresql.dbapi.connect(connection_uri("door"))
        except adbc_driver_manager.Error as error:
            raise _unreachable(error) from error

    @property
    def engine(self) -> duckdb.DuckDBPyConnection:
        """DuckDB in memory."""
        return self._engine

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; outside a transaction it commits by itself."""
        pieces = sql.split("?")
        numbered = pieces[0] + "".join(f"${number}{piece}" for number, piece in enumerate(pieces[1:], 1))
        try:
            with self._con.cursor() as cursor:
                cursor.execute(numbered, list(parameters) or None)
                rows = cursor.fetchall() if cursor.description else []
        except adbc_driver_manager.Error as error:
            if not self._is_inside:
                self._con.rollback()
            raise StrataError(f"PostgreSQL: {first_line(error)}") from error
        if not self._is_inside:
            self._con.commit()
        return rows

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside commits together, or not at all."""
        self._is_inside = True
        try:
            self.execute(f"select pg_advisory_xact_lock({_BATCH_LOCK})")
            yield
            self._con.commit()
        except BaseException:
            self._con.rollback()
            raise
        finally:
            self._is_inside = False

    def stage_name(self, contract: Contract) -> str:
        """A temporary table in DuckDB."""
        return f"stage_{contract.area}_{contract.name}"

    def stage(self, contract: Contract) -> str:
        """An empty temporary table in DuckDB, shaped like the raw table."""
        kinds = {name: {"string": "text"}.get(kind, kind) for name, kind in contract.all_columns().items()}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        self._engine.execute(f"create or replace temp table {self.stage_name(contract)} ({columns})")
        return self.stage_name(contract)

    def ship(self, contract: Contract, batch_id: int) -> None:
        """Make the partitions that the rows need, then send the rows."""
        stage = self.stage_name(contract)
        if contract.is_partitioned:
            months = self._engine.execute(f"select distinct date_trunc('month', _event_date) from {stage}").fetchall()
            self._create_partitions(contract, [month for (month,) in months])
        self.append(contract, f"from {stage}", [])

    def append(self, table: Contract, query: str, parameters: Sequence[Any]) -> None:
        """COPY the rows of the query, in PostgreSQL's binary format."""
        # In that format a UUID is its sixteen bytes; as text the server would refuse it.
        columns = ", ".join(
            f"unhex(replace(\"{name}\"::varchar, '-', '')) as \"{name}\"" if kind == "uuid" else f'"{name}"'
            for name, kind in table.all_columns().items()
        )
        rows = self._engine.sql(f"select {columns} from ({query})", params=list(parameters)).to_arrow_reader(100_000)
        try:
            with self._con.cursor() as cursor:
                cursor.adbc_ingest(table.name, rows, mode="append", db_schema_name=table.schema)
        except adbc_driver_manager.Error as error:
            raise StrataError(f"PostgreSQL: {first_line(error)}") from error

    def create_table(self, contract: Contract, columns: str) -> None:
        """The schema, the table, its partitions and its indexes."""
        exists = self.execute("select to_regclass(?::text)::text", [contract.relation])[0][0]
        if exists:
            return
        with self.transaction():
            self.execute(f"create schema if not exists {contract.schema}")
            partition = " partition by range (_event_date)" if contract.is_partitioned else ""
            self.execute(f"create table if not exists {contract.relation} ({columns}){partition}")
            if contract.is_partitioned:
                self.execute(
                    f"create table if not exists {contract.relation}_default partition of {contract.relation} default"
                )
            for name, (index_columns, is_unique) in contract.indexes().items():
                unique = "unique " if is_unique else ""
                self.execute(
                    f"create {unique}index if not exists {contract.name}_{name} on {contract.relation} "
                    f"({', '.join(index_columns)})"
                )

    def _create_partitions(self, contract: Contract, months: list[date]) -> None:
        """One partition a month of the rows, and the months after the last, made ahead."""
        if not months:
            return
        numbers = {month.year * 12 + month.month - 1 for month in months}
        for number in sorted(numbers | {max(numbers) + ahead for ahead in range(1, _MONTHS_AHEAD + 1)}):
            first, following = (date(month // 12, month % 12 + 1, 1) for month in (number, number + 1))
            self.execute(
                f"create table if not exists {contract.relation}_{first:%Y_%m} partition of {contract.relation} "
                f"for values from ('{first}') to ('{following}')"
            )

    def columns_of(self, contract: Contract) -> list[str]:
        """As the catalog has them."""
        rows = self.execute(
            "select column_name from information_schema.columns where table_schema = ? and table_name = ? "
            "order by ordinal_position",
            [contract.schema, contract.name],
        )
        return [row[0] for row in rows]

    def data_folder(self) -> Path | None:
        """None: the server's disk is not seen from here."""
        return None

    def close(self, *, is_clean: bool) -> None:
        """Close both connections."""
        self._con.close()
        self._engine.close()


def _unreachable(error: Exception) -> StrataError:
    where = os.environ.get("PGHOST", "the default socket")
    return StrataError(
        f"PostgreSQL at {where} cannot be reached: {first_line(error)} "
        "Set PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD as for psql."
    )


def first_line(error: Exception) -> str:
    """The part of a driver's message that a person can use."""
    return str(error).strip().splitlines()[0]
