"""SQLite files made hostile: values of any type in any column, schemas that nobody expects, and damaged bytes."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from hostile.mutations import damaged_bytes
from hostile.reference import SCHEMA, NotStrictError, Reference, Verdict, strict_json
from strata.track.migration import migrate

_TEXTS = (
    "", " ", "\u3000", "a", "strata:1", "timer", "gauge", "track", "page", "x" * 3_000, "x" * 200, "é" * 129, "1",
    "1.5", "-0", "1e400", "nan", "NaN", "inf", "1.", ".5", "0x10", "1e2", " 1", "null", "true",
    "2026-03-04 10:15:00",
    "2026-03-04T10:15:00.123456789+09:00", "2026-03-04", "1772619300", "a\x00b", "\ufeff", "{}", "[]", '{"a":1}',
    '{"a":{}}', '{"a":1,"A":2}', '{"a":1,}', '{"a":NaN}', '{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"a":[1]}', '"x"',
    '{"a":' * 70 + "1" + "}" * 70, '{"steps":[]}', '[{"event_name":"a"}]', '{"steps":[{"event_name":""}]}', "'; --",
)  # fmt: skip
_NUMBERS = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 0.0, -0.0, 1.5, 1e16, 1.1e16, 1e308, float("inf"), 5e-324)
_BLOBS = (b"", b"a", b"1.5", b"\x00", b"\xff\xfe", b"x" * 5_000)
_NUMBER_TEXT = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")

Good = Mapping[str, Callable[[int], Any]]
Rows = dict[int, dict[str, Any]]


def write_rows(path: Path, good: Good, rng: random.Random, count: int, *, is_typed: bool) -> dict[str, Rows]:
    """A file with the tables of the specification, or the same without types; its rows as SQLite gives them back."""
    found: dict[str, Rows] = {}
    with closing(sqlite3.connect(path)) as connection:
        if is_typed:
            migrate(connection)
        for table, make in good.items():
            names = list(make(0))
            if not is_typed:
                connection.execute(f"create table {table} ({', '.join(names)})")
            for number in range(count):
                values = {name: _plain(value) for name, value in make(number).items()}
                for name in rng.sample(names, rng.choice((0, 0, 1, 1, 2))):
                    values[name] = rng.choice(rng.choice((_TEXTS, _TEXTS, _NUMBERS, _BLOBS, (None,))))
                holes = ", ".join("?" * len(names))
                # Keys that come twice and missing texts are refused by the specification's own tables.
                connection.execute(f"insert or ignore into {table} values ({holes})", list(values.values()))
            connection.commit()
            rows = connection.execute(f"select rowid, * from {table}").fetchall()
            found[table] = {number: dict(zip(names, values, strict=True)) for number, *values in rows}
    return found


def judge_row(reference: Reference, row: Mapping[str, Any]) -> Verdict:
    """What must become of a row: of a blob nothing; of numbers and texts what the same in a record would."""
    if any(isinstance(value, bytes) for value in row.values()):
        return Verdict("rejected", SCHEMA)
    try:
        record = {column.name: _as_json(row[column.name], column.data_type) for column in reference.contract.columns}
    except NotStrictError:
        return Verdict("rejected", SCHEMA)
    return reference.judge_record({name: value for name, value in record.items() if value is not None})


def damaged_database(rng: random.Random, folder: Path, good: Good) -> bytes:
    """The bytes of a SQLite file of any page size, some of which were changed."""
    path = folder / "whole.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma page_size = {rng.choice((512, 1024, 4096))}")
    write_rows(path, good, rng, rng.randrange(1, 40), is_typed=rng.random() < 0.5)
    content = path.read_bytes()
    if rng.random() < 0.3:
        # The header of the file, or of its first page.
        place = rng.randrange(16, 108)
        return content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]
    return damaged_bytes(rng, content)


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _as_json(value: Any, data_type: str) -> Any:
    """A value of SQLite as a record would hold it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    if "\x00" in text:
        raise NotStrictError("U+0000")
    match data_type:
        case "json":
            return strict_json(text)
        case "float8":
            if not _NUMBER_TEXT.fullmatch(text):
                raise NotStrictError("no number")
            return strict_json(str(float(text))) if abs(float(text)) != float("inf") else text
    return text
