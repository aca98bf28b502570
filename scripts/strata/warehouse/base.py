"""What all warehouses share: a file comes in whole or not at all, and a replay loads a record once."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from strata.contract import Contract
from strata.door.files import DataFile, FileStat
from strata.door.identifiers import SubjectKey
from strata.door.replay import Rejected, read_again
from strata.door.screen import REJECTIONS, WITHHELD, Counts, Screening
from strata.errors import StrataError, TemporaryError, UnreadableFileError
from strata.reference import Seed, check_references, code_precedence
from strata.settings import Settings
from strata.warehouse.private import Keys, PrivateScreening
from strata.warehouse.rejections import RECORDS, kept_file, rejections, unquoted

FILE_CODE = "E_FILE_UNREADABLE"
_REPLAY = "replay of rejected records"
_SPACE_FACTOR = 3
_SQL_TYPES = {"string": "text"}


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


class Warehouse(ABC):
    """An open warehouse. Use it as a context; entering makes what is missing and looks for damage."""

    def __init__(self, settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> None:
        self._settings = settings
        self._contracts = contracts
        self._seeds = seeds
        self._precedence = code_precedence(seeds)
        self._batches = contracts["ops", "batches"].relation
        self._rejections = contracts["ops", "rejections"].relation
        self._records = contracts["ops", "rejected_records"].relation
        self._keys = Keys(self, contracts)
        self._touched = contracts["ops", "touched_partitions"].relation

    # What an engine must bring.

    is_duckdb: bool

    @property
    @abstractmethod
    def engine(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection in which files are screened."""

    @abstractmethod
    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement with ``?`` for its parameters; its rows, if it has any."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside commits together, or not at all."""

    @abstractmethod
    def stage(self, contract: Contract) -> str:
        """An empty place for the rows of one batch, as a relation of ``engine`` with the columns of the raw table."""

    def part_staged(self, contract: Contract) -> None:  # noqa: B027
        """Called when another part of a large file is staged, where ``is_duckdb`` is false."""

    @abstractmethod
    def ship(self, contract: Contract, batch_id: int) -> None:
        """Bring the staged rows of a batch into the raw table."""

    @abstractmethod
    def append(self, table: Contract, query: str, parameters: Sequence[Any]) -> None:
        """Append the rows of a query of ``engine`` to a table."""

    @abstractmethod
    def create_table(self, contract: Contract, columns: str) -> None:
        """Make a table, and what goes with it, where it is missing."""

    @abstractmethod
    def columns_of(self, contract: Contract) -> list[str]:
        """Names of a table's columns as they stand."""

    @abstractmethod
    def data_folder(self) -> Path | None:
        """The folder whose disk a load fills; none where it is another machine's."""

    @abstractmethod
    def close(self, *, is_clean: bool) -> None:
        """Let go of everything."""

    # What follows from it.

    def __enter__(self) -> Self:
        """Make what is missing, and look whether the raw tables hold what was loaded."""
        try:
            self._create_tables()
            self._check_counts()
        except BaseException:
            self.close(is_clean=False)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close(is_clean=kind is None)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a question to the warehouse. The schema ``ops`` is written ``{ops}``."""
        return self.execute(sql.format(ops=self._settings.schema("ops")), parameters)

    def ops(self, table: str) -> str:
        """Full name of an ops table that a contract describes."""
        return self._contracts["ops", table].relation

    def append_to_ops(self, table: str, query: str, parameters: Sequence[Any]) -> None:
        """Append the rows of a query of ``engine`` to an ops table that a contract describes."""
        self.append(self._contracts["ops", table], query, parameters)

    def has(self, schema: str, name: str) -> bool:
        """Whether a relation is there."""
        return bool(
            self.execute(
                "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
                [self._settings.schema(schema), name],
            )
        )

    def require(self, schema: str, name: str) -> str:
        """The full name of a published relation.

        Raises:
            StrataError: it was not built yet.
        """
        if not self.has(schema, name):
            raise StrataError(f"There is no {schema}.{name} yet. Run `strata build` first.")
        return f"{self._settings.schema(schema)}.{name}"

    def batches_behind(self) -> int:
        """How many batches some table does not take into account yet."""
        last, built = self.query(
            "select (select coalesce(max(batch_id), 0) from {ops}.batches), "
            "(select coalesce(min(batch_id), 0) from {ops}.watermarks)"
        )[0]
        return int(last - built)

    def load(self, file: DataFile) -> Loaded:
        """Take one file in: its rows, rejections, touched partitions and batch row in one transaction.

        Raises:
            TemporaryError: not enough space on the disk.
            StrataError: the file could not be read or written; nothing of it was kept.
        """
        check_references(file.contract, self._seeds)
        key = self._keys.of(file.contract)
        name = key.file_name(file.name, file.contract) if key else file.name
        before = file.stat()
        self._check_space(before.size)
        with ThreadPoolExecutor(1) as beside:
            digest = beside.submit(_digest, file, key)
            known = self._known_as(file, before.size, digest)
            if known is not None:
                return Loaded(file, None, Counts(0, 0, 0), known_as=known)
            try:
                with self.transaction():
                    batch_id = self._next_batch()
                    counts = self._screening(file.contract, batch_id, name, key).run(file)
                    contents = self._unchanged(file, name, before, digest)
                    self._keep(file.contract, batch_id, "file", name, contents, before.size, counts)
                    self._keep_rejections(file.contract, batch_id, name)
            except UnreadableFileError as error:
                contents = self._unchanged(file, name, before, digest)
                batch_id, counts = self._reject_file(file, name, contents, error)
        return Loaded(file, batch_id, counts)

    def _known_as(self, file: DataFile, size: int, digest: Future[str]) -> int | None:
        """The batch that brought the same content. Only where one had the same size must the digest be waited for."""
        batches = self.execute(
            f"select batch_id, file_digest from {self._batches} where area = ? and table_name = ? and file_bytes = ?",
            [file.contract.area, file.contract.name, size],
        )
        return next((int(batch_id) for batch_id, known in batches if known == digest.result()), None)

    @staticmethod
    def _unchanged(file: DataFile, name: str, before: FileStat, digest: Future[str]) -> str:
        """The digest of what was read; that the file was not written to meanwhile makes it so."""
        contents = digest.result()
        if file.stat() != before:
            raise StrataError(f"{name} changed while it was read. Load it again when it is complete.")
        return contents

    def replay(self, contract: Contract) -> Replayed:
        """Send the rejected records of a table through the door again, under today's contract and seeds.

        What loads now is marked with the batch that holds it and never replayed again; the rest stays as it is.
        """
        check_references(contract, self._seeds)
        rows = self.execute(
            "select r.batch_id, r.line_number, records.record, b.file_name, b.header "
            f"from {self._rejections} as r join {self._batches} as b on b.batch_id = r.batch_id "
            f"join {self._records} as records on records.batch_id = r.batch_id and records.line_number = r.line_number "
            "where r.area = ? and r.table_name = ? and r.replayed_in_batch is null "
            "and records.record_encoding = 'text' and r.line_number > 0",
            [contract.area, contract.name],
        )
        if not rows:
            return Replayed(contract, None, 0, 0)
        key = self._keys.of(contract)
        origins, parts = read_again(contract, [Rejected(*row) for row in rows])
        loaded = 0
        with self.transaction():
            batch_id = self._next_batch()
            loaded = self._screening(contract, batch_id, _REPLAY, key).run_records(contract, parts).loaded
            if loaded:
                rejected = {row[0] for row in self.engine.execute(f"select line_number from {REJECTIONS}").fetchall()}
                for number, *origin in zip(*(column.to_pylist() for column in origins.columns), strict=True):
                    if number not in rejected:
                        self.execute(
                            f"update {self._rejections} set replayed_in_batch = ? "
                            "where batch_id = ? and line_number = ?",
                            [batch_id, *origin],
                        )
                # The records that stay rejected keep their own rows; this batch holds the loaded ones only.
                what = Counts(loaded, loaded, 0)
                self._keep(contract, batch_id, "replay", _REPLAY, f"replay-{batch_id}", 0, what)
        return Replayed(contract, batch_id if loaded else None, len(rows), loaded)

    def _screening(
        self, contract: Contract, batch_id: int, origin: str, key: SubjectKey | None
    ) -> Screening | PrivateScreening:
        stage = self.stage(contract)
        if key:
            places = (self._contracts, self._seeds, self._precedence, contract, stage, batch_id)
            return PrivateScreening(self, *places, self._settings.memory_limit, origin, _now(), key)
        on_part = None if self.is_duckdb else partial(self.part_staged, contract)
        return Screening(self.engine, self._seeds, self._precedence, stage, batch_id, on_part, origin, _now())

    def _create_tables(self) -> None:
        for contract in self._contracts.values():
            kinds = {name: _SQL_TYPES.get(kind, kind) for name, kind in contract.all_columns().items()}
            self.create_table(contract, ", ".join(f'"{name}" {kind}' for name, kind in kinds.items()))
            present = self.columns_of(contract)
            if present != list(kinds):
                raise StrataError(
                    f"The table {contract.relation} has the columns {', '.join(present)}; its contract names "
                    f"{', '.join(kinds)}. Change the table or the contract so that they agree."
                )

    def _check_counts(self) -> None:
        """A damaged write-ahead log can open with rows missing and no error; the batches know how many there were."""
        batches = {
            (area, name): (loaded, rejected)
            for area, name, loaded, rejected in self.execute(
                "select area, table_name, cast(sum(records_loaded) as bigint), cast(sum(records_rejected) as bigint) "
                f"from {self._batches} group by area, table_name"
            )
        }
        turned_away = {
            (area, name): count
            for area, name, count in self.execute(
                f"select area, table_name, count(*) from {self._rejections} group by area, table_name"
            )
        }
        for key, contract in self._contracts.items():
            if contract.format == "none":
                continue
            loaded, rejected = batches.get(key, (0, 0))
            rows = self.execute(f"select count(*) from {contract.relation}")[0][0]
            _require_equal(f"{contract.relation} holds {rows:,} rows, its batches brought", rows, loaded)
            kept = turned_away.get(key, 0)
            what = f"{self._rejections} holds {kept:,} records of {contract.relation}, its batches rejected"
            _require_equal(what, kept, rejected)
        records = self.execute(f"select count(*) from {self._records}")[0][0]
        expected = sum(rejected for _, rejected in batches.values())
        _require_equal(f"{self._records} holds {records:,} records, all batches rejected", records, expected)

    def _check_space(self, size: int) -> None:
        folder = self.data_folder()
        if folder is None:
            return
        path = self._settings.duckdb_path
        needed = _SPACE_FACTOR * size + (path.stat().st_size if path.exists() else 0)
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise TemporaryError(
                f"The disk of {folder} has {_size(free)} free; a load of this file wants {_size(needed)}. "
                "Make room, then run the same command again."
            )

    def _next_batch(self) -> int:
        return int(self.execute(f"select coalesce(max(batch_id), 0) + 1 from {self._batches}")[0][0])

    def _keep(
        self, contract: Contract, batch_id: int, kind: str, name: str, digest: str, size: int, counts: Counts
    ) -> None:
        """The rows of a batch, its row in the ledger, and the partitions that it touched."""
        self.ship(contract, batch_id)
        values = [batch_id, contract.area, contract.name, kind, name, digest, size]
        values += [counts.header, counts.records_in, counts.loaded, counts.rejected, _now()]
        self._insert(self._batches, values)
        if contract.event_time:
            stage = self.stage_name(contract)
            self.append(
                self._contracts["ops", "touched_partitions"],
                f"select ?::bigint as batch_id, ?::varchar as area, ?::varchar as table_name, "
                "_event_date as partition_date, count(*) as records "
                f"from {stage} where _batch_id = ? group by _event_date order by _event_date",
                [batch_id, contract.area, contract.name, batch_id],
            )

    @abstractmethod
    def stage_name(self, contract: Contract) -> str:
        """The relation that ``stage`` made last for a table."""

    def _insert(self, table: str, values: Sequence[Any]) -> None:
        self.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)

    def _keep_rejections(self, contract: Contract, batch_id: int, name: str) -> None:
        values = [batch_id, contract.area, contract.name, name, _now()]
        self.append(self._contracts["ops", "rejections"], rejections(contract), values)
        self.append(self._contracts["ops", "rejected_records"], RECORDS, [batch_id])

    def _reject_file(self, file: DataFile, name: str, digest: str, error: UnreadableFileError) -> tuple[int, Counts]:
        """One rejection for a file that cannot be read. It is kept whole: in the record, or as a copy beside."""
        size = file.stat().size
        if file.contract.is_private:
            record, encoding = WITHHELD, "withheld"
        else:
            record, encoding = kept_file(file, digest, self._settings.duckdb_path.parent)
        reasons = f'[{{"code":"{FILE_CODE}","column":null,"reason":"{error.reason}"}}]'
        counts = Counts(1, 0, 1)
        contract = file.contract
        with self.transaction():
            batch_id = self._next_batch()
            self.stage(contract)
            self._keep(contract, batch_id, "file", name, digest, size, counts)
            row = [batch_id, 0, contract.area, contract.name, name, None, FILE_CODE, None, error.reason]
            said = unquoted(error) if contract.is_restricted else error
            self._insert(self._rejections, [*row, str(said), reasons, None, _now()])
            self._insert(self._records, [batch_id, 0, record, encoding])
        return batch_id, counts


def _digest(file: DataFile, key: SubjectKey | None) -> str:
    return key.content(file.digest()) if key else file.digest()


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def _require_equal(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise StrataError(
            f"{what} {expected:,}. The warehouse is damaged or was changed by hand. Restore a copy of it, "
            "or load the files into a new one."
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
