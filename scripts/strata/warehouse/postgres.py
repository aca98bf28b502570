"""The PostgreSQL warehouse: files are screened in DuckDB, in memory, and their typed rows sent over COPY."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
# From so many rows on it pays to index a month after it is filled.
_MANY_ROWS = 10_000
_ROWS = 100_000
_SESSION = "-c timezone=UTC -c client_connection_check_interval=2s -c client_min_messages=warning"


def session_variables(purpose: str) -> dict[str, str]:
    """libpq's variables for a session of ours: what it is called, and settings added to those of the user.

    A server that looks for its client every two seconds ends what a killed client left running.
    """
    own = os.environ.get("PGOPTIONS", "")
    options = own if _SESSION in own else f"{own} {_SESSION}".strip()
    return {"PGAPPNAME": f"strata {purpose} pid={os.getpid()}", "PGOPTIONS": options}


def connection_uri(purpose: str) -> str:
    """A libpq address without a host or a secret in it: those come from libpq's own environment variables."""
    variables = session_variables(purpose)
    search = {"application_name": variables["PGAPPNAME"], "options": variables["PGOPTIONS"]}
    return "postgresql://?" + urlencode(search, quote_via=quote)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month: one partition of a large table."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(date(day.year, day.month, 1))

    def later(self, months: int) -> Month:
        """So many months on."""
        number = self.first.year * 12 + self.first.month - 1 + months
        return Month(date(number // 12, number % 12 + 1, 1))

    def partition_of(self, table: str) -> str:
        """Name of the table's partition for this month."""
        return f"{table}_{self.first:%Y_%m}"

    @property
    def condition(self) -> str:
        """What is true of its rows, in the SQL of either engine."""
        return f"(_event_date >= date '{self.first}' and _event_date < date '{self.later(1).first}')"


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
        """Send the rows. A new month with many rows is filled first and indexed afterwards, which is far quicker."""
        if not contract.is_partitioned:
            self.append(contract, f"from {self.stage_name(contract)}", [])
            return
        counts = self._engine.execute(
            f"select date_trunc('month', _event_date), count(*) from {self.stage_name(contract)} group by 1 order by 1"
        ).fetchall()
        filled = [Month.of(month) for month in self._create_partitions(contract, dict(counts))]
        rest = " and ".join(f"not {month.condition}" for month in filled) or "true"
        if sum(count for _, count in counts) > sum(count for month, count in counts if Month.of(month) in filled):
            self.append(contract, f"from {self.stage_name(contract)} where {rest}", [])

    def append(self, table: Contract, query: str, parameters: Sequence[Any]) -> None:
        """COPY the rows of the query, in PostgreSQL's binary format."""
        self._copy(table, table.name, query, parameters)

    def _copy(self, table: Contract, name: str, query: str, parameters: Sequence[Any]) -> None:
        # A UUID must reach the driver as sixteen bytes; the server refuses it as text. DuckDB gives bytes in its lossless
        # mode, in which however a boolean is a number, which the server refuses too; unhex gives them at some cost.
        kinds = table.all_columns()
        is_lossless = "boolean" not in kinds.values()
        self._engine.execute(f"set arrow_lossless_conversion = {is_lossless}")
        columns = ", ".join(
            f"unhex(replace(\"{name}\"::varchar, '-', '')) as \"{name}\""
            if kind == "uuid" and not is_lossless
            else f'"{name}"'
            for name, kind in kinds.items()
        )
        rows = self._engine.sql(f"select {columns} from ({query})", params=list(parameters)).to_arrow_reader(_ROWS)
        try:
            with self._con.cursor() as cursor:
                cursor.adbc_ingest(name, rows, mode="append", db_schema_name=table.schema)
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

    def _create_partitions(self, contract: Contract, counts: dict[date, int]) -> list[date]:
        """A partition for every month of the staged rows, and the months after the last, made ahead.

        Returns:
            The months whose rows were sent already.
        """
        if not counts:
            return []
        last = Month.of(max(counts))
        wanted = {Month.of(month): count for month, count in counts.items()}
        wanted |= {last.later(ahead): 0 for ahead in range(1, _MONTHS_AHEAD + 1)}
        present = {
            row[0]
            for row in self.execute(
                "select inhrelid::regclass::text from pg_inherits where inhparent = ?::text::regclass",
                [contract.relation],
            )
        }
        filled = []
        for month, count in sorted(wanted.items()):
            if month.partition_of(contract.relation) in present:
                continue
            self._create_partition(contract, month)
            if count >= _MANY_ROWS:
                stage = self.stage_name(contract)
                self._copy(contract, month.partition_of(contract.name), f"from {stage} where {month.condition}", [])
                filled.append(month.first)
            self._attach_partition(contract, month)
        return filled

    def _create_partition(self, contract: Contract, month: Month) -> None:
        """A table for a month, not yet part of the whole; it takes over what the default partition holds of it."""
        table, default = month.partition_of(contract.relation), f"{contract.relation}_default"
        self.execute(f"create table {table} (like {contract.relation} including defaults)")
        held = f"from {default} where {month.condition}"
        if self.execute(f"select exists (select 1 {held})")[0][0]:
            self.execute(f"insert into {table} select * {held}")
            self.execute(f"delete {held}")

    def _attach_partition(self, contract: Contract, month: Month) -> None:
        """From here on it is part of the whole, with its indexes."""
        self.execute(
            f"alter table {contract.relation} attach partition {month.partition_of(contract.relation)} "
            f"for values from ('{month.first}') to ('{month.later(1).first}')"
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
