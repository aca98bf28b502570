"""Rejected records, made readable again: back into the shape in which their files gave them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.lines import MAX_LINE_BYTES
from strata.door.lines import SCHEMA as LINE_SCHEMA
from strata.door.tabular import CsvReader
from strata.door.tabular import schema as text_schema
from strata.errors import UnreadableFileError


@dataclass(frozen=True)
class Rejected:
    """A rejected record, the name of its file and, for CSV, the header under which it stood."""

    batch_id: int
    line_number: int
    record: str
    file_name: str
    header: str | None


def read_again(contract: Contract, records: Iterable[Rejected]) -> tuple[pa.Table, list[tuple[pa.Table, bool]]]:
    """Where the records came from, and the records as the door reads them.

    Returns:
        A table (line_number, batch_id, origin_line) with one row a record that can be read; and the records, numbered
        by ``line_number``, in parts that say whether they are JSON lines. A record whose CSV header does not fit the
        contract any more, or whose fields do not fit the header, or that is too long, is left out: it stays rejected.
    """

    def group(record: Rejected) -> tuple[str, str]:
        if contract.is_private:
            return ("columns", "")
        kind = DataFile(Path(record.file_name), record.file_name, contract).kind
        return ("json" if kind in ("ndjson", "json") else kind, record.header or "")

    origins: list[tuple[int, int, int]] = []
    parts: list[tuple[pa.Table, bool]] = []
    ordered = sorted(records, key=lambda record: (*group(record), record.batch_id, record.line_number))
    for (kind, header), members in groupby(ordered, key=group):
        group_records = list(members)
        first = len(origins) + 1
        if kind == "json":
            kept = list(enumerate((item for item in group_records if _is_readable(item)), first))
            columns = {"line_number": [number for number, _ in kept], "line": [item.record for _, item in kept]}
            parts.append((pa.Table.from_pydict(columns, schema=LINE_SCHEMA), True))
        else:
            read = (
                _csv_rows(contract, header, group_records) if kind == "csv" else _parquet_rows(contract, group_records)
            )
            rows = list(read)
            kept = list(enumerate((item for item, _ in rows), first))
            lines = [{**row, "line_number": number} for (number, _), (_, row) in zip(kept, rows, strict=True)]
            parts.append((pa.Table.from_pylist(lines, schema=text_schema(contract)), False))
        origins += [(number, item.batch_id, item.line_number) for number, item in kept]
    names = ("line_number", "batch_id", "origin_line")
    table = pa.table({name: pa.array([row[i] for row in origins], pa.int64()) for i, name in enumerate(names)})
    return table, parts


def _is_readable(record: Rejected) -> bool:
    return len(record.record.encode()) <= MAX_LINE_BYTES


def _csv_rows(contract: Contract, header: str, records: list[Rejected]) -> Iterator[tuple[Rejected, dict[str, object]]]:
    for record in records:
        reader = CsvReader(io.BytesIO(f"{header}\n{record.record}\n".encode()), contract)
        try:
            for batch in reader.batches():
                for row in batch.to_pylist():
                    yield record, row
        except UnreadableFileError:
            continue


def _as_text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parquet_rows(contract: Contract, records: list[Rejected]) -> Iterator[tuple[Rejected, dict[str, object]]]:
    for record in records:
        values = json.loads(record.record)
        row = {column.name: _as_text(values.get(column.name)) for column in contract.columns}
        yield record, {**row, "line": record.record}
