"""One file through the door: every record becomes a row of the staging relation or a rejection."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from strata.contract import Contract
from strata.door import statement
from strata.door.batches import Guarded, Noted, ahead
from strata.door.checks import SCHEMA_CODE, ContractSql
from strata.door.database import DatabaseTable
from strata.door.documents import DocumentReader
from strata.door.fast import fast_pass
from strata.door.files import DataFile
from strata.door.lines import BadLine, ByteStream, LineReader, PickedLines, kept_record
from strata.door.rows import RowReader
from strata.door.tabular import CsvReader, ParquetReader
from strata.errors import StrataError

REJECTIONS = "door_rejections"
WITHHELD = "withheld, because it may name a person"
_CAREFUL_ROWS = 100_000
_PART_ROWS = 150_000
_FEW_OF = 20
_SPARSE = 100

Numbers = npt.NDArray[np.int64]


class Reader(Protocol):
    """What reads a file: batches of records, and those that cannot even be given to the engine."""

    @property
    def records(self) -> int:
        """Records seen so far, bad ones included."""

    @property
    def bad(self) -> list[BadLine]:
        """Records set aside so far."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records in the order of the file."""


@dataclass(frozen=True)
class Counts:
    """What became of the records of a file; ``records_in`` is counted by the reader, the others by the engine."""

    records_in: int
    loaded: int
    rejected: int
    header: str | None = None


class Redaction(Protocol):
    """What is kept of a rejected record that names persons."""

    def record(self) -> str:
        """SQL over ``door_careful``: the record without what names a person; null where nothing of it can be kept."""

    def is_whole(self) -> str:
        """SQL that is true where the reasons against a record stand in what is kept of it: it can be replayed."""

    def prepare(self, sql: ContractSql) -> None:
        """Called when ``door_careful`` is made, before ``record`` is used."""


@dataclass
class Screening:
    """Screens one file into ``stage``, a relation shaped like the raw table, under ``batch_id``.

    Where ``on_part`` is given, a large file is staged in parts, and it hears of each. ``origin`` is the file's name,
    and ``at`` the instant of the load, for tables that hold them. ``redaction`` says what is kept of a rejected
    record; without one, all of it. ``moved`` are loaded rows that have left the stage. Only rows that are settled come
    into the stage. Rejections end in the temporary table ``door_rejections``. Everything happens in the transaction
    that is open on ``engine``. ``precedence`` orders the rejection codes; lower comes first.
    """

    engine: duckdb.DuckDBPyConnection
    seeds: Mapping[str, list[dict[str, str]]]
    precedence: Mapping[str, int]
    stage: str
    batch_id: int
    on_part: Callable[[], None] | None = None
    origin: str = ""
    at: datetime | None = None
    redaction: Redaction | None = None
    moved: int = 0

    def run(self, file: DataFile) -> Counts:
        """Read the file once, and its doubtful records a second time.

        Raises:
            UnreadableFileError: the file cannot be read as a whole.
            StrataError: records went missing (a defect; nothing may be committed).
        """
        self._create_rejections()
        with _reading(file, None) as reader:
            doubtful = self._fast_pass(file.contract, reader, is_json=_is_json(file)).tolist()
        if doubtful:
            with self._second_reader(file, reader, doubtful) as second:
                self._careful_pass(file.contract, second, is_json=_is_json(file))
        self._reject_bad(reader.bad)
        header = reader.header if isinstance(reader, CsvReader) else None
        return self._counted(self.origin or file.name, reader.records, header)

    def run_records(self, contract: Contract, parts: Iterable[tuple[pa.Table, bool]]) -> Counts:
        """Screen records that are at hand, all of them carefully: a replay.

        Each part is a table shaped like what the readers give, and whether it is JSON lines.
        """
        self._create_rejections()
        records_in = 0
        for records, is_json in parts:
            records_in += records.num_rows
            for start in range(0, records.num_rows, _CAREFUL_ROWS):
                self._careful(contract, records.slice(start, _CAREFUL_ROWS), is_json=is_json, is_replay=True)
        return self._counted("The replay", records_in)

    def _create_rejections(self) -> None:
        self.engine.execute(
            f"create or replace temp table {REJECTIONS} (line_number bigint, code varchar, column_name varchar, "
            "reason varchar, message varchar, reasons varchar, record varchar, record_encoding varchar)"
        )

    def _fast_pass(self, contract: Contract, reader: Reader, *, is_json: bool) -> Numbers:
        """Stage what is surely clean; the numbers of the other records. Only clean rows come into the stage.

        A deletion would have the engine write all rows of the transaction again when it commits.
        """
        doubtful = [np.empty(0, dtype=np.int64)]
        batches = Guarded(reader.batches())
        first = next(batches, None)
        fast = fast_pass(contract, self.seeds, first, self.batch_id, is_json=is_json) if first is not None else None
        while first is not None:
            given = Noted(itertools.chain([first], self._part(first, batches)))
            if fast is None:
                doubtful += [batch.column("line_number").to_numpy() for batch in given]
            else:
                with ahead(fast.prepared(given)) as prepared:
                    records = pa.RecordBatchReader.from_batches(fast.schema, prepared)
                    parameters = fast.parameters | self._filled(contract)
                    self._with_records(records, f"insert into {self.stage} {fast.query}", parameters)
                doubtful.append(self._missing(given.numbers))
            if self.on_part:
                self.on_part()
            first = next(batches, None)
        batches.raise_caught()
        return np.concatenate(doubtful)

    def _part(self, first: pa.RecordBatch, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches after the first of a part, which is the whole file where nobody hears of parts."""
        rows = first.num_rows
        while self.on_part is None or rows < _PART_ROWS:
            batch = next(batches, None)
            if batch is None:
                return
            rows += batch.num_rows
            yield batch

    @contextmanager
    def _second_reader(self, file: DataFile, first: Reader, doubtful: list[int]) -> Iterator[Reader]:
        """A reader of the doubtful records; a few lines of a plain file are picked, else all is read again."""
        is_few = len(doubtful) * _FEW_OF <= first.records
        if isinstance(first, LineReader) and file.compression is None and is_few:
            with file.raw() as raw:
                yield PickedLines(raw, first.spans(doubtful))
        else:
            with _reading(file, set(doubtful)) as reader:
                yield reader

    def _missing(self, given: Numbers) -> Numbers:
        """Which of the line numbers given to the engine have no row in the stage."""
        if not len(given):
            return given
        first, last = int(given.min()), int(given.max())
        staged = self.engine.sql(
            f"select _line_number from {self.stage} "
            f"where _batch_id = {self.batch_id} and _line_number between {first} and {last}"
        )
        numbers = (batch.column(0).to_numpy() for batch in staged.to_arrow_reader(_CAREFUL_ROWS))
        if last - first > _SPARSE * len(given):
            # Row numbers of a database may lie far apart.
            return given[~np.isin(given, np.concatenate([np.empty(0, dtype=np.int64), *numbers]))]
        is_staged = np.zeros(last - first + 1, dtype=np.bool_)
        for some in numbers:
            is_staged[some - first] = True
        return given[~is_staged[given - first]]

    def _careful_pass(self, contract: Contract, reader: Reader, *, is_json: bool) -> None:
        waiting: list[pa.RecordBatch] = []
        for batch in reader.batches():
            waiting.append(batch)
            if sum(item.num_rows for item in waiting) >= _CAREFUL_ROWS:
                self._careful(contract, pa.Table.from_batches(waiting), is_json=is_json)
                waiting = []
        if waiting:
            self._careful(contract, pa.Table.from_batches(waiting), is_json=is_json)

    def _careful(self, contract: Contract, records: pa.Table, *, is_json: bool, is_replay: bool = False) -> None:
        sql = ContractSql(contract, self.seeds, is_json)
        parameters = dict(sql.parameters)
        if is_json:
            values = statement.careful_values(sql, "door_records")
            if not contract.has_grammar:
                keys = self._with_records(records, f"select distinct k from ({values}) where k is not null").fetchall()
                parameters["keys"] = [item for (item,) in keys if statement.has_good_keys(sql, item)]
        else:
            values = statement.text_values(contract, "door_records")
        self._with_records(
            records,
            f"create or replace temp table door_careful as select *, {statement.failed_checks(sql)} as failed, "
            f"{statement.is_unsure(sql)} as is_unsure from ({statement.typed(sql, values)})",
            parameters,
        )
        self._settle(sql)
        columns = statement.raw_columns(contract, str(self.batch_id), "line_number", is_replay=is_replay)
        self.engine.execute(
            f"insert into {self.stage} select {columns} from door_careful "
            "where len(failed) = 0 and line_number not in (select line_number from door_verdicts)",
            self._filled(contract),
        )
        self._reject_failed(sql)

    def _filled(self, contract: Contract) -> dict[str, object]:
        """The values that the door itself writes into the columns of a table."""
        values = {"file": self.origin, "load_time": self.at}
        return {kind: value for kind, value in values.items() if any(c.filled == kind for c in contract.columns)}

    def _settle(self, sql: ContractSql) -> None:
        """The strict parser's word on the unsure lines, in ``door_verdicts``; structural ones end the matter."""
        verdicts: list[Verdict] = []
        columns = "line" if sql.is_json else ", ".join(["null", *(f'"s_{name}"' for name in statement.objects(sql))])
        unsure = self.engine.execute(f"select line_number, {columns} from door_careful where is_unsure")
        while rows := unsure.fetchmany(10_000):
            for number, line, *values in rows:
                found = statement.verdict(sql, line) if sql.is_json else statement.verdict_of_objects(sql, values)
                if self.redaction:
                    found = [statement.without_words(item) for item in found]
                verdicts += [(number, *item) for item in found]
        table = pa.table(
            [pa.array(column, kind) for column, kind in zip(zip(*verdicts, strict=True), _VERDICT, strict=True)]
            if verdicts
            else [pa.array([], kind) for kind in _VERDICT],
            names=["line_number", "column_name", "reason", "message", "is_structural"],
        )
        self._with_records(table, "create or replace temp table door_verdicts as from door_records")

    def _reject_failed(self, sql: ContractSql) -> None:
        checks = pa.table(
            {
                "number": pa.array(range(len(sql.checks)), pa.int32()),
                "column_name": pa.array([check.column for check in sql.checks], pa.string()),
                "code": pa.array([check.code for check in sql.checks], pa.string()),
                "precedence": pa.array([self.precedence[check.code] for check in sql.checks], pa.int32()),
                "reason": pa.array([check.reason for check in sql.checks], pa.string()),
                "message": pa.array([check.message for check in sql.checks], pa.string()),
            }
        )
        record = "rtrim(line, chr(13) || chr(10))"
        if self.redaction:
            self.redaction.prepare(sql)
            kept = self.redaction.record()
            record = f"coalesce({kept}, '{WITHHELD}')"
            is_whole = self.redaction.is_whole()
            encoding = f"case when {kept} is null then 'withheld' when {is_whole} then 'text' else 'part' end"
        else:
            if not sql.is_json:
                fields = ", ".join(f'"{column.name}" := "s_{column.name}"' for column in sql.contract.columns)
                record = f"coalesce({record}, to_json(struct_pack({fields}))::varchar)"
            encoding = f"case when contains({record}, chr(0)) then 'base64' else 'text' end"
            record = f"case when contains({record}, chr(0)) then base64(encode({record})) else {record} end"
        self._with_records(checks, "create or replace temp table door_checks as from door_records")
        self.engine.execute(
            f"""
            insert into {REJECTIONS}
            with found as (
                select line_number, number, precedence, code, column_name, reason, message
                from (select line_number, unnest(failed) as number from door_careful
                      where line_number not in (select line_number from door_verdicts where is_structural))
                join door_checks using (number)
                union all
                select line_number, -1, {self.precedence[SCHEMA_CODE]}, '{SCHEMA_CODE}', column_name, reason, message
                from door_verdicts
            ),
            judged as (
                select
                    line_number,
                    list(struct_pack(code := code, "column" := column_name, reason := reason, message := message)
                         order by precedence, number, column_name) as all_reasons
                from found group by line_number
            )
            select
                line_number,
                all_reasons[1].code,
                all_reasons[1].column,
                all_reasons[1].reason,
                array_to_string(list_transform(all_reasons, lambda item: item.message), '; '),
                to_json(list_transform(all_reasons, lambda item:
                    struct_pack(code := item.code, "column" := item.column, reason := item.reason)))::varchar,
                {record},
                {encoding}
            from judged join door_careful using (line_number)
            """
        )

    def _reject_bad(self, bad: list[BadLine]) -> None:
        if not bad:
            return
        encoded = [(WITHHELD, "withheld") if self.redaction else kept_record(item) for item in bad]
        reasons = [f'[{{"code":"{SCHEMA_CODE}","column":null,"reason":"{item.reason}"}}]' for item in bad]
        table = pa.table(
            {
                "line_number": pa.array([item.line_number for item in bad], pa.int64()),
                "code": pa.array([SCHEMA_CODE] * len(bad), pa.string()),
                "column_name": pa.nulls(len(bad), pa.string()),
                "reason": pa.array([item.reason for item in bad], pa.string()),
                "message": pa.array([f"the record {item.message}" for item in bad], pa.string()),
                "reasons": pa.array(reasons, pa.string()),
                "record": pa.array([text for text, _ in encoded], pa.string()),
                "record_encoding": pa.array([encoding for _, encoding in encoded], pa.string()),
            }
        )
        self._with_records(table, f"insert into {REJECTIONS} from door_records")

    def _counted(self, name: str, records_in: int, header: str | None = None) -> Counts:
        loaded = self.moved + self._count(f"from {self.stage} where _batch_id = {self.batch_id}")
        rejected = self._count(f"from {REJECTIONS}")
        if loaded + rejected != records_in:
            raise StrataError(
                f"{name}: {records_in:,} records were read, but {loaded:,} loaded and {rejected:,} rejected. "
                "Nothing was kept. This is a defect of Strata; please report it with the file."
            )
        return Counts(records_in, loaded, rejected, header)

    def _count(self, rest: str) -> int:
        return int(self.engine.execute(f"select count(*) {rest}").fetchall()[0][0])

    def _with_records(
        self, records: object, statement_sql: str, parameters: Mapping[str, object] | None = None
    ) -> duckdb.DuckDBPyConnection:
        self.engine.register("door_records", records)
        try:
            return self.engine.execute(statement_sql, dict(parameters or {}))
        except duckdb.InvalidInputException as error:
            # Ctrl-C between two steps of the reader comes back as an error of the engine.
            if "\nKeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from error
            raise
        finally:
            if not statement_sql.startswith("select"):
                # A transaction that failed takes no more orders; that must not hide why it failed.
                with contextlib.suppress(duckdb.TransactionException):
                    self.engine.unregister("door_records")


Verdict = tuple[int, str | None, str, str, bool]
_VERDICT = (pa.int64(), pa.string(), pa.string(), pa.string(), pa.bool_())


def _is_json(file: DataFile) -> bool:
    return file.kind in ("ndjson", "json")


@contextmanager
def _reading(file: DataFile, only: Collection[int] | None) -> Iterator[Reader]:
    """What reads a file, for as long as the context lasts."""
    if isinstance(file, DatabaseTable):
        yield RowReader(file, only)
        return
    with file.open() as stream:
        yield _reader(file, stream, only)


def _reader(file: DataFile, stream: ByteStream, only: Collection[int] | None) -> Reader:
    match file.kind:
        case "ndjson":
            return LineReader(stream, only)
        case "json":
            return DocumentReader(stream, only)
        case "csv":
            return CsvReader(stream, file.contract, only)
        case _:
            return ParquetReader(stream, file.contract, only)
