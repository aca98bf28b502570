"""Writes events and metrics to files of the landing folder, which ``strata load`` takes in.

docs/decisions/0038-how-applications-write.md says why it works as it does.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from strata.track.checks import json_text
from strata.track.parts import Part, adopt, sync_folder
from strata.track.records import AnalyticsEvent, Metric


@dataclass(frozen=True)
class _When:
    """When lines are flushed, and when a file is published."""

    buffer_bytes: int
    flush_seconds: float
    rotate_bytes: int
    rotate_seconds: float


class Writer:
    """Appends records to files below ``<landing>/product/``. Threads may share one, and so may forked processes.

    A record is written to the file when ``buffer_bytes`` have gathered, at the first ``write`` more than
    ``flush_seconds`` after it, or by ``flush()``. A file is published, so that the door sees it, when it has
    ``rotate_bytes``, at the first ``write`` more than ``rotate_seconds`` after its beginning, or by ``rotate()``.
    All is published by ``close()``, at the end of a ``with`` block, and when the interpreter ends.

    What processes that were killed have left is published by the next Writer of the folder.

    Errors of the disk are ``OSError`` and name the file. ``write`` that raises has not taken its record; records taken
    before are kept, and the next call tries again.
    """

    def __init__(
        self,
        landing: str | os.PathLike[str],
        *,
        buffer_bytes: int = 64 << 10,
        flush_seconds: float = 1.0,
        rotate_bytes: int = 64 << 20,
        rotate_seconds: float = 300.0,
    ) -> None:
        when = _When(buffer_bytes, flush_seconds, rotate_bytes, rotate_seconds)
        folder = Path(landing).absolute() / "product"
        tables = (AnalyticsEvent.table, Metric.table)
        self._logs = {table: _Log(folder / table, when) for table in tables}
        with _LOCK:
            for log in self._logs.values():
                adopt(log.folder)
            _OPEN.add(self)

    def write(self, record: AnalyticsEvent | Metric) -> None:
        """Takes a record.

        Raises:
            OSError: a file cannot be written; the record was not taken.
            ValueError: the Writer is closed.
        """
        line = f"{json_text(record.json_values())}\n".encode()
        with _LOCK:
            if self not in _OPEN:
                raise ValueError("The Writer is closed.")
            self._logs[record.table].take(line)

    def flush(self) -> None:
        """Writes to the files what was taken so far. A kill of this process no longer loses it."""
        self._for_each(_Log.flush)

    def rotate(self) -> None:
        """Publishes what was taken so far. A power cut no longer loses it, and the door sees it."""
        self._for_each(_Log.rotate)

    def close(self) -> None:
        """Publishes everything and takes no more. After an error the Writer is still open."""
        with _LOCK:
            if self in _OPEN:
                self.rotate()
                _OPEN.remove(self)

    def __enter__(self) -> Self:
        """The Writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()

    def _for_each(self, step: Callable[[_Log], None]) -> None:
        """One table's full disk does not keep the other table from its own."""
        with _LOCK, ExitStack() as stack:
            for log in self._logs.values():
                stack.callback(step, log)

    def _forget_parent(self) -> None:
        for log in self._logs.values():
            log.forget()


class _Log:
    """The lines of one table: those not yet written, and the part that holds those that are."""

    def __init__(self, folder: Path, when: _When) -> None:
        self.folder, self._when = folder, when
        self._lines: list[bytes] = []
        self._bytes, self._since = 0, 0.0
        self._part: Part | None = None

    def take(self, line: bytes) -> None:
        """Keeps a line, once there is room for it; what is due is written or published first."""
        now = time.monotonic()
        is_full = self._bytes + len(line) > self._when.buffer_bytes
        if self._lines and (is_full or now - self._since >= self._when.flush_seconds):
            self.flush()
        if self._part and (
            self._part.size >= self._when.rotate_bytes or now - self._part.begun >= self._when.rotate_seconds
        ):
            self.rotate()
        if not self._lines:
            self._since = now
        self._lines.append(line)
        self._bytes += len(line)

    def flush(self) -> None:
        """Writes the lines to the part."""
        if not self._lines:
            return
        self._part = self._part or Part.create(self.folder)
        self._part.append(b"".join(self._lines))
        self._lines.clear()
        self._bytes = 0

    def rotate(self) -> None:
        """Publishes the part, and those that other processes have left behind meanwhile."""
        self.flush()
        if self._part:
            try:
                self._part.publish()
            except FileNotFoundError:
                # Somebody has deleted it. This is said once; the next lines begin a new part.
                self._leave_part()
                raise
            self._leave_part()
            sync_folder(self.folder)
        adopt(self.folder)

    def forget(self) -> None:
        """In a child process: what the parent has not written is the parent's, and so is its part."""
        self._lines.clear()
        self._bytes = 0
        self._leave_part()

    def _leave_part(self) -> None:
        if self._part:
            self._part.close()
            self._part = None


# One lock for all Writers of the process: a fork waits until none of them is at work.
_LOCK = threading.RLock()
_OPEN: set[Writer] = set()


def _after_fork() -> None:
    for writer in _OPEN:
        writer._forget_parent()
    _LOCK.release()


def _close_all() -> None:
    with ExitStack() as stack:
        for writer in list(_OPEN):
            stack.callback(writer.close)


os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_after_fork)
atexit.register(_close_all)
