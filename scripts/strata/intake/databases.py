"""SQLite files of applications: only what is new since the last load comes in.

Such a file changes all the time, so its digest says nothing. The door remembers rows instead (``ops.database_marks``):
the last row of each table, or every row of a table that is always read whole. The marks commit with the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from strata.contract import Contract
from strata.door.database import DatabaseFile, DatabaseTable, Snapshot, TableSource, digest_of
from strata.door.screen import Counts
from strata.errors import UnreadableFileError
from strata.intake.intake import Intake
from strata.intake.results import Loaded
from strata.warehouse.base import Warehouse


@dataclass(frozen=True)
class Mark:
    """What the door remembers of a row: the digest of its values, and the batch that brought it (none: this one)."""

    digest: str
    batch_id: int | None = None


# By the number of the row.
Marked = Mapping[int, Mark]


def load_database(warehouse: Warehouse, intake: Intake, file: DatabaseFile) -> Iterator[Loaded]:
    """Take the new rows of all tables of a database in, one batch a table; a table without new rows makes none.

    Raises:
        TemporaryError: the file is locked, or there is not enough space on the disk.
    """
    marks = Marks(warehouse, file.name)
    try:
        with file.snapshot() as snapshot:
            missing = [contract for contract in file.tables if contract.name not in snapshot.names]
            if missing:
                names = ", ".join(contract.name for contract in missing)
                error = UnreadableFileError("missing_table", f"The file has no table {names}.")
                yield _reject(intake, marks, replace(file, contract=missing[0]), error)
            for contract in file.tables:
                if contract not in missing and (taken := _load_table(intake, marks, snapshot, contract)):
                    yield taken
    except UnreadableFileError as error:
        yield _reject(intake, marks, file, error)


def _load_table(intake: Intake, marks: Marks, snapshot: Snapshot, contract: Contract) -> Loaded | None:
    """Take the new rows of a table in; none where there never was a row."""
    try:
        source, known = snapshot.table(contract), marks.of(contract)
        rows, now_known = (_changed if contract.is_read_whole else _added)(source, known)
        if rows is None:
            brought = [mark.batch_id for mark in known.values() if mark.batch_id]
            file = replace(snapshot.file, contract=contract)
            return Loaded(file, None, Counts(0, 0, 0), known_as=max(brought)) if brought else None
        seen = [f"{number} {mark.digest}" for number, mark in sorted(now_known.items())]
        digest = _digest(rows.name, contract.area, contract.name, str(rows.after), *seen)
        return intake.load_rows(rows, digest, lambda batch_id: marks.keep(contract, now_known, batch_id))
    except UnreadableFileError as error:
        return _reject(intake, marks, replace(snapshot.file, contract=contract), error)


def _added(source: TableSource, known: Marked) -> tuple[DatabaseTable | None, Marked]:
    """The rows behind the last known one, or all rows where that one is not what it was; and the mark after them."""
    last = source.last_row()
    if last is None:
        return None, known
    after = None
    for number, mark in known.items():
        row = source.row(number)
        after = number if row is not None and digest_of(row) == mark.digest else None
    if after == last[0]:
        return None, known
    part = 1.0 if after is None else (last[0] - after) / max(last[0], 1)
    return _rows(source, part, after=after), {last[0]: Mark(digest_of(last))}


def _changed(source: TableSource, known: Marked) -> tuple[DatabaseTable | None, Marked]:
    """The rows that are not known as they are; and marks of all rows."""
    digests = {row[0]: digest_of(row) for row in source.rows()}
    now_known = {
        number: known[number] if number in known and known[number].digest == digest else Mark(digest)
        for number, digest in digests.items()
    }
    chosen = frozenset(number for number, mark in now_known.items() if mark.batch_id is None)
    return (_rows(source, len(chosen) / len(digests), chosen=chosen) if chosen else None), now_known


def _rows(
    source: TableSource, part: float, after: int | None = None, chosen: frozenset[int] | None = None
) -> DatabaseTable:
    file = source.snapshot.file
    size = round(min(part, 1.0) * file.path.stat().st_size)
    return DatabaseTable(file.path, file.name, source.contract, source, after, chosen, size)


def _reject(intake: Intake, marks: Marks, file: DatabaseFile, error: UnreadableFileError) -> Loaded:
    """One rejection for a file or a table that cannot be read. The same is said once, until the table could be read."""
    digest = _digest(file.name, file.contract.area, file.contract.name, str(error))
    said_in = marks.said_in(file.contract, digest)
    if said_in is not None:
        return Loaded(file, None, Counts(0, 0, 0), known_as=said_in)
    return intake.reject_in_place(file, digest, error)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Marks:
    """What the warehouse remembers of the rows of one database."""

    warehouse: Warehouse
    database: str

    def of(self, contract: Contract) -> Marked:
        """The marks of a table."""
        rows = self.warehouse.query(
            "select row_number, row_digest, batch_id from {ops}.database_marks "
            "where database_name = ? and area = ? and table_name = ?",
            [self.database, contract.area, contract.name],
        )
        return {number: Mark(digest, batch_id) for number, digest, batch_id in rows}

    def keep(self, contract: Contract, marked: Marked, batch_id: int) -> None:
        """Put these in the place of the marks of a table; inside the transaction of the batch."""
        self.warehouse.query(
            "delete from {ops}.database_marks where database_name = ? and area = ? and table_name = ?",
            [self.database, contract.area, contract.name],
        )
        columns = {
            "row_number": pa.array(marked.keys(), pa.int64()),
            "row_digest": pa.array([mark.digest for mark in marked.values()], pa.string()),
            "batch_id": pa.array([mark.batch_id or batch_id for mark in marked.values()], pa.int64()),
        }
        self.warehouse.engine.register("door_marks", pa.table(columns))
        self.warehouse.append_to_ops(
            "database_marks",
            "select ?::varchar as database_name, ?::varchar as area, ?::varchar as table_name, "
            "row_number, row_digest, batch_id from door_marks",
            [self.database, contract.area, contract.name],
        )
        self.warehouse.engine.unregister("door_marks")

    def said_in(self, contract: Contract, digest: str) -> int | None:
        """The batch of an earlier rejection with this digest; none where the table could be read since."""
        found = self.warehouse.query(
            "select max(batches.batch_id) from {ops}.batches as batches "
            "where area = ? and table_name = ? and file_name = ? and file_digest = ? and batch_id > coalesce("
            "(select max(marks.batch_id) from {ops}.database_marks as marks "
            "where marks.database_name = ? and marks.area = ? and marks.table_name = ?), 0)",
            [contract.area, contract.name, self.database, digest, self.database, contract.area, contract.name],
        )
        return None if found[0][0] is None else int(found[0][0])
