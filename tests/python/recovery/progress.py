"""How far a run has come, in a page of shared memory: it can be read while the run works and after it was killed."""

from __future__ import annotations

import mmap
import struct
import time
from pathlib import Path

_PAGE = struct.Struct("<QQQddd")
_OUTSIDE, _OPEN, _WRITTEN = range(3)


class Progress:
    """What a run has done to the warehouse; the run writes it, the test reads it.

    ``writes`` counts statements that wrote inside a transaction, and ``commits`` the transactions that ended.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_PAGE.size))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), _PAGE.size)

    def reset(self) -> None:
        """Before a run."""
        self._page[:] = bytes(_PAGE.size)

    # What the run says.

    def began(self) -> None:
        """A transaction is open; nothing is written yet."""
        self._set(state=_OPEN)

    def wrote(self) -> None:
        """A statement that writes has ended; outside a transaction it is whole by itself and does not count."""
        state, writes, _, first, _, _ = self._get()
        if state != _OUTSIDE:
            now = time.monotonic()
            self._set(state=_WRITTEN, writes=writes + 1, first=first or now, last=now)

    def ended(self) -> None:
        """The transaction is committed or rolled back."""
        _, _, commits, _, _, _ = self._get()
        self._set(state=_OUTSIDE, commits=commits + 1, last=time.monotonic())

    def closing(self) -> None:
        """The warehouse is being closed, and with it a checkpoint made."""
        self._set(closing=time.monotonic())

    # What the test reads.

    @property
    def is_half_done(self) -> bool:
        """Whether a transaction that has written is open."""
        return self._get()[0] == _WRITTEN

    @property
    def writes(self) -> int:
        """Statements that wrote inside a transaction."""
        return self._get()[1]

    @property
    def closing_at(self) -> float:
        """When the closing began, and with it the checkpoint; 0 before, and on PostgreSQL."""
        return self._get()[5]

    @property
    def window(self) -> tuple[float, float]:
        """When the first and the last write or commit ended, or the closing began (monotonic clock, seconds)."""
        _, _, _, first, last, closing = self._get()
        return first, max(last, closing)

    def _get(self) -> tuple[int, int, int, float, float, float]:
        return _PAGE.unpack(self._page[:])  # type: ignore[return-value]

    def _set(self, **values: float) -> None:
        names = ("state", "writes", "commits", "first", "last", "closing")
        now = dict(zip(names, self._get(), strict=True)) | values
        self._page[:] = _PAGE.pack(*(int(now[name]) for name in names[:3]), *(now[name] for name in names[3:]))
