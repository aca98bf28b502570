"""SQLite files of applications: opened for reading while the application writes, in one read transaction."""

from __future__ import annotations

import contextlib
import hashlib
import io
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strata.contract import Contract
from strata.door.files import Bytes, DataFile, FileStat
from strata.door.tabular import check_header
from strata.errors import LockedFileError, StrataError, UnreadableFileError

ENDINGS = (".sqlite", ".sqlite3", ".db")
_MAGIC = b"SQLite format 3\x00"
_WAIT_SECONDS = 5.0
# Names that SQLite has for the number of a row; a column of a table can take one of them away.
_ROW_NUMBERS = ("_rowid_", "rowid", "oid")
_TEMPORARY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

Row = tuple[Any, ...]


def is_database(file: Path) -> bool:
    """Whether a file is a SQLite file, by its name or by its content."""
    if file.name.lower().endswith(ENDINGS):
        return True
    with contextlib.suppress(OSError), file.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC
    return False


def tables_of_area(contracts: dict[tuple[str, str], Contract], area: str) -> tuple[Contract, ...]:
    """The tables that a SQLite file in the folder of an area can hold: all but those of persons."""
    return tuple(
        contract
        for (of_area, _), contract in contracts.items()
        if of_area == area and contract.format != "none" and not contract.is_private
    )


@dataclass(frozen=True)
class DatabaseFile(DataFile):
    """A SQLite file in the folder of an area. ``contract`` is the first of the ``tables`` that it can hold."""

    tables: tuple[Contract, ...] = ()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The file as it is now, however it is written to meanwhile.

        Raises:
            UnreadableFileError: it is no SQLite file, or damaged.
            LockedFileError: a writer holds it.
        """
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        with errors_said(self.name):
            connection = sqlite3.connect(
                address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
        with contextlib.closing(connection), errors_said(self.name):
            connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            connection.execute("pragma trusted_schema = off")
            connection.execute("begin")
            found = connection.execute("select name from sqlite_master where type = 'table' and rootpage > 0")
            yield Snapshot(self, connection, {str(name).lower(): str(name) for (name,) in found})


@dataclass(frozen=True)
class Snapshot:
    """One read transaction. ``names`` are the tables as the file spells them, by their names in lower case."""

    file: DatabaseFile
    connection: sqlite3.Connection
    names: dict[str, str]

    def table(self, contract: Contract) -> TableSource:
        """The table of a contract.

        Raises:
            UnreadableFileError: its columns are not those of the contract, or its rows have no numbers.
        """
        name = self.names[contract.name]
        with errors_said(self.file.name):
            found = [str(row[1]) for row in self.connection.execute(f"pragma table_xinfo({_quoted(name)})")]
            columns = {column.lower(): column for column in found}
            check_header(contract, list(columns), f"The table {contract.name} must have")
            number = next((word for word in _ROW_NUMBERS if word not in columns), None)
            is_numbered = False
            with contextlib.suppress(sqlite3.OperationalError):
                self.connection.execute(f"select {number} from {_quoted(name)} limit 0")
                is_numbered = number is not None
        if not is_numbered:
            why = f"The table {contract.name} is made WITHOUT ROWID, so nobody can tell which of its rows are new."
            raise UnreadableFileError("no_row_numbers", why)
        selected = [_quoted(columns[c.name]) if c.name in columns else "null" for c in contract.columns]
        return TableSource(self, contract, f"select {number}, {', '.join(selected)} from {_quoted(name)}", str(number))


@dataclass(frozen=True)
class TableSource:
    """One table of a snapshot. A row is the number that SQLite gives it and the values of the contract's columns."""

    snapshot: Snapshot
    contract: Contract
    select: str
    number: str

    def rows(self, after: int | None = None, upto: int | None = None) -> sqlite3.Cursor:
        """The rows with numbers greater than one and at most another, in their order."""
        bounds = [("> ?", after), ("<= ?", upto)]
        where = " and ".join(f"{self.number} {sign}" for sign, bound in bounds if bound is not None) or "true"
        values = [bound for _, bound in bounds if bound is not None]
        with errors_said(self.snapshot.file.name):
            return self.snapshot.connection.execute(f"{self.select} where {where} order by {self.number}", values)

    def row(self, number: int) -> Row | None:
        """The row of that number; none where there is none."""
        return self._one(f"{self.select} where {self.number} = ?", number)

    def last_row(self) -> Row | None:
        """The row with the greatest number; none of an empty table."""
        return self._one(f"{self.select} order by {self.number} desc limit 1")

    def _one(self, sql: str, *values: int) -> Row | None:
        with errors_said(self.snapshot.file.name):
            row: Row | None = self.snapshot.connection.execute(sql, values).fetchone()
        return row


@dataclass(frozen=True)
class DatabaseTable(DataFile):
    """Rows of one table of a database: those behind ``after``; of these only ``chosen`` ones where it is given."""

    source: TableSource
    after: int | None = None
    chosen: frozenset[int] | None = None
    size: int = 0

    @property
    def kind(self) -> str:
        """Always sqlite."""
        return "sqlite"

    def stat(self) -> FileStat:
        """The share of the file that these rows have, about."""
        return FileStat(self.size, "")

    def raw(self) -> AbstractContextManager[Bytes]:
        """Nothing: rows are not read as bytes."""
        return io.BytesIO()

    def rows(self, only: Collection[int] | None) -> Iterator[Row]:
        """The rows, or some of them, in the order of their numbers."""
        after, upto = (self.after, None) if only is None else (min(only) - 1, max(only))
        wanted = self.chosen if only is None else set(only)
        rows = self.source.rows(after, upto)
        return rows if wanted is None else (row for row in rows if row[0] in wanted)


def digest_of(row: Row) -> str:
    """SHA-256 of the values of a row with their types, in hexadecimal."""
    return hashlib.sha256(repr(row[1:]).encode()).hexdigest()


@contextmanager
def errors_said(name: str) -> Iterator[None]:
    """SQLite's errors as those of the door, each with a sentence that a person can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise _said(error, name) from error


def _said(error: sqlite3.Error, name: str) -> StrataError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _TEMPORARY:
        return LockedFileError(f"{name} is locked by a process that writes to it. Run the same command again later.")
    if code == sqlite3.SQLITE_NOTADB:
        return UnreadableFileError("not_a_database", "The file is encrypted, or it is no SQLite file.")
    if code == sqlite3.SQLITE_CORRUPT:
        return UnreadableFileError("broken_database", f"The file is damaged ({error}). Put a sound copy in its place.")
    if code == sqlite3.SQLITE_READONLY:
        why = (
            "Its application ended in the middle of writing. It must open the file once; until then nobody can read it."
        )
        return UnreadableFileError("unfinished_write", why)
    return UnreadableFileError("unreadable_database", f"SQLite cannot read the file ({error}).")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
