"""Files as Arrow batches of lines: newline search in numpy, nothing per record, memory bounded by the longest line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

MAX_LINE_BYTES = 1 << 20
SCHEMA = pa.schema([("line_number", pa.int64()), ("line", pa.string())])
_CHUNK_BYTES = 8 << 20
_BLANK_CHECK_BYTES = 64
_NEWLINE, _QUOTE = 10, 34
_UTF8_BOM = b"\xef\xbb\xbf"


class ByteStream(Protocol):
    """What a reader needs of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, all that is left when negative; none at the end."""


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be given to the engine at all, with the reason and the bytes as they came."""

    line_number: int
    reason: str
    message: str
    record: bytes


@dataclass
class LineReader:
    """Reads a stream once, as batches of ``SCHEMA``. Blank lines are no records and are passed over.

    ``records`` counts the lines seen so far, bad ones included; ``bad`` collects the bad ones. With ``only``, just the
    lines of those numbers come out (a second look at a few lines), nothing is counted and nothing collected.
    With ``is_quoted``, a newline inside double quotes does not end a record (CSV).
    """

    stream: ByteStream
    only: Collection[int] | None = None
    is_quoted: bool = False
    records: int = 0
    bad: list[BadLine] = field(default_factory=list)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The lines, in the order of the file."""
        wanted = None if self.only is None else np.array(sorted(self.only), dtype=np.int64)
        for first_line, buffer, ends in self._chunks():
            batch = self._batch(first_line, buffer, ends, wanted)
            if batch is not None and batch.num_rows:
                yield batch

    def _chunks(self) -> Iterator[tuple[npt.NDArray[np.int64], bytes, npt.NDArray[np.int64]]]:
        """Line numbers, bytes, and the end of each line in the bytes (behind its newline)."""
        line, rest, is_first = 1, [], True
        while chunk := self.stream.read(_CHUNK_BYTES):
            if is_first:
                chunk, is_first = chunk.removeprefix(_UTF8_BOM), False
            rest.append(chunk)
            if b"\n" not in chunk:
                continue
            buffer = b"".join(rest)
            numbers, ends, next_line = self._line_ends(buffer, line)
            if not len(ends):
                rest = [buffer]
                continue
            rest = [buffer[int(ends[-1]) :]]
            yield numbers, buffer, ends
            line = next_line
        if last := b"".join(rest):
            yield np.array([line], dtype=np.int64), last, np.array([len(last)], dtype=np.int64)

    def _line_ends(self, buffer: bytes, line: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
        raw = np.frombuffer(buffer, dtype=np.uint8)
        newlines = np.flatnonzero(raw == _NEWLINE)
        physical = np.arange(line, line + len(newlines), dtype=np.int64)
        if not self.is_quoted:
            return physical, newlines + 1, line + len(newlines)
        quotes = np.searchsorted(np.flatnonzero(raw == _QUOTE), newlines)
        ends = newlines[quotes % 2 == 0] + 1
        # A record's number is that of its first physical line.
        after = np.searchsorted(newlines, ends - 1) + 1
        starts = np.concatenate(([0], after[:-1])) if len(ends) else np.empty(0, dtype=np.int64)
        return line + starts, ends, line + (int(after[-1]) if len(ends) else 0)

    def _batch(
        self,
        numbers: npt.NDArray[np.int64],
        buffer: bytes,
        ends: npt.NDArray[np.int64],
        wanted: npt.NDArray[np.int64] | None,
    ) -> pa.RecordBatch | None:
        starts = np.concatenate(([0], ends[:-1]))
        keep = ~self._blank(buffer, starts, ends)
        if wanted is not None:
            keep &= np.isin(numbers, wanted)
            if not keep.any():
                return None
        else:
            self.records += int(keep.sum())
        too_long = keep & (ends - starts > MAX_LINE_BYTES + 2)
        for row in np.flatnonzero(too_long):
            message = f"is longer than {MAX_LINE_BYTES:,} bytes"
            self._add_bad(numbers[row], "line_too_long", message, buffer[starts[row] : ends[row]])
        keep &= ~too_long
        if too_long.any():
            # The offsets below must not span a giant line: build from the pieces that stay.
            pieces = [buffer[start:end] for start, end in zip(starts[keep], ends[keep], strict=True)]
            return self._checked(numbers[keep], pa.array(pieces, pa.binary()))
        offsets = np.concatenate(([0], ends)).astype(np.int32)
        lines = pa.Array.from_buffers(pa.binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(buffer)])
        if not keep.all():
            lines, numbers = lines.filter(pa.array(keep)), numbers[keep]
        return self._checked(numbers, lines)

    @staticmethod
    def _blank(buffer: bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        blank = np.zeros(len(ends), dtype=np.bool_)
        for row in np.flatnonzero(ends - starts <= _BLANK_CHECK_BYTES):
            blank[row] = not buffer[starts[row] : ends[row]].strip(b" \t\r\n")
        return blank

    def _checked(self, numbers: npt.NDArray[np.int64], lines: pa.Array) -> pa.RecordBatch:
        """The lines as text; those that are not UTF-8 are set aside."""
        text = lines.view(pa.string()) if lines.type == pa.binary() else lines
        try:
            text.validate(full=True)
        except pa.ArrowInvalid:
            good = np.ones(len(lines), dtype=np.bool_)
            for row, line in enumerate(lines.to_pylist()):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError as error:
                    good[row] = False
                    message = f"is not valid UTF-8: byte {error.start + 1} is 0x{line[error.start]:02x}"
                    self._add_bad(numbers[row], "invalid_utf8", message, line)
            text, numbers = lines.filter(pa.array(good)).view(pa.string()), numbers[good]
        return pa.RecordBatch.from_arrays([pa.array(numbers), text], schema=SCHEMA)

    def _add_bad(self, line_number: np.int64, reason: str, message: str, record: bytes) -> None:
        if self.only is None:
            self.bad.append(BadLine(int(line_number), reason, message, record.rstrip(b"\r\n")))
