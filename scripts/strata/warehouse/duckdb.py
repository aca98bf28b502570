"""The DuckDB warehouse: one file, one writer."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import duckdb

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.replay import Rejected, read_again
from strata.door.screen import REJECTIONS, Counts, Screening
from strata.errors import StrataError, TemporaryError, UnreadableFileError
from strata.reference import Seed, check_references, code_precedence
from strata.settings import Settings

_SPACE_FACTOR = 3
_KEPT_WHOLE_BYTES = 1 << 20
_SQL_TYPES = {"string": "text"}
FILE_CODE = "E_FILE_UNREADABLE"


@dataclass(frozen=True)
class Loaded:
    """What a load of one file came to. ``known_as`` is the earlier batch of the same content, or none."""

    file: DataFile
    batch_id: int | None
    counts: Counts
    known_as: int | None = None


@dataclass(frozen=True)
class Replayed:
    """What a replay of one table came to. ``batch_id`` is none where nothing could be loaded."""

    contract: Contract
    batch_id: int | None
    tried: int
    loaded: int


class DuckDBWarehouse:
    """An open warehouse file. Use it as a context; closing writes a checkpoint."""

    def __init__(self, settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> None:
        self._settings = settings
        self._contracts = contracts
        self._seeds = seeds
        self._precedence = code_precedence(seeds)
        self._batches = contracts["ops", "batches"].relation
        self._rejections = contracts["ops", "rejections"].relation
        self._touched = contracts["ops", "touched_partitions"].relation
        self._con = self._connect()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        path = self._settings.duckdb_path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            con = duckdb.connect(
                str(path),
                config={
                    "storage_compatibility_version": "v1.5.0",
                    "memory_limit": self._settings.memory_limit,
                    "temp_directory": str(self._settings.temp_directory),
                    # The order of rows in a raw table means nothing; keeping it costs memory and time.
                    "preserve_insertion_order": False,
                },
            )
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise TemporaryError(
                    f"Another process has the warehouse {path} open. Wait until it is done, then run this again."
                ) from error
            raise StrataError(f"The warehouse {path} cannot be opened: {error}") from error
        con.execute("set TimeZone = 'UTC'")
        return con

    def __enter__(self) -> Self:
        """Make what is missing, and look whether the raw tables hold what was loaded."""
        try:
            self._create_tables()
            self._check_counts()
        except BaseException:
            self._con.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing in the write-ahead log when all went well."""
        if kind is None:
            self._con.execute("checkpoint")
        self._con.close()

    def query(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a question to the warehouse. The schema ``ops`` is written ``{ops}``."""
        return self._con.execute(sql.format(ops=self._settings.schema("ops")), parameters or []).fetchall()

    def require(self, schema: str, name: str) -> str:
        """The full name of a published relation.

        Raises:
            StrataError: it was not built yet.
        """
        schema = self._settings.schema(schema)
        found = self._con.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
        ).fetchone()
        if not found:
            raise StrataError(f"There is no {schema}.{name} yet. Run `strata build` first.")
        return f"{schema}.{name}"

    def load(self, file: DataFile) -> Loaded:
        """Take one file in: its rows, rejections, touched partitions and batch row in one transaction.

        Raises:
            TemporaryError: not enough space on the disk.
            StrataError: the file could not be read or written; nothing of it was kept.
        """
        self._check_space(file.path.stat().st_size)
        digest = file.digest()
        known = self._con.execute(
            f"select batch_id from {self._batches} where area = ? and table_name = ? and file_digest = ?",
            [file.contract.area, file.contract.name, digest],
        ).fetchone()
        if known:
            return Loaded(file, None, Counts(0, 0, 0), known_as=known[0])
        check_references(file.contract, self._seeds)
        try:
            with self._transaction():
                batch_id = self._next_batch()
                screening = self._screening(file.contract, batch_id)
                counts = screening.run(file)
                self._keep(file.contract, batch_id, "file", file.name, digest, file.path.stat().st_size, counts)
                self._keep_rejections(file.contract, batch_id, file.name)
                self._keep_touched(file.contract, batch_id)
        except UnreadableFileError as error:
            batch_id, counts = self._reject_file(file, digest, error)
        return Loaded(file, batch_id, counts)

    def replay(self, contract: Contract) -> Replayed:
        """Send the rejected records of a table through the door again, under today's contract and seeds.

        What loads now is marked with the batch that holds it and never replayed again; the rest stays as it is.
        """
        check_references(contract, self._seeds)
        rows = self._con.execute(
            "select r.batch_id, r.line_number, r.record, b.file_name, b.header "
            f"from {self._rejections} as r join {self._batches} as b using (batch_id) where r.area = ? "
            "and r.table_name = ? and r.replayed_in_batch is null and r.record_encoding = 'text' and r.line_number > 0",
            [contract.area, contract.name],
        ).fetchall()
        if not rows:
            return Replayed(contract, None, 0, 0)
        origins, parts = read_again(contract, [Rejected(*row) for row in rows])
        batch_id, loaded = None, 0
        with self._transaction():
            batch_id = self._next_batch()
            loaded = self._screening(contract, batch_id).run_records(contract, parts).loaded
            if loaded:
                self._con.register("door_origins", origins)
                self._con.execute(
                    f"update {self._rejections} as r set replayed_in_batch = {batch_id} from door_origins as o "
                    "where r.batch_id = o.batch_id and r.line_number = o.origin_line "
                    f"and o.line_number not in (select line_number from {REJECTIONS})"
                )
                self._con.unregister("door_origins")
                # The records that stay rejected keep their own rows; this batch holds the loaded ones only.
                what = Counts(loaded, loaded, 0)
                self._keep(contract, batch_id, "replay", "replay of rejected records", f"replay-{batch_id}", 0, what)
                self._keep_touched(contract, batch_id)
        return Replayed(contract, batch_id if loaded else None, len(rows), loaded)

    def _screening(self, contract: Contract, batch_id: int) -> Screening:
        return Screening(self._con, self._seeds, self._precedence, contract.relation, batch_id)

    def _create_tables(self) -> None:
        for contract in self._contracts.values():
            columns = ", ".join(
                f'"{name}" {_SQL_TYPES.get(kind, kind)}' for name, kind in contract.all_columns().items()
            )
            self._con.execute(f"create schema if not exists {contract.schema}")
            self._con.execute(f"create table if not exists {contract.relation} ({columns})")
            present = [row[0] for row in self._con.execute(f"describe {contract.relation}").fetchall()]
            if present != list(contract.all_columns()):
                raise StrataError(
                    f"The table {contract.relation} has the columns {', '.join(present)}; its contract names "
                    f"{', '.join(contract.all_columns())}. Change the table or the contract so that they agree."
                )

    def _check_counts(self) -> None:
        """A damaged write-ahead log can open with rows missing and no error; the batches know how many there were."""
        loaded = self._con.execute(
            f"select area, table_name, sum(records_loaded) from {self._batches} group by all"
        ).fetchall()
        for area, name, expected in loaded:
            contract = self._contracts.get((area, name))
            if contract is None:
                continue
            found = self._con.execute(f"select count(*) from {contract.relation}").fetchone()
            if not found or found[0] != expected:
                raise StrataError(
                    f"{contract.relation} holds {found[0] if found else 0:,} rows, its batches brought {expected:,}. "
                    "The warehouse file is damaged or was changed by hand. Restore a copy of it, "
                    "or load the files into a new one."
                )

    def _check_space(self, size: int) -> None:
        path = self._settings.duckdb_path
        needed = _SPACE_FACTOR * size + (path.stat().st_size if path.exists() else 0)
        free = shutil.disk_usage(path.parent).free
        if free < needed:
            raise TemporaryError(
                f"The disk of {path.parent} has {free / 1e9:.1f} GB free; "
                f"a load of this file wants {needed / 1e9:.1f} GB."
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._con.execute("begin transaction")
        try:
            yield
        except BaseException:
            self._con.execute("rollback")
            raise
        self._con.execute("commit")

    def _next_batch(self) -> int:
        row = self._con.execute(f"select coalesce(max(batch_id), 0) + 1 from {self._batches}").fetchone()
        return int(row[0]) if row else 1

    def _keep(
        self, contract: Contract, batch_id: int, kind: str, name: str, digest: str, size: int, counts: Counts
    ) -> None:
        values = [batch_id, contract.area, contract.name, kind, name, digest, size]
        values += [counts.header, counts.records_in, counts.loaded, counts.rejected, _now()]
        self._con.execute(f"insert into {self._batches} values ({', '.join('?' * len(values))})", values)

    def _keep_rejections(self, contract: Contract, batch_id: int, name: str) -> None:
        self._con.execute(
            f"insert into {self._rejections} select ?, line_number, ?, ?, ?, code, column_name, reason, message, "
            f"reasons, record, record_encoding, null, ? from {REJECTIONS}",
            [batch_id, contract.area, contract.name, name, _now()],
        )

    def _keep_touched(self, contract: Contract, batch_id: int) -> None:
        if contract.event_time:
            self._con.execute(
                f"insert into {self._touched} select ?, ?, ?, _event_date, count(*) "
                f"from {contract.relation} where _batch_id = ? group by _event_date",
                [batch_id, contract.area, contract.name, batch_id],
            )

    def _reject_file(self, file: DataFile, digest: str, error: UnreadableFileError) -> tuple[int, Counts]:
        """One rejection for a file that cannot be read; a small one is kept in it whole."""
        size = file.path.stat().st_size
        record = base64.b64encode(file.path.read_bytes()).decode("ascii") if size <= _KEPT_WHOLE_BYTES else ""
        reasons = f'[{{"code":"{FILE_CODE}","column":null,"reason":"{error.reason}"}}]'
        counts = Counts(1, 0, 1)
        with self._transaction():
            batch_id = self._next_batch()
            self._keep(file.contract, batch_id, "file", file.name, digest, size, counts)
            row = [batch_id, 0, file.contract.area, file.contract.name, file.name, FILE_CODE, None, error.reason]
            row += [str(error), reasons, record, "base64", None, _now()]
            self._con.execute(f"insert into {self._rejections} values ({', '.join('?' * len(row))})", row)
        return batch_id, counts


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
