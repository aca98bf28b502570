"""CSV and Parquet as batches of text columns, so that one set of checks types them like everything else."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from strata.contract import Contract
from strata.door.lines import BadLine, ByteStream, LineReader
from strata.errors import UnreadableFileError
from strata.rules import NotNull

_ROWS_A_BATCH = 50_000
_ARE_BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
# RFC 4180: a field is quoted as a whole, with inner quotes doubled, or holds no quote at all.
_WELL_QUOTED = r'^(?s:("([^"]|"")*"|[^",\r\n]*)(,("([^"]|"")*"|[^",\r\n]*))*)\r?\n?$'


def schema(contract: Contract) -> pa.Schema:
    """Line number, the record as it came, and every column of the contract as text."""
    columns = [(column.name, pa.string()) for column in contract.columns]
    return pa.schema([("line_number", pa.int64()), ("line", pa.string()), *columns])


def check_header(contract: Contract, names: list[str], where: str = "The first line must name") -> None:
    """Whether these columns can be a file of this table. ``where`` begins the sentence that says why not.

    Raises:
        UnreadableFileError: a column is doubled, unknown or missing, or its name is no text that every engine holds.
    """
    if any("\x00" in name for name in names):
        raise UnreadableFileError("bad_header", "The header holds the character U+0000.")
    known = {column.name for column in contract.columns}
    needed = [c.name for c in contract.columns if c.is_presence_required or NotNull() in c.rules]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise UnreadableFileError("bad_header", f"The header names {', '.join(doubled)} twice.")
    unknown = sorted(set(names) - known) if contract.is_unknown_rejected else []
    missing = [name for name in needed if name not in names]
    if unknown or missing:
        parts = [f"does not have {', '.join(missing)}"] if missing else []
        parts += (
            [f"has {', '.join(name[:60] for name in unknown)}, which the contract does not name"] if unknown else []
        )
        raise UnreadableFileError("bad_header", f"{where} the columns of {contract.name}; it {' and '.join(parts)}.")


@dataclass
class CsvReader:
    """Reads CSV with a header: comma, double quotes, UTF-8. The same interface as ``LineReader``."""

    stream: ByteStream
    contract: Contract
    only: Collection[int] | None = None
    bad: list[BadLine] = field(default_factory=list)
    records: int = 0
    header: str | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records, in the order of the file; a record's line is that on which it begins.

        Raises:
            UnreadableFileError: the header does not fit the contract.
        """
        reader = LineReader(self.stream, is_quoted=True)
        names: list[str] | None = None
        for batch in reader.batches():
            if names is None:
                self.header = batch.column("line")[0].as_py().rstrip("\r\n")
                names = self._names(self.header)
                batch = batch.slice(1)
            if self.only is not None:
                batch = batch.filter(pc.is_in(batch.column("line_number"), pa.array(sorted(self.only), pa.int64())))
            if batch.num_rows:
                yield self._parsed(batch, names)
        if names is None:
            raise UnreadableFileError("bad_header", "The file is empty; the first line must name the columns.")
        if self.only is None:
            self.bad.extend(reader.bad)
            self.records = reader.records - 1

    def _names(self, line: str) -> list[str]:
        if "\r" in line:
            raise UnreadableFileError("cr_line_ends", "The lines end in CR alone. Send the file with LF or CRLF.")
        try:
            as_row = pyarrow.csv.ReadOptions(autogenerate_column_names=True)
            row = pyarrow.csv.read_csv(io.BytesIO(f"{line}\n".encode()), as_row).to_pylist()[0]
        except pa.ArrowInvalid as error:
            raise UnreadableFileError("bad_header", f"The first line cannot be read as CSV ({error}).") from error
        names = [str(name) for name in row.values()]
        check_header(self.contract, names)
        return names

    def _parsed(self, batch: pa.RecordBatch, names: list[str]) -> pa.RecordBatch:
        """The lines as columns; those that are not well formed are set aside."""
        well_quoted = pc.match_substring_regex(batch.column("line"), _WELL_QUOTED)
        rest = batch.filter(pc.invert(well_quoted))
        has_quotes = pc.match_substring(rest.column("line"), '"')
        self._set_aside(rest.filter(has_quotes), "broken_quotes", "has quotes that do not close or open")
        self._set_aside(rest.filter(pc.invert(has_quotes)), "cr_line_ends", "holds a CR that ends no line")
        batch = batch.filter(well_quoted)
        if not batch.num_rows:
            return pa.RecordBatch.from_pylist([], schema=schema(self.contract))
        wrong: list[int] = []

        def skip(row: pyarrow.csv.InvalidRow) -> str:
            wrong.append(row.number - 1)
            return "skip"

        text = "".join(line if line.endswith("\n") else line + "\n" for line in batch.column("line").to_pylist())
        parsed = pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            # Row numbers reach the handler only from a reader without threads.
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=max(len(text) * 4, 1 << 20)),
            pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        if wrong:
            good = np.ones(batch.num_rows, dtype=np.bool_)
            good[wrong] = False
            message = f"does not have {len(names)} fields"
            self._set_aside(batch.filter(pa.array(~good)), "wrong_field_count", message)
            batch = batch.filter(pa.array(good))
        return _batch(self.contract, batch.column("line_number"), batch.column("line"), parsed)

    def _set_aside(self, lines: pa.RecordBatch, reason: str, message: str) -> None:
        for number, line in zip(lines.column(0).to_pylist(), lines.column(1).to_pylist(), strict=True):
            self.bad.append(BadLine(number, reason, message, line.rstrip("\r\n").encode()))


@dataclass
class ParquetReader:
    """Reads Parquet. The same interface as ``LineReader``; a record's number is its row, from 1, its text JSON."""

    stream: ByteStream
    contract: Contract
    only: Collection[int] | None = None
    bad: list[BadLine] = field(default_factory=list)
    records: int = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in the order of the file.

        Raises:
            UnreadableFileError: not a Parquet file, broken, or its columns do not fit the contract.
        """
        try:
            file = pyarrow.parquet.ParquetFile(io.BytesIO(self.stream.read()))
            check_header(self.contract, list(file.schema_arrow.names))
            first = 1
            for batch in file.iter_batches(_ROWS_A_BATCH):
                numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                first += batch.num_rows
                if self.only is None:
                    self.records += batch.num_rows
                else:
                    keep = np.isin(numbers, sorted(self.only))
                    batch, numbers = batch.filter(pa.array(keep)), numbers[keep]
                texts = pa.table({name: _as_text(batch.column(name)) for name in batch.schema.names})
                good = self._readable(numbers, texts)
                numbers, texts = numbers[good], texts.filter(pa.array(good))
                if texts.num_rows:
                    lines = pa.nulls(texts.num_rows, pa.string())
                    yield _batch(self.contract, pa.array(numbers), lines, texts)
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise UnreadableFileError("broken_parquet", f"The file cannot be read as Parquet ({error}).") from error

    def _readable(self, numbers: npt.NDArray[np.int64], texts: pa.Table) -> npt.NDArray[np.bool_]:
        """Which rows are text in every column; the others are set aside (Parquet itself looks at no text)."""
        good = np.ones(len(numbers), dtype=np.bool_)
        try:
            texts.validate(full=True)
        except pa.ArrowInvalid:
            raw = pa.table({name: texts.column(name).combine_chunks().view(pa.binary()) for name in texts.column_names})
            for row, values in enumerate(raw.to_pylist()):
                escaped = {name: value and value.decode("utf-8", "surrogateescape") for name, value in values.items()}
                record = json.dumps(escaped, ensure_ascii=False).encode("utf-8", "surrogateescape")
                try:
                    record.decode("utf-8")
                except UnicodeDecodeError:
                    good[row] = False
                    if self.only is None:
                        self.bad.append(BadLine(int(numbers[row]), "invalid_utf8", "is not valid UTF-8", record))
        return good


def _as_text(values: pa.Array) -> pa.Array:
    """Values of any Parquet type as the text that a JSON or CSV file would hold."""
    if isinstance(values, pa.DictionaryArray):
        values = values.dictionary_decode()
    if pa.types.is_timestamp(values.type):
        # Arrow renders an instant with a zone in that zone; the text must be UTC.
        in_utc = values.cast(pa.timestamp("us", values.type.tz and "UTC"), safe=False)
        return pc.strftime(in_utc, format="%Y-%m-%dT%H:%M:%SZ")
    if any(is_bytes(values.type) for is_bytes in _ARE_BYTES):
        return values.cast(pa.binary()).view(pa.string())
    if pa.types.is_nested(values.type):
        texts = (None if item is None else json.dumps(item, default=str) for item in values.to_pylist())
        return pa.array(list(texts), pa.string())
    return values.cast(pa.string())


def _batch(contract: Contract, numbers: pa.Array, lines: pa.Array, columns: pa.Table) -> pa.RecordBatch:
    combined = columns.combine_chunks()

    def column(name: str) -> pa.Array:
        if name not in combined.column_names:
            return pa.nulls(len(numbers), pa.string())
        chunks = combined.column(name).chunks
        return chunks[0] if chunks else pa.array([], pa.string())

    arrays = [column(item.name) for item in contract.columns]
    return pa.RecordBatch.from_arrays([numbers, lines, *arrays], schema=schema(contract))
