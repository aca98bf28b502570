"""A file that is still being written: a part. The door sees it when it is whole and has its own name.

A part is held by a lock of the process that writes it. The lock goes with the process, however that ends, so a part
whose lock is free has been left behind.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

# The door passes over names that begin with a dot, and over endings that it does not know.
_PREFIX, _SUFFIX = ".", ".part"
_BLOCK = 1 << 16


class Part:
    """One part, held by this process. ``size`` counts the bytes of its whole lines, ``begun`` is monotonic seconds.

    Errors of the disk are ``OSError`` and name the file.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor
        self.size = 0
        self.begun = time.monotonic()

    @classmethod
    def create(cls, folder: Path) -> Part:
        """An empty part in a folder, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex}.ndjson"
            path = folder / f"{_PREFIX}{name}{_SUFFIX}"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            # Another process may have found the file before it was locked, and taken it for one left behind.
            if _is_locked(path, descriptor):
                return cls(path, descriptor)

    @classmethod
    def take_over(cls, path: Path) -> Part | None:
        """A part that was left behind, without the half line at its end; None while somebody holds it."""
        try:
            descriptor = os.open(path, os.O_RDWR)
        except (FileNotFoundError, PermissionError):
            return None  # it was published meanwhile, or it is another user's, whose next writer takes it over
        if not _is_locked(path, descriptor):
            return None
        part = cls(path, descriptor)
        with _naming(path):
            part.size = _end_of_lines(descriptor)
            os.ftruncate(descriptor, part.size)
        return part

    def append(self, lines: bytes) -> None:
        """Writes whole lines at the end, in one write unless the system cuts it.

        After an error the part counts as unchanged; the next lines are written over what came of these.
        """
        rest, end = memoryview(lines), self.size
        with _naming(self.path):
            while rest:
                written = os.pwrite(self._descriptor, rest, end)
                rest, end = rest[written:], end + written
        self.size = end

    def publish(self) -> None:
        """Gives the file its name, for the door to see, once its bytes are on the disk. An empty one is deleted."""
        with _naming(self.path):
            if self.size:
                os.fsync(self._descriptor)
                self.path.rename(self.path.with_name(self.path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)))
            else:
                self.path.unlink()

    def close(self) -> None:
        """Lets go of the file as it is. In a child process, the parent's lock stays with the parent."""
        os.close(self._descriptor)


def adopt(folder: Path) -> None:
    """Publishes what processes that are gone have left in a folder."""
    adopted = [part for path in sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}")) if (part := Part.take_over(path))]
    with ExitStack() as stack:
        for part in adopted:
            stack.callback(part.close)
        for part in adopted:
            part.publish()
    if adopted:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with _naming(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_locked(path: Path, descriptor: int) -> bool:
    """Locks an open file, and tells whether it still has its name. If not, the file is closed."""
    is_locked = False
    try:
        with _naming(path):
            # flock, since a lock of lockf would not hold against another writer of this process.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_locked = os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):
        pass
    finally:
        if not is_locked:
            os.close(descriptor)
    return is_locked


def _end_of_lines(descriptor: int) -> int:
    """Where the last whole line ends."""
    end = os.fstat(descriptor).st_size
    while end:
        start = max(0, end - _BLOCK)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Lets errors of the disk say which file it was."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
