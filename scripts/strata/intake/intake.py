"""The way in: a file comes in whole or not at all, and a replay loads a record once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from strata.contract import Contract
from strata.door.database import DatabaseTable
from strata.door.files import DataFile, FileStat
from strata.door.identifiers import SubjectKey
from strata.door.screen import REJECTIONS, WITHHELD, Counts, Screening
from strata.errors import StrataError, TemporaryError, UnreadableFileError
from strata.intake.ledger import Ledger, now
from strata.intake.private import Keys, PrivateScreening
from strata.intake.rejections import kept_file, unquoted
from strata.intake.replay import Rejected, read_again
from strata.intake.results import Loaded, Replayed
from strata.reference import check_references, code_precedence
from strata.warehouse.base import Warehouse

FILE_CODE = "E_FILE_UNREADABLE"
_REPLAY = "replay of rejected records"
_SPACE_FACTOR = 3


class Intake:
    """Takes files and rejected records into an open warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._ledger = Ledger(warehouse)
        self._keys = Keys(warehouse)
        self._precedence = code_precedence(warehouse.seeds)

    def load(self, file: DataFile) -> Loaded:
        """Take one file in: its rows, rejections, touched partitions and batch row in one transaction.

        Raises:
            TemporaryError: not enough space on the disk.
            StrataError: the file could not be read or written; nothing of it was kept.
        """
        check_references(file.contract, self._warehouse.seeds)
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
                with self._warehouse.transaction():
                    batch_id = self._ledger.next_batch()
                    counts = self._screening(file.contract, batch_id, name, key).run(file)
                    contents = _unchanged(file, name, before, digest)
                    self._ledger.keep(file.contract, batch_id, "file", name, contents, before.size, counts)
                    self._ledger.keep_rejections(file.contract, batch_id, name)
            except UnreadableFileError as error:
                contents = _unchanged(file, name, before, digest)
                batch_id, counts = self._reject_file(file, name, contents, error)
        return Loaded(file, batch_id, counts)

    def load_rows(self, rows: DatabaseTable, digest: str, also: Callable[[int], None]) -> Loaded:
        """Take rows of a database in, like a file; ``also`` gets the number of the batch, inside its transaction.

        Raises:
            TemporaryError: not enough space on the disk, or the database is locked.
            UnreadableFileError: the database is damaged; nothing of these rows was kept.
        """
        contract = rows.contract
        check_references(contract, self._warehouse.seeds)
        self._check_space(rows.size)
        with self._warehouse.transaction():
            batch_id = self._ledger.next_batch()
            counts = self._screening(contract, batch_id, rows.name, None).run(rows)
            self._ledger.keep(contract, batch_id, "file", rows.name, digest, rows.size, counts)
            self._ledger.keep_rejections(contract, batch_id, rows.name)
            also(batch_id)
        return Loaded(rows, batch_id, counts)

    def reject_in_place(self, file: DataFile, digest: str, error: UnreadableFileError) -> Loaded:
        """One rejection for a file that cannot be read and stays where it is: it belongs to an application."""
        kept = (file.name, "in_place")
        size = file.stat().size
        batch_id, counts = self._reject_whole(file.contract, file.name, digest, size, error.reason, str(error), kept)
        return Loaded(file, batch_id, counts)

    def _known_as(self, file: DataFile, size: int, digest: Future[str]) -> int | None:
        """The batch that brought the same content. Only where one had the same size must the digest be waited for."""
        batches = self._warehouse.query(
            "select batch_id, file_digest from {ops}.batches where area = ? and table_name = ? and file_bytes = ?",
            [file.contract.area, file.contract.name, size],
        )
        return next((int(batch_id) for batch_id, known in batches if known == digest.result()), None)

    def replay(self, contract: Contract) -> Replayed:
        """Send the rejected records of a table through the door again, under today's contract and seeds.

        What loads now is marked with the batch that holds it and never replayed again; the rest stays as it is.
        """
        check_references(contract, self._warehouse.seeds)
        rows = self._warehouse.query(
            "select r.batch_id, r.line_number, records.record, b.file_name, b.header "
            "from {ops}.rejections as r join {ops}.batches as b on b.batch_id = r.batch_id "
            "join {ops}.rejected_records as records "
            "on records.batch_id = r.batch_id and records.line_number = r.line_number "
            "where r.area = ? and r.table_name = ? and r.replayed_in_batch is null "
            "and records.record_encoding = 'text' and r.line_number <> 0",
            [contract.area, contract.name],
        )
        if not rows:
            return Replayed(contract, None, 0, 0)
        key = self._keys.of(contract)
        origins, parts = read_again(contract, [Rejected(*row) for row in rows])
        loaded = 0
        with self._warehouse.transaction():
            batch_id = self._ledger.next_batch()
            loaded = self._screening(contract, batch_id, _REPLAY, key).run_records(contract, parts).loaded
            if loaded:
                rejected = {
                    row[0] for row in self._warehouse.engine.execute(f"select line_number from {REJECTIONS}").fetchall()
                }
                for number, *origin in zip(*(column.to_pylist() for column in origins.columns), strict=True):
                    if number not in rejected:
                        self._warehouse.query(
                            "update {ops}.rejections set replayed_in_batch = ? where batch_id = ? and line_number = ?",
                            [batch_id, *origin],
                        )
                # The records that stay rejected keep their own rows; this batch holds the loaded ones only.
                what = Counts(loaded, loaded, 0)
                self._ledger.keep(contract, batch_id, "replay", _REPLAY, f"replay-{batch_id}", 0, what)
        return Replayed(contract, batch_id if loaded else None, len(rows), loaded)

    def _screening(
        self, contract: Contract, batch_id: int, origin: str, key: SubjectKey | None
    ) -> Screening | PrivateScreening:
        stage = self._warehouse.stage(contract)
        if key:
            limit = self._warehouse.settings.memory_limit
            place = (self._warehouse, self._precedence, contract, stage, batch_id)
            return PrivateScreening(*place, limit, origin, now(), key)
        on_part = None if self._warehouse.is_duckdb else partial(self._warehouse.part_staged, contract)
        return Screening(
            self._warehouse.engine, self._warehouse.seeds, self._precedence, stage, batch_id, on_part, origin, now()
        )

    def _check_space(self, size: int) -> None:
        folder = self._warehouse.data_folder()
        if folder is None:
            return
        path = self._warehouse.settings.duckdb_path
        needed = _SPACE_FACTOR * size + (path.stat().st_size if path.exists() else 0)
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise TemporaryError(
                f"The disk of {folder} has {_size(free)} free; a load of this file needs {_size(needed)}. "
                "Make room, then run the same command again."
            )

    def _reject_file(self, file: DataFile, name: str, digest: str, error: UnreadableFileError) -> tuple[int, Counts]:
        """One rejection for a file that cannot be read. It is kept whole: in the record, or as a copy beside."""
        if file.contract.is_private:
            kept = WITHHELD, "withheld"
        else:
            kept = kept_file(file, digest, self._warehouse.settings.duckdb_path.parent)
        said = str(unquoted(error) if file.contract.is_restricted else error)
        return self._reject_whole(file.contract, name, digest, file.stat().size, error.reason, said, kept)

    def _reject_whole(
        self, contract: Contract, name: str, digest: str, size: int, reason: str, said: str, kept: tuple[str, str]
    ) -> tuple[int, Counts]:
        """The batch of a file that cannot be read. ``kept`` is its record, and how that is encoded."""
        reasons = f'[{{"code":"{FILE_CODE}","column":null,"reason":"{reason}"}}]'
        counts = Counts(1, 0, 1)
        with self._warehouse.transaction():
            batch_id = self._ledger.next_batch()
            self._warehouse.stage(contract)
            self._ledger.keep(contract, batch_id, "file", name, digest, size, counts)
            row = [batch_id, 0, contract.area, contract.name, name, None, FILE_CODE, None, reason]
            self._warehouse.insert("rejections", [*row, said, reasons, None, now()])
            self._warehouse.insert("rejected_records", [batch_id, 0, *kept])
        return batch_id, counts


def _unchanged(file: DataFile, name: str, before: FileStat, digest: Future[str]) -> str:
    """The digest of what was read; that the file was not written to meanwhile makes it so."""
    contents = digest.result()
    if file.stat() != before:
        raise StrataError(f"{name} changed while it was read. Load it again when it is complete.")
    return contents


def _digest(file: DataFile, key: SubjectKey | None) -> str:
    return key.content(file.digest()) if key else file.digest()


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
