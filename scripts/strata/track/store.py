"""A SQLite file with the specification's tables, for applications that keep their events in one."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from strata.track.checks import json_text
from strata.track.migration import migrate
from strata.track.records import AnalyticsEvent, Funnel, Metric


class Store:
    """Appends records to a SQLite file in WAL mode, so that readers and the writer do not wait for each other.

    The tables are made where they are missing. Threads may share a Store; a forked process opens its own. While
    another process writes, ``append`` waits up to ``wait_seconds``.

    Raises:
        sqlite3.Error: the file cannot be opened or written; the message names it.
    """

    def __init__(self, path: str | os.PathLike[str], *, wait_seconds: float = 5.0) -> None:
        self.path = os.fspath(path)
        self._process, self._lock = os.getpid(), threading.Lock()
        with self._naming():
            self._connection = sqlite3.connect(
                self.path, timeout=wait_seconds, isolation_level=None, check_same_thread=False
            )
            try:
                self._open(time.monotonic() + wait_seconds)
            except sqlite3.Error:
                self._connection.close()
                raise

    def append(self, *records: AnalyticsEvent | Metric | Funnel) -> None:
        """Adds records, all of them or none.

        Raises:
            sqlite3.IntegrityError: the file holds a record of that id, or another funnel of that name.
        """
        if os.getpid() != self._process:
            raise RuntimeError("This Store was opened before a fork. Open one in the child process.")
        with self._lock, self._naming():
            self._connection.execute("begin immediate")
            try:
                for record in records:
                    self._insert(record)
                self._connection.execute("commit")
            except BaseException:
                self._connection.rollback()
                raise

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """The Store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()

    def _open(self, deadline: float) -> None:
        mode = self._journal_mode(deadline)
        if mode != "wal":
            raise sqlite3.OperationalError(f"the journal mode is {mode}; WAL is not possible here")
        migrate(self._connection)

    def _journal_mode(self, deadline: float) -> str:
        """Turns to WAL. SQLite does not wait where another process turns the same new file, so this tries again."""
        while True:
            try:
                return str(self._connection.execute("pragma journal_mode = wal").fetchone()[0])
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _insert(self, record: AnalyticsEvent | Metric | Funnel) -> None:
        values = {name: _column(value) for name, value in record.json_values().items()}
        names, holes = ", ".join(values), ", ".join("?" * len(values))
        self._connection.execute(f"insert into {record.table} ({names}) values ({holes})", tuple(values.values()))

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Lets errors say which file it was."""
        try:
            yield
        except sqlite3.Error as error:
            raise type(error)(f"{self.path}: {error}") from error


def _column(value: Any) -> Any:
    """JSON is text in SQLite."""
    return json_text(value) if isinstance(value, dict | list) else value
