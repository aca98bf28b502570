"""The PostgreSQL warehouse: files are screened in DuckDB, in memory, and their typed rows sent over COPY."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import duckdb

from strata.contract import Contract
from strata.errors import StrataError, TemporaryError
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.base import Warehouse
from strata.warehouse.engine import door_connection
from strata.warehouse.failures import is_lost, is_restarting

# Taken by whoever numbers a batch, so that numbers grow in commit order whoever else writes.
_BATCH_LOCK = 7_201_100
_MONTHS_AHEAD = 2
_ROWS = 100_000
_SESSION = "-c timezone=UTC -c client_connection_check_interval=2s -c client_min_messages=warning"

_CONNECT_SECONDS = "10"
# Lost connections, a lack of space or memory or sessions, a server that goes down or comes up.
_TEMPORARY_STATES = ("08", "53", "57P")


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
    search = {
        "application_name": variables["PGAPPNAME"],
        "options": variables["PGOPTIONS"],
        "connect_timeout": os.environ.get("PGCONNECT_TIMEOUT", _CONNECT_SECONDS),
    }
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
        try:
            with con.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        except adbc_driver_manager.Error as error:
            raise _failed(error) from error

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
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sender")
        self._sending: list[Future[None]] = []
        self._sent = self._sent_rows = 0
        self._new_months: set[Month] = set()
        self._growing: set[str] = set()
        self._grown: set[str] = set()
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
                self._roll_back()
            raise _failed(error) from error
        if not self._is_inside:
            self._commit()
        return rows

    def _commit(self) -> None:
        try:
            self._con.commit()
        except adbc_driver_manager.Error as error:
            raise _failed(error) from error

    def _roll_back(self) -> None:
        # A server that is gone has rolled back by itself; that must not hide why.
        with suppress(adbc_driver_manager.Error):
            self._con.rollback()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside commits together, or not at all."""
        self._is_inside = True
        try:
            self.execute(f"select pg_advisory_xact_lock({_BATCH_LOCK})")
            yield
            self._commit()
            self._grown |= self._growing
        except BaseException:
            self._wait_for_sender()
            self._roll_back()
            raise
        finally:
            self._is_inside = False
            self._growing = set()

    def stage_name(self, contract: Contract) -> str:
        """A table in DuckDB's memory."""
        return f"stage_{contract.area}_{contract.name}"

    def stage(self, contract: Contract) -> str:
        """An empty table in DuckDB's memory, shaped like the raw table."""
        kinds = {
            name: {"string": "text", "json": "text"}.get(kind, kind) for name, kind in contract.all_columns().items()
        }
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        self._engine.execute(f"create or replace table {self.stage_name(contract)} ({columns})")
        self._sent = self._sent_rows = 0
        self._new_months = set()
        return self.stage_name(contract)

    def part_staged(self, contract: Contract) -> None:
        """Send what is staged so far in a thread of its own, while the next part is screened."""
        upto = self._staged_upto(contract)
        self._sending.append(self._sender.submit(self._send, contract, self._engine.cursor(), upto))

    def ship(self, contract: Contract, batch_id: int) -> None:
        """Send the rows that were not sent yet, and make their months part of the table.

        A new month is filled first and indexed when it is attached, which is far quicker.
        """
        for future in self._sending:
            future.result()
        self._sending = []
        self._send(contract, self._engine, self._staged_upto(contract))
        staged = self._engine.execute(f"select count(*) from {self.stage_name(contract)}").fetchall()[0][0]
        if self._sent_rows != staged:
            raise StrataError(
                f"{staged:,} rows of {contract.relation} were to be sent, but {self._sent_rows:,} were. "
                "Nothing was kept. This is a defect of Strata; please report it with the file."
            )
        if contract.is_partitioned and staged:
            self._make_months_ahead(contract)
            for month in sorted(self._new_months):
                self.execute(
                    f"alter table {contract.relation} attach partition {month.partition_of(contract.relation)} "
                    f"for values from ('{month.first}') to ('{month.later(1).first}')"
                )

    def _wait_for_sender(self) -> None:
        wait(self._sending)
        self._sending = []

    def _staged_upto(self, contract: Contract) -> int:
        found = self._engine.execute(f"select coalesce(max(rowid) + 1, 0) from {self.stage_name(contract)}").fetchall()
        return int(found[0][0])

    def _send(self, contract: Contract, engine: duckdb.DuckDBPyConnection, upto: int) -> None:
        """Send the staged rows, from where the last call ended."""
        rows = f"from {self.stage_name(contract)} where rowid >= {self._sent} and rowid < {upto}"
        self._sent = upto
        if contract.is_partitioned:
            months = engine.execute(f"select distinct date_trunc('month', _event_date) {rows}").fetchall()
            filled = self._make_months(contract, {Month.of(day) for (day,) in months})
            for month in sorted(filled):
                table = month.partition_of(contract.name)
                self._sent_rows += self._copy(engine, contract, table, f"{rows} and {month.condition}")
            if len(filled) == len(months):
                return
            rows += "".join(f" and not {month.condition}" for month in filled)
        self._sent_rows += self._copy(engine, contract, contract.name, rows)

    def append(self, table: Contract, query: str, parameters: Sequence[Any]) -> None:
        """COPY the rows of the query, in PostgreSQL's binary format."""
        self._copy(self._engine, table, table.name, f"from ({query})", parameters)

    def _copy(
        self,
        engine: duckdb.DuckDBPyConnection,
        table: Contract,
        name: str,
        rows: str,
        parameters: Sequence[Any] = (),
    ) -> int:
        # A UUID must reach the driver as sixteen bytes; the server refuses it as text. DuckDB gives bytes in its
        # lossless mode, in which however a boolean is a number, which the server refuses too; unhex costs more.
        kinds = table.all_columns()
        is_lossless = "boolean" not in kinds.values()
        engine.execute(f"set arrow_lossless_conversion = {is_lossless}")
        columns = ", ".join(
            f"unhex(replace(\"{column}\"::varchar, '-', '')) as \"{column}\""
            if kind == "uuid" and not is_lossless
            else f'"{column}"'
            for column, kind in kinds.items()
        )
        batches = engine.sql(f"select {columns} {rows}", params=list(parameters)).to_arrow_reader(_ROWS)
        try:
            with self._con.cursor() as cursor:
                sent = cursor.adbc_ingest(name, batches, mode="append", db_schema_name=table.schema)
        except adbc_driver_manager.Error as error:
            raise _failed(error) from error
        self._growing |= {table.relation, f"{table.schema}.{name}"}
        return int(sent)

    def create_table(self, contract: Contract, columns: str) -> None:
        """The schema, the table, its partitions and its indexes."""
        exists = self.execute("select to_regclass(?::text)::text", [contract.relation])[0][0]
        if exists:
            return
        with self.transaction():
            self.execute(f"create schema if not exists {contract.schema}")
            partition = f" partition by range ({contract.partition_column})" if contract.is_partitioned else ""
            self.execute(f"create table if not exists {contract.relation} ({columns}){partition}")
            if contract.is_partitioned:
                self.execute(
                    f"create table if not exists {contract.relation}_default partition of {contract.relation} default"
                )
            for statement in contract.indexes():
                self.execute(statement)

    def _make_months_ahead(self, contract: Contract) -> None:
        newest = self._engine.execute(f"select max(_event_date) from {self.stage_name(contract)}").fetchall()[0][0]
        self._make_months(contract, {Month.of(newest).later(ahead) for ahead in range(1, _MONTHS_AHEAD + 1)})

    def _make_months(self, contract: Contract, months: set[Month]) -> set[Month]:
        """Tables for those months that are no partitions yet; they become so when the batch is complete.

        Returns:
            The months among them whose tables are not yet attached.
        """
        present = {
            row[0]
            for row in self.execute(
                "select inhrelid::regclass::text from pg_inherits where inhparent = ?::text::regclass",
                [contract.relation],
            )
        }
        unattached = {month for month in months if month.partition_of(contract.relation) not in present}
        for month in sorted(unattached - self._new_months):
            table, default = month.partition_of(contract.relation), f"{contract.relation}_default"
            self.execute(f"create table {table} (like {contract.relation} including defaults)")
            # The default partition may hold rows of the month; they move.
            held = f"from {default} where {month.condition}"
            if self.execute(f"select exists (select 1 {held})")[0][0]:
                self.execute(f"insert into {table} select * {held}")
                self.execute(f"delete {held}")
        self._new_months |= unattached
        return unattached

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
        """Close both connections; before that, let the planner know what came in, for the models that come next."""
        self._sender.shutdown()
        if is_clean and self._grown:
            # A partitioned table has statistics of its own, beside those of its partitions.
            knows_only = self.execute("select current_setting('server_version_num')::int >= 180000")[0][0]
            for relation in sorted(self._grown):
                self.execute(f"analyze {'only ' if knows_only else ''}{relation}")
        self._con.close()
        self._engine.close()


def _unreachable(error: Exception) -> StrataError:
    where = os.environ.get("PGHOST", "the default socket")
    if is_restarting(str(error)):
        return TemporaryError(
            f"PostgreSQL at {where} is stopping or starting: {reason(error)}. Run the same command again when it is "
            "back."
        )
    return StrataError(
        f"PostgreSQL at {where} cannot be used: {reason(error)}. "
        "Set PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD as for psql."
    )


def _failed(error: Exception) -> StrataError:
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(_TEMPORARY_STATES) or is_lost(str(error)):
        return TemporaryError(f"PostgreSQL: {reason(error)}. Nothing was kept; run this again when that is over.")
    return StrataError(f"PostgreSQL: {reason(error)}.")


def reason(error: Exception) -> str:
    """What the server or the driver says, without the statement, its values and the way it came."""
    first = str(error).strip().splitlines()[0]
    return re.split(r"(?:ERROR|FATAL|PANIC):\s+|\[libpq\] Failed to connect: ", first)[-1].rstrip(". ")
