"""Rows of a SQLite table as batches of text columns, like CSV and Parquet. SQLite types values and not columns."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pyarrow as pa

from strata.contract import Column
from strata.door.database import DatabaseTable, Row, errors_said
from strata.door.lines import MAX_LINE_BYTES, BadLine
from strata.door.tabular import schema

_ROWS_AT_ONCE = 500
_BATCH_ROWS, _BATCH_CHARACTERS = 20_000, 32 << 20
_BOOLEANS = {0: "false", 1: "true"}


@dataclass
class RowReader:
    """Reads a table of a database. The same interface as ``LineReader``; a record's number is SQLite's row number.

    Numbers become text. What no text can say is set aside: blobs, text that is not UTF-8, and very long values.
    """

    table: DatabaseTable
    only: Collection[int] | None = None
    bad: list[BadLine] = field(default_factory=list)
    records: int = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in the order of their numbers.

        Raises:
            UnreadableFileError: the file is damaged.
        """
        with errors_said(self.table.name):
            for rows in self._chunks():
                good = [row for row in rows if not self._set_aside(row)] if _has_doubts(rows) else rows
                if self.only is None:
                    self.records += len(rows)
                if good:
                    yield self._batch(good)

    def _chunks(self) -> Iterator[list[Row]]:
        """Rows in lists that are neither long nor large."""
        rows = iter(self.table.rows(self.only))
        waiting: list[Row] = []
        characters = 0
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            waiting += some
            characters += sum(len(value) for row in some for value in row if isinstance(value, str | bytes))
            if len(waiting) >= _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
                yield waiting
                waiting, characters = [], 0
        if waiting:
            yield waiting

    def _batch(self, rows: list[Row]) -> pa.RecordBatch:
        numbers, *columns = zip(*rows, strict=True)
        texts = map(_as_text, self.table.contract.columns, columns)
        arrays = [pa.array(numbers, pa.int64()), pa.nulls(len(rows), pa.string()), *texts]
        return pa.RecordBatch.from_arrays(arrays, schema=schema(self.table.contract))

    def _set_aside(self, row: Row) -> bool:
        """Whether a row holds what no text can say; it is written down among the bad ones."""
        number, *values = row
        names = [column.name for column in self.table.contract.columns]
        found = next(filter(None, map(_trouble, names, values)), None)
        if found and self.only is None:
            held = {name: _kept(value) for name, value in zip(names, values, strict=True)}
            record = json.dumps(held, ensure_ascii=False).encode("utf-8", "surrogateescape")
            self.bad.append(BadLine(number, *found, record, is_text=found[0] != "blob"))
        return found is not None


def _has_doubts(rows: list[Row]) -> bool:
    """Whether some row may have to be set aside."""
    for column in zip(*rows, strict=True):
        kinds = set(map(type, column))
        if bytes in kinds:
            return True
        if str in kinds:
            texts = [value for value in column if isinstance(value, str)]
            if max(map(len, texts)) > MAX_LINE_BYTES or not _is_utf8("".join(texts)):
                return True
    return False


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _trouble(name: str, value: object) -> tuple[str, str] | None:
    """Reason and sentence against a value; none where it is text, a number or nothing."""
    if isinstance(value, bytes):
        return "blob", f"holds a blob in {name}"
    if isinstance(value, str) and len(value) > MAX_LINE_BYTES:
        return "line_too_long", f"is longer than {MAX_LINE_BYTES:,} bytes"
    if isinstance(value, str) and not _is_utf8(value):
        return "invalid_utf8", f"is not valid UTF-8 in {name}"
    return None


def _kept(value: Any) -> Any:
    return {"blob": base64.b64encode(value).decode("ascii")} if isinstance(value, bytes) else value


def _as_text(column: Column, values: tuple[Any, ...]) -> pa.Array:
    """Values of any type but blob as the text that a CSV file would hold."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {float}:
        return pa.array(values, pa.float64()).cast(pa.string())
    if kinds - {str}:
        values = tuple(_one_text(column, value) for value in values)
    return pa.array(values, pa.string())


def _one_text(column: Column, value: Any) -> str | None:
    if column.data_type == "boolean" and isinstance(value, int):
        return _BOOLEANS.get(value, str(value))
    return value if value is None or isinstance(value, str) else repr(value)
