"""Lines cut along their template instead of parsed: whole columns at once, and no value is copied.

A template (``template.py``) is constant text with holes for the values. Take one with two holes, the second of which
may be null, and a line of its sender:

    {"id":"<hole>","team":<hole>}
    {"id":"a-7","team":"berlin"}

For all lines of a batch at once, numpy walks from left to right. ``{"id":"`` must stand at the beginning of the line.
The value begins behind it and ends before the next quote. There ``","team":`` must stand. Then comes a quote, with a
value up to the next quote, or the word null. Then ``}`` and the line's end must stand, and the line must end there.

Why the strict parser says the same of such a line: every byte of it was compared with the template or lies in a value.

- The template's bytes are JSON with known keys, each once, since a strict parser has read them in another line.
- The value of a text hole holds no quote, since it ends at the first one. It holds no backslash and no control
  character, since lines with one are left out before. The reader has proved that the line is UTF-8. So it is a JSON
  text that means itself.
- The value of a hole without quotes (a number, true, false, a list of texts) is compared with JSON's grammar by the
  checks behind the cut (``checks.JSON_FORMS``). So a comma or a brace that does not belong there is found.

What is left out, and what the checks doubt, is looked at carefully as before. So the cut can be too strict, which
costs time; it never decides a rejection.

UUIDs and timestamps are decoded on the way (``decode.py``). Other values come out as Arrow string views: their places
in the bytes that were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from strata.contract import Column, Contract
from strata.door import decode
from strata.door.checks import JSON_FORMS, is_decoded
from strata.door.lines import PADDING
from strata.door.template import Layout, Template, is_quoted

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[np.generic]

_BACKSLASH, _FIRST_PRINTABLE = ord("\\"), 0x20
_NULL = b"null"
# How many bytes are looked at for the end of a value: at first, then so many times more, and at most.
_SHORT, _MORE, _MOST = 32, 8, PADDING // 2
# Lines that are walked at once: their bytes stay in the processor's cache, and numpy's own cost is shared by many.
_ROWS = 8192
# A string view is the length (4 bytes) and, up to twelve bytes, the text itself; of a longer one the first four
# bytes, the number of the buffer, and the place in it.
_VIEW, _VIEW_HEAD, _INLINE = 16, 4, 12
# By the length of a text: which bytes of its view show it, as two words.
_SHOWN = np.array(
    [[0] * _VIEW_HEAD + [0xFF] * length + [0] * (_INLINE - length) for length in range(_INLINE + 1)], dtype=np.uint8
).view(np.uint64)


def cutter_for(contract: Contract, templates: Sequence[Template]) -> Cutter | None:
    """What cuts the lines of a sender; none where a column holds objects.

    One object can be written in many ways, and the engine's parser settles in which of them it is stored.
    """
    if not templates or any(column.data_type == "json" for column in contract.columns):
        return None
    layouts = [template.layout(contract) for template in templates]
    if any(len(text) > _MOST for layout in layouts for text in layout.constants):
        return None
    return Cutter(contract, layouts)


@dataclass(frozen=True)
class _Step:
    """One step of a walk: a constant and the value of a column behind it. ``kind`` is what is read at the place."""

    column: Column
    constant: bytes
    opening: int
    ends_at: bytes
    kind: np.dtype[np.void]


def _steps(layout: Layout, contract: Contract) -> list[_Step]:
    steps = []
    for (constant, name), following in zip(layout.parts, layout.constants[1:], strict=True):
        column = contract.column(name)
        is_bare = column.data_type in JSON_FORMS
        opening = 0 if is_bare or is_quoted(column) else 1
        ends_at = b'"'
        if is_bare:
            # A list may hold the next constant's first byte, but not its quotes or its line end.
            ends_at = following if column.data_type == "text[]" else following[:1]
        steps.append(_Step(column, constant, opening, ends_at, _window(len(constant), opening, column)))
    return steps


def _window(constant: int, opening: int, column: Column) -> np.dtype[np.void]:
    """The bytes that are read for a value: the constant before it, its opening or null in its stead, its beginning.

    ``opening`` is the length of a quote that does not belong to the constant. The view of a text begins in the
    constant: its length is written there.
    """
    size = {"uuid": decode.UUID_LENGTH + 1, "timestamp": decode.INSTANT_WINDOW}.get(column.data_type, _SHORT)
    begin = constant + opening
    fields: dict[str, tuple[object, int]] = {
        "constant": (f"S{constant}", 0),
        "opening": ("S1", constant),
        "null": (f"S{len(_NULL)}", constant),
        "view": (f"V{_VIEW}", begin - _VIEW_HEAD),
        "text": (f"S{size}", begin),
        "value": ((np.uint8, size), begin),
    }
    formats, offsets = zip(*fields.values(), strict=True)
    return np.dtype({"names": [*fields], "formats": formats, "offsets": offsets, "itemsize": begin + size})


class Cutter:
    """Cuts lines by the layouts of a sender; each line by the first that it follows.

    ``schema`` is what comes out: the line number, and every column of the contract as ``s_<name>``.
    """

    def __init__(self, contract: Contract, layouts: Sequence[Layout]) -> None:
        self._contract = contract
        self._layouts = [(_steps(layout, contract), layout.tail) for layout in layouts]
        columns = [(f"s_{column.name}", _arrow_type(column)) for column in contract.columns]
        self.schema = pa.schema([("line_number", pa.int64()), *columns])

    def cut(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The lines of batches of ``lines.SCHEMA`` that follow a layout; the others are left out."""
        for batch in batches:
            for start in range(0, batch.num_rows, _ROWS):
                lines = _lines(batch, start)
                for steps, tail in self._layouts:
                    walk = _Walk(lines, steps, tail)
                    yield self._batch(walk)
                    lines = lines.those(~walk.is_good)
                    if not len(lines.numbers):
                        break

    def _batch(self, walk: _Walk) -> pa.RecordBatch:
        rows = slice(None) if walk.is_good.all() else np.flatnonzero(walk.is_good)
        numbers = walk.lines.numbers[rows]
        arrays = [pa.array(numbers)]
        for column in self._contract.columns:
            if column.name in walk.columns:
                values, is_null = walk.columns[column.name]
                is_null = None if is_null is None else is_null[rows]
                arrays.append(_array(column, values[rows], is_null, walk.lines.data))
            else:
                arrays.append(pa.nulls(len(numbers), _arrow_type(column)))
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


@dataclass(frozen=True)
class _Lines:
    """Lines of a batch: the bytes that hold them, ``PADDING`` more, and where each line begins and ends."""

    data: pa.Buffer
    numbers: Places
    starts: Places
    ends: Places

    def bytes(self) -> npt.NDArray[np.uint8]:
        """The bytes up to the end of the last line."""
        return np.frombuffer(self.data, dtype=np.uint8)[: int(self.ends[-1])]

    def windows(self, places: Places, kind: np.dtype[np.void]) -> npt.NDArray[np.void]:
        """The bytes from each place on; from a place that is too far, some others."""
        last = self.data.size - kind.itemsize
        every = np.ndarray((last + 1,), dtype=f"V{kind.itemsize}", buffer=self.data, strides=(1,))
        found: npt.NDArray[np.void] = every[np.minimum(places, last)].view(kind)
        return found

    def those(self, rows: Flags) -> _Lines:
        """Some of the lines."""
        return _Lines(self.data, self.numbers[rows], self.starts[rows], self.ends[rows])


class _Walk:
    """One layout over some lines. ``is_good`` says which of them follow it; ``columns`` holds values and what is null.

    ``_place`` is how far each line was walked. Of a line that is not good it means nothing any more.
    """

    def __init__(self, lines: _Lines, steps: Sequence[_Step], tail: bytes) -> None:
        self.lines = lines
        self.columns: dict[str, tuple[Values, Flags | None]] = {}
        self.is_good = ~self._has_escapes(len(tail))
        self._place = lines.starts
        for step in steps:
            self._take(step)
        self.is_good &= _equal(lines.windows(self._place, np.dtype([("text", f"S{len(tail)}")]))["text"], tail)
        self.is_good &= self._place + len(tail) == lines.ends

    def _has_escapes(self, tail: int) -> Flags:
        """Which lines hold a backslash, or a control character before their tail."""
        starts, ends = self.lines.starts, self.lines.ends
        first = int(starts[0])
        raw = self.lines.bytes()[first:]
        is_escape = raw < _FIRST_PRINTABLE
        is_escape |= raw == _BACKSLASH
        for behind in range(1, tail + 1):
            # What stands here is compared with the tail.
            is_escape[np.maximum(ends - behind - first, 0)] = False
        places = np.flatnonzero(is_escape) + first
        rows = np.searchsorted(ends, places, side="right")
        found = np.zeros(len(ends), dtype=np.bool_)
        found[rows[places >= starts[rows]]] = True
        return found

    def _take(self, step: _Step) -> None:
        """Go over a constant and the value behind it."""
        window = self.lines.windows(self._place, step.kind)
        self.is_good &= _equal(window["constant"], step.constant)
        begin = self._place + (len(step.constant) + step.opening)
        is_null: Flags | None = None
        if step.opening:
            is_null = window["null"] == _NULL
            self.is_good &= is_null | (window["opening"] == b'"')
            lengths = self._lengths(begin, window["text"], step.ends_at, is_null)
            self._place = begin + np.where(is_null, len(_NULL) - 1, lengths + 1)
        else:
            lengths = self._lengths(begin, window["text"], step.ends_at, None)
            self._place = begin + lengths
            if not is_quoted(step.column):
                is_null = (window["null"] == _NULL) & (lengths == len(_NULL))
                # With a key in it, the line is another layout's.
                key = np.strings.find(window["text"], b'":')
                self.is_good &= (key < 0) | (key > lengths)
        if is_decoded(step.column):
            values, is_read = self._decoded(step.column, window["value"], begin, lengths)
            self.is_good &= is_read if is_null is None else is_read | is_null
        else:
            values = _views(window["view"], begin, lengths, is_null)
        self.columns[step.column.name] = (values, is_null)

    def _lengths(self, begin: Places, texts: npt.NDArray[np.bytes_], ends_at: bytes, is_null: Flags | None) -> Places:
        """The length of each value in bytes: so many stand before what it ends at. ``texts`` are the first of them.

        Where a value is null its length means nothing. A line in which a value does not end is not good.
        """
        lengths = np.strings.find(texts, ends_at)
        rows = np.flatnonzero(lengths < 0 if is_null is None else (lengths < 0) & ~is_null)
        size, seen = texts.itemsize, 0
        while len(rows):
            # What ends the value may have begun in the last bytes that were looked at.
            seen += max(size - len(ends_at) + 1, 0)
            size = min(size * _MORE, _MOST)
            is_inside = begin[rows] + seen < self.lines.ends[rows]
            self.is_good[rows[~is_inside]] = False
            rows = rows[is_inside]
            more = self.lines.windows(begin[rows] + seen, np.dtype([("text", f"S{size}")]))["text"]
            found = np.strings.find(more, ends_at)
            lengths[rows] = np.where(found < 0, found, seen + found)
            rows = rows[found < 0]
        return lengths

    def _decoded(
        self, column: Column, texts: npt.NDArray[np.uint8], begin: Places, lengths: Places
    ) -> tuple[Values, Flags]:
        """The values of a column in its type, and which texts could be read."""
        if column.data_type == "uuid":
            values, is_read = decode.uuids(texts)
            return values, is_read & (lengths == decode.UUID_LENGTH)
        zone = np.dtype([("zone", np.uint8, decode.ZONE_LENGTH)])
        zones = self.lines.windows(np.maximum(begin + lengths - decode.ZONE_LENGTH, 0), zone)["zone"]
        return decode.instants(texts, zones, lengths)


def _equal(found: npt.NDArray[np.bytes_], text: bytes) -> Flags:
    """Which of the bytes that were found are a text of the layout; numpy ignores zero bytes at ends, it has none."""
    is_equal: Flags = found == text
    return is_equal


def _views(shown: npt.NDArray[np.void], begin: Places, lengths: Places, is_null: Flags | None) -> Values:
    """Arrow string views of texts, of which ``shown`` are the four bytes before and the first twelve."""
    if is_null is not None:
        lengths = np.where(is_null, 0, lengths)
    views = np.ascontiguousarray(shown).view(np.uint64).reshape(len(shown), 2)
    views &= _SHOWN.take(lengths, axis=0, mode="clip")
    fields = views.view(np.int32)
    fields[:, 0] = lengths
    is_long = lengths > _INLINE
    if is_long.any():
        fields[is_long, 2] = 0
        fields[is_long, 3] = begin[is_long]
    return views


def _arrow_type(column: Column) -> pa.DataType:
    if not is_decoded(column):
        return pa.string_view()
    return pa.uuid() if column.data_type == "uuid" else pa.timestamp("us")


def _array(column: Column, values: Values, is_null: Flags | None, data: pa.Buffer) -> pa.Array:
    """The values of a column as Arrow holds them; texts are views into ``data``."""
    kind = _arrow_type(column)
    validity = None if is_null is None else pa.py_buffer(np.packbits(~is_null, bitorder="little"))
    buffers = [validity, pa.py_buffer(np.ascontiguousarray(values))]
    if isinstance(kind, pa.UuidType):
        stored = pa.Array.from_buffers(kind.storage_type, len(values), buffers)
        return pa.ExtensionArray.from_storage(kind, stored)
    return pa.Array.from_buffers(kind, len(values), buffers if is_decoded(column) else [*buffers, data])


def _lines(batch: pa.RecordBatch, start: int) -> _Lines:
    """Some lines of a batch, from a row on, with padding behind them, so that a walk may look beyond the last."""
    column = batch.column("line").slice(start, _ROWS)
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    if data.size < places[-1] + PADDING:
        data = pa.py_buffer(data[: int(places[-1])].to_pybytes() + bytes(PADDING))
    numbers = batch.column("line_number").slice(start, _ROWS).to_numpy()
    return _Lines(data, numbers, places[:-1], places[1:])
