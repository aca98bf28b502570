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
- The value of a hole without quotes (a number, true, false) holds no quote. The checks behind the cut compare it with
  JSON's grammar (``checks.JSON_FORMS``), so a comma or a brace in it is found there.

What is left out, and what the checks doubt, is looked at carefully as before. So the cut can be too strict, which
costs time; it never decides a rejection.

UUIDs and timestamps are decoded on the way (``decode.py``). Other values come out as Arrow string views: their places
in the bytes that were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

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

_QUOTE, _BACKSLASH, _FIRST_PRINTABLE = ord('"'), ord("\\"), 0x20
_NULL = b"null"
# A string view is the length (4 bytes) and, up to twelve bytes, the text itself; of a longer one the first four
# bytes, the number of the buffer, and the place in it.
_VIEW, _VIEW_HEAD, _INLINE = 16, 4, 12
# By the length of a text: which bytes of its view show it.
_SHOWN = np.array(
    [[0] * _VIEW_HEAD + [0xFF] * length + [0] * (_INLINE - length) for length in range(_INLINE + 1)], dtype=np.uint8
).view(np.uint64)


def cutter_for(contract: Contract, templates: Sequence[Template]) -> Cutter | None:
    """What cuts the lines of a sender; none where a column holds lists or objects, whose ends no quote tells."""
    if not templates or any(column.data_type in ("text[]", "json") for column in contract.columns):
        return None
    layouts = [template.layout(contract) for template in templates]
    if any(len(text) > PADDING for layout in layouts for text in layout.constants):
        return None
    return Cutter(contract, layouts)


def _arrow_type(column: Column) -> pa.DataType:
    if not is_decoded(column):
        return pa.string_view()
    return pa.uuid() if column.data_type == "uuid" else pa.timestamp("us")


class Cutter:
    """Cuts lines by the layouts of a sender; each line by the first that it follows.

    ``schema`` is what comes out: the line number, and every column of the contract as ``s_<name>``.
    """

    def __init__(self, contract: Contract, layouts: Sequence[Layout]) -> None:
        self._contract = contract
        self._layouts = layouts
        columns = [(f"s_{column.name}", _arrow_type(column)) for column in contract.columns]
        self.schema = pa.schema([("line_number", pa.int64()), *columns])

    def cut(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The lines of batches of ``lines.SCHEMA`` that follow a layout; the others are left out."""
        for batch in batches:
            lines = _lines(batch)
            for layout in self._layouts:
                walk = _Walk(lines, layout, self._contract)
                yield self._batch(walk)
                lines = lines.those(~walk.is_good)
                if not len(lines.numbers):
                    break

    def _batch(self, walk: _Walk) -> pa.RecordBatch:
        rows = slice(None) if walk.is_good.all() else np.flatnonzero(walk.is_good)
        numbers = walk.lines.numbers[rows]
        arrays = [pa.array(numbers)]
        for column in self._contract.columns:
            if column.name in walk.decoded:
                values, is_null = walk.decoded[column.name]
                arrays.append(_decoded_array(column, values[rows], _of(is_null, rows)))
            elif column.name in walk.spans:
                span = walk.spans[column.name]
                arrays.append(_text_array(walk.lines, span.begin[rows], span.end[rows], _of(span.is_null, rows)))
            else:
                arrays.append(pa.nulls(len(numbers), _arrow_type(column)))
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


@dataclass(frozen=True)
class _Lines:
    """Lines of a batch: their bytes, with ``PADDING`` behind the last, and where each begins and ends."""

    data: pa.Buffer
    numbers: Places
    starts: Places
    ends: Places
    size: int

    @cached_property
    def bytes(self) -> npt.NDArray[np.uint8]:
        """The bytes of all lines, without the padding."""
        return np.frombuffer(self.data, dtype=np.uint8)[: self.size]

    def texts(self, places: Places, length: int, kind: str = "S") -> npt.NDArray[np.void]:
        """The bytes from each place on; to be compared with a text that does not end in a zero byte."""
        count = self.size + PADDING - length + 1
        every = np.ndarray((count,), dtype=f"{kind}{length}", buffer=self.data, strides=(1,))
        found: npt.NDArray[np.void] = every[places]
        return found

    def windows(self, places: Places, length: int) -> npt.NDArray[np.uint8]:
        """The bytes from each place on, as rows."""
        return self.texts(places, length, "V").view(np.uint8).reshape(len(places), length)

    def those(self, rows: Flags) -> _Lines:
        """Some of the lines."""
        return _Lines(self.data, self.numbers[rows], self.starts[rows], self.ends[rows], self.size)


@dataclass(frozen=True)
class _Span:
    """Where the values of a column begin and end; ``is_null`` is none where none can be null."""

    begin: Places
    end: Places
    is_null: Flags | None


class _Walk:
    """One layout over the lines of a batch; ``is_good`` says which lines follow it.

    ``_place`` is how far each line was walked, and ``_quote`` the index of the first quote from there on. Of lines
    that are not good both mean nothing any more.
    """

    def __init__(self, lines: _Lines, layout: Layout, contract: Contract) -> None:
        self.lines = lines
        self.spans: dict[str, _Span] = {}
        self.decoded: dict[str, tuple[npt.NDArray[np.generic], Flags | None]] = {}
        self.is_good = ~self._has_escapes(len(layout.tail))
        quotes = np.flatnonzero(lines.bytes == _QUOTE)
        self._place = lines.starts
        self._quote = np.searchsorted(quotes, lines.starts)
        # Whoever looks for a quote behind the last finds the end of the bytes.
        self._quotes = np.concatenate((quotes, np.full(layout.most_quotes, lines.size)))
        for number, (constant, name) in enumerate(layout.parts):
            self._constant(constant)
            column = contract.column(name)
            self._hole(column, layout.constants[number + 1])
            if is_decoded(column):
                self._decode(column)
        self._constant(layout.tail)
        self.is_good &= self._place == lines.ends

    def _has_escapes(self, tail: int) -> Flags:
        """Which lines hold a backslash, or a control character before their tail."""
        raw, ends = self.lines.bytes, self.lines.ends
        is_escape = raw < _FIRST_PRINTABLE
        is_escape |= raw == _BACKSLASH
        for behind in range(1, tail + 1):
            # What stands here is compared with the tail.
            is_escape[np.maximum(ends - behind, 0)] = False
        found = np.zeros(len(ends), dtype=np.bool_)
        places = np.flatnonzero(is_escape)
        places = places[places < ends[-1]]
        rows = np.searchsorted(ends, places, side="right")
        found[rows[places >= self.lines.starts[rows]]] = True
        return found

    def _constant(self, text: bytes) -> None:
        if text:
            self.is_good &= self._texts(self._place, len(text)) == text
            self._place = self._place + len(text)
            self._quote = self._quote + text.count(b'"')

    def _texts(self, places: Places, length: int) -> npt.NDArray[np.void]:
        # A line that is not good may have come beyond the end.
        return self.lines.texts(np.minimum(places, self.lines.size), length)

    def _hole(self, column: Column, following: bytes) -> None:
        """The value that begins at the place; ``following`` is the constant behind it."""
        begin, is_null = self._place, None
        if column.data_type in JSON_FORMS:
            end = self._end_of_bare(following)
            self._place = end
            is_null = self._is_null(begin) & (end - begin == len(_NULL))
        elif is_quoted(column):
            end = self._quotes[self._quote]
            self._place = end
        else:
            is_text = self._quotes[self._quote] == begin
            is_null = self._is_null(begin)
            self.is_good &= is_text | is_null
            end = self._quotes[self._quote + 1]
            self._place = np.where(is_text, end + 1, begin + len(_NULL))
            self._quote = self._quote + 2 * is_text
            begin = begin + 1
        self.spans[column.name] = _Span(begin, end, is_null)

    def _end_of_bare(self, following: bytes) -> Places:
        """Where a value without quotes ends, if the constant behind it stands where it must."""
        distance = following.find(b'"')
        end = self.lines.ends - len(following) if distance < 0 else self._quotes[self._quote] - distance
        self.is_good &= end > self._place
        return np.maximum(end, self._place)

    def _is_null(self, place: Places) -> Flags:
        is_null: Flags = self._texts(place, len(_NULL)) == _NULL
        return is_null

    def _decode(self, column: Column) -> None:
        """Read the values of a column; lines with one that cannot be read are left out."""
        span = self.spans[column.name]
        begin, lengths = np.minimum(span.begin, self.lines.size), span.end - span.begin
        values: npt.NDArray[np.generic]
        if column.data_type == "uuid":
            values, is_read = decode.uuids(self.lines.windows(begin, decode.UUID_LENGTH))
            is_read &= lengths == decode.UUID_LENGTH
        else:
            zones = np.clip(span.end - decode.ZONE_LENGTH, 0, self.lines.size)
            texts = self.lines.windows(begin, decode.INSTANT_WINDOW)
            values, is_read = decode.instants(texts, self.lines.windows(zones, decode.ZONE_LENGTH), lengths)
        self.is_good &= is_read if span.is_null is None else is_read | span.is_null
        self.decoded[column.name] = (values, span.is_null)


def _lines(batch: pa.RecordBatch) -> _Lines:
    """The lines of a batch, with padding behind them, so that a walk may look beyond the last."""
    column = batch.column("line")
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    size = int(places[-1])
    if data.size < size + PADDING:
        data = pa.py_buffer(data[:size].to_pybytes() + bytes(PADDING))
    return _Lines(data, batch.column("line_number").to_numpy(), places[:-1], places[1:], size)


def _of(flags: Flags | None, rows: slice | Places) -> Flags | None:
    return None if flags is None else flags[rows]


def _validity(is_null: Flags | None) -> pa.Buffer | None:
    return None if is_null is None else pa.py_buffer(np.packbits(~is_null, bitorder="little"))


def _decoded_array(column: Column, values: npt.NDArray[np.generic], is_null: Flags | None) -> pa.Array:
    kind = _arrow_type(column)
    buffers = [_validity(is_null), pa.py_buffer(np.ascontiguousarray(values))]
    stored = kind.storage_type if isinstance(kind, pa.UuidType) else kind
    array = pa.Array.from_buffers(stored, len(values), buffers)
    return array if stored is kind else pa.ExtensionArray.from_storage(kind, array)


def _text_array(lines: _Lines, begin: Places, end: Places, is_null: Flags | None) -> pa.Array:
    """Views of texts. A value never begins in the first bytes of a line, so there is room before it for the length."""
    lengths = end - begin if is_null is None else np.where(is_null, 0, end - begin)
    views = lines.windows(begin - _VIEW_HEAD, _VIEW).view(np.uint64)
    views &= _SHOWN.take(np.minimum(lengths, _INLINE), axis=0)
    fields = views.view(np.int32)
    fields[:, 0] = lengths
    is_long = lengths > _INLINE
    fields[is_long, 2] = 0
    fields[is_long, 3] = begin[is_long]
    return pa.Array.from_buffers(pa.string_view(), len(lengths), [_validity(is_null), pa.py_buffer(views), lines.data])
