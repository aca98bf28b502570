"""Files as Arrow batches of lines: newline search in numpy, nothing per record, memory bounded by the longest line."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

MAX_LINE_BYTES = 1 << 20
SCHEMA = pa.schema([("line_number", pa.int64()), ("line", pa.string())])
# Bytes behind the lines of a batch, for readers that look at several bytes at once (``cut.py``).
PADDING = 4096
_CHUNK_BYTES = 4 << 20
_PICKED_ROWS = 20_000
_NEWLINE, _QUOTE = 10, 34
_SPACES = (9, 10, 13, 32)
# A quote that is not closed for so long was never meant to be.
_MAX_OPEN_BYTES = 16 << 20
_FIELD = rb'(?>"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
_WELL_QUOTED = re.compile(rb"%s(?:,%s)*+\r?\n?" % (_FIELD, _FIELD))
_FIRST_WINDOW = 64
_UTF8_BOM = b"\xef\xbb\xbf"


class ByteStream(Protocol):
    """What a reader needs of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, all that is left when negative; none at the end."""


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be given to the engine at all, with the reason and the bytes as they came.

    Where ``is_text`` is false, the record is kept in a form that no replay reads.
    """

    line_number: int
    reason: str
    message: str
    record: bytes
    is_text: bool = True


@dataclass
class LineReader:
    """Reads a stream once, as batches of ``SCHEMA``. Blank lines are no records and are passed over.

    ``records`` counts the lines seen so far, bad ones included; ``bad`` collects the bad ones. With ``only``, just the
    lines of those numbers come out (a second look at a few lines), nothing is counted and nothing collected.
    With ``is_quoted``, a newline inside double quotes does not end a record (CSV). Where the quotes of several lines do
    not make a well-formed record, the first of these lines is one by itself, so that a stray quote costs one line.
    """

    stream: ByteStream
    only: Collection[int] | None = None
    is_quoted: bool = False
    records: int = 0
    bad: list[BadLine] = field(default_factory=list)
    _ends: list[npt.NDArray[np.int64]] = field(default_factory=list, repr=False)
    _begin: int = 0

    def spans(self, numbers: Collection[int]) -> list[tuple[int, int, int]]:
        """Number, first byte and end of some lines of what was read (not of CSV), as positions in the stream."""
        ends = np.concatenate(self._ends) if self._ends else np.empty(0, dtype=np.int64)
        return [
            (number, int(ends[number - 2]) if number > 1 else self._begin, int(ends[number - 1]))
            for number in sorted(numbers)
        ]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The lines, in the order of the file."""
        wanted = None if self.only is None else np.array(sorted(self.only), dtype=np.int64)
        for first_line, buffer, ends in self._chunks():
            batch = self._batch(first_line, buffer, ends, wanted)
            if batch is not None and batch.num_rows:
                yield batch

    def _chunks(self) -> Iterator[tuple[npt.NDArray[np.int64], bytes, npt.NDArray[np.int64]]]:
        """Line numbers, bytes, and the end of each line in the bytes (behind its newline)."""
        line, rest, is_first, position = 1, [], True, 0
        while chunk := self.stream.read(_CHUNK_BYTES):
            if is_first:
                self._begin = position = len(_UTF8_BOM) if chunk.startswith(_UTF8_BOM) else 0
                chunk, is_first = chunk[position:], False
            rest.append(chunk)
            if b"\n" not in chunk:
                continue
            padding = 0 if self.is_quoted else PADDING
            buffer = b"".join([*rest, bytes(padding)])
            numbers, ends, next_line = self._line_ends(buffer, line, is_end=False)
            rest = [buffer[int(ends[-1]) if len(ends) else 0 : len(buffer) - padding]]
            if not len(ends):
                continue
            self._ends.append(ends + position)
            yield numbers, buffer, ends
            line, position = next_line, position + int(ends[-1])
        last = b"".join(rest)
        if self.is_quoted and b"\n" in last:
            numbers, ends, line = self._line_ends(last, line, is_end=True)
            if len(ends):
                yield numbers, last, ends
                last = last[int(ends[-1]) :]
        if last:
            self._ends.append(np.array([position + len(last)], dtype=np.int64))
            yield np.array([line], dtype=np.int64), last, np.array([len(last)], dtype=np.int64)

    def _line_ends(
        self, buffer: bytes, line: int, *, is_end: bool
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
        raw = np.frombuffer(buffer, dtype=np.uint8)
        newlines = np.flatnonzero(raw == _NEWLINE)
        physical = np.arange(line, line + len(newlines), dtype=np.int64)
        if not self.is_quoted:
            return physical, newlines + 1, line + len(newlines)
        ends = _quoted_ends(buffer, newlines, np.flatnonzero(raw == _QUOTE), is_end=is_end)
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
        too_long = np.zeros(len(ends), dtype=np.bool_)
        for row in np.flatnonzero(keep & (ends - starts > MAX_LINE_BYTES)):
            record = buffer[starts[row] : ends[row]].rstrip(b"\r\n")
            if len(record) > MAX_LINE_BYTES:
                too_long[row] = True
                self._add_bad(numbers[row], "line_too_long", f"is longer than {MAX_LINE_BYTES:,} bytes", record)
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
        # Only a line that begins with white space can be blank.
        for row in np.flatnonzero(np.isin(np.frombuffer(buffer, dtype=np.uint8)[starts], _SPACES)):
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


@dataclass
class PickedLines:
    """Some lines of a plain file, by their places in it: a second look that does not read the whole file again."""

    stream: IO[bytes]
    spans: list[tuple[int, int, int]]
    records: int = 0
    bad: list[BadLine] = field(default_factory=list)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The lines, in the order of the file."""
        for first in range(0, len(self.spans), _PICKED_ROWS):
            spans = self.spans[first : first + _PICKED_ROWS]
            lines = [self._line(start, end) for _, start, end in spans]
            yield pa.RecordBatch.from_pydict({"line_number": [span[0] for span in spans], "line": lines}, schema=SCHEMA)

    def _line(self, start: int, end: int) -> str:
        self.stream.seek(start)
        return self.stream.read(end - start).decode("utf-8")


def _quoted_ends(
    buffer: bytes, newlines: npt.NDArray[np.int64], quotes: npt.NDArray[np.int64], *, is_end: bool
) -> npt.NDArray[np.int64]:
    """Ends of the records (behind their newlines): the newlines with an even number of quotes before them.

    Where that joins lines to what is no well-formed record, the count begins anew behind the first of them. After
    that it goes on in small steps, so that a file full of stray quotes is not counted again for each of them.
    """
    found: list[npt.NDArray[np.int64]] = []
    start, first, window = 0, 0, len(newlines)
    while first < len(newlines):
        part = newlines[first : first + window]
        inside = (np.searchsorted(quotes, part) - np.searchsorted(quotes, start)) % 2
        closing = np.flatnonzero(inside == 0)
        begins = np.concatenate(([start], part[closing] + 1))
        joined = np.flatnonzero(np.diff(closing, prepend=-1) > 1)
        broken: int | None = next(
            (int(row) for row in joined if not _WELL_QUOTED.fullmatch(buffer, begins[row], begins[row + 1])), None
        )
        is_all = first + len(part) == len(newlines)
        if broken is None and is_all and _is_stuck(buffer, int(begins[-1]), is_end=is_end):
            broken = len(closing)
        found.append(begins[1 : (len(closing) if broken is None else broken) + 1])
        if broken is not None:
            first = int(np.searchsorted(newlines, begins[broken])) + 1
            start, window = int(newlines[first - 1]) + 1, _FIRST_WINDOW
            found.append(np.array([start], dtype=np.int64))
        elif is_all:
            break
        else:
            start, window = int(begins[-1]), window * 2
            first = int(np.searchsorted(newlines, start))
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _is_stuck(buffer: bytes, start: int, *, is_end: bool) -> bool:
    """Whether what follows the last complete record holds lines, and will not become one record."""
    if buffer.find(b"\n", start) < 0:
        return False
    return not _WELL_QUOTED.fullmatch(buffer, start) if is_end else len(buffer) - start > _MAX_OPEN_BYTES


def kept_record(line: BadLine) -> tuple[str, str]:
    """The record as text, or in base64 where it is not text that every engine can hold, and which of the two."""
    try:
        text = line.record.decode("utf-8") if line.is_text else "\x00"
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        return base64.b64encode(line.record).decode("ascii"), "base64"
    return text, "text"
