"""CSV and Parquet: the same checks, on columns of text."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import Door
from records import ORG_HEADER, event, interaction, session, team

from strata.door.tabular import check_header
from strata.errors import UnreadableFileError

ROW = "emea,de,berlin,{},Europe/Berlin,2025-01-01,\n"


def csv(door: Door, content: bytes | str, name: str = "o.csv") -> Any:
    return door.load(content.encode() if isinstance(content, str) else content, name, "org_scope")


def parquet(columns: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def flat(contract: Any, record: dict[str, Any]) -> dict[str, Any]:
    """A record as columns."""
    values: dict[str, Any] = {}
    for column in contract.columns:
        value: Any = record
        for part in column.path:
            value = value[part]
        values[column.name] = value
    return values


def test_fields_of_every_form(door: Door) -> None:
    rows = [
        '"a ""b"""',
        '"x,y"',
        '"two\nlines"',
        '"cr\r\nlf"',
        " padded ",
        "é😀",
        "it's",
        "''",
        "-1",
        "null",
        "NULL",
        "NaN",
    ]
    content = ORG_HEADER.decode() + "".join(ROW.format(field) for field in rows)
    outcome = csv(door, content)
    assert outcome.rejected == {}
    assert [outcome.rows[number]["team_id"] for number in sorted(outcome.rows)] == [
        'a "b"', "x,y", "two\nlines", "cr\r\nlf", " padded ", "é😀", "it's", "''", "-1", "null", "NULL", "NaN",
    ]  # fmt: skip
    assert sorted(outcome.rows) == [2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,b\n", "wrong_field_count"), (ROW.format("x,y"), "wrong_field_count"), (ROW.format('a"b'), "broken_quotes"),
        (ROW.format('"a"b'), "broken_quotes"), (ROW.format('"a" '), "broken_quotes"),
        (ROW.format('"a'), "broken_quotes"),
        (ROW.format("a\rb"), "cr_line_ends"), (ROW.format(""), "null_value"), (ROW.format('""'), "empty_value"),
        (ROW.format(" "), "empty_value"), (ROW.format("a\0b"), "nul_character"), (",,,,,,\n", "null_value"),
        (ROW.format("a").replace("2025-01-01", "2025-13-01"), "bad_date"),
        (ROW.format("a").replace("2025-01-01", "1999-12-31"), "out_of_range"),
        (ROW.format("a").replace("Europe/Berlin", "Europe/Bärlin"), "bad_timezone"),
        (ROW.format("a").replace("01,\n", "01,2024-12-31\n"), "before_valid_from"),
    ],
)  # fmt: skip
def test_what_is_rejected(door: Door, row: str, reason: str) -> None:
    outcome = csv(door, ORG_HEADER + team(1) + row.encode() + team(2))
    assert (set(outcome.rows), outcome.reasons) == ({2, 4}, {3: reason})
    # Where nothing else is in the file, and where the line has no end.
    assert csv(door, ORG_HEADER + row.rstrip("\n").encode(), "p.csv").reasons == {2: reason}


def test_many_bad_rows_stay_apart_from_the_good_ones(door: Door) -> None:
    lines = [ROW.format(n) if n % 3 else "x,y\n" if n % 2 else ROW.format(f'{n}"') for n in range(300)]
    outcome = csv(door, ORG_HEADER.decode() + "".join(lines))
    assert {number - 2: row["team_id"] for number, row in outcome.rows.items()} == {
        n: str(n) for n in range(300) if n % 3
    }


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"", "is empty"), (b"\n \n", "is empty"), (ORG_HEADER.replace(b",", b";"), "has region_id;country_id"),
        (ORG_HEADER.replace(b"team_id,", b""), "does not have team_id"), (ORG_HEADER[:-1] + b",mood\n", "has mood"),
        (ORG_HEADER[:-1] + b",team_id\n", "names team_id twice"),
        (ORG_HEADER.replace(b"\n", b"\r") + b"a\r", "CR alone"),
        (b'"' + ORG_HEADER, "The first line"), (team(1), "The first line"),
    ],
)  # fmt: skip
def test_bad_headers(door: Door, header: bytes, said: str) -> None:
    outcome = csv(door, header)
    assert outcome.codes == {0: "E_FILE_UNREADABLE"}
    assert said in outcome.rejected[0]["message"]


@pytest.mark.parametrize(
    "end", ["9999-12-31", "9999-12-31T00:00:00", "9999-12-31 23:59:59.999", "9999-12-31T23:59:59Z",
            "9999-12-31T00:00:00+09:00"],
)  # fmt: skip
def test_the_end_of_time_is_no_end(door: Door, end: str) -> None:
    outcome = csv(door, ORG_HEADER + team(1)[:-1] + end.encode() + b"\n")
    assert [row["valid_to"] for row in outcome.rows.values()] == [None]


def test_other_days_of_the_year_9999_are_still_out_of_range(door: Door) -> None:
    rows = [team(1)[:-1] + b"9999-12-30\n", team(2).replace(b"2025-01-01", b"9999-12-31")]
    outcome = csv(door, ORG_HEADER + b"".join(rows))
    assert outcome.reasons == {2: "out_of_range", 3: "out_of_range"}


@pytest.mark.parametrize(
    "ends", [pa.array([date(9999, 12, 31)]), pa.array([datetime(9999, 12, 31)], pa.timestamp("us"))], ids=str
)
def test_the_end_of_time_in_parquet(door: Door, ends: pa.Array) -> None:
    names = ORG_HEADER.decode().strip().split(",")
    columns = {name: [value] for name, value in zip(names, team().decode().strip().split(","), strict=True)}
    outcome = door.load(parquet(columns | {"valid_to": ends}), "o.parquet", "org_scope")
    assert [row["valid_to"] for row in outcome.rows.values()] == [None]


def test_whole_numbers_in_csv(door: Door) -> None:
    values = flat(door.contract("session_log"), session())
    rows = [
        ",".join("" if value is None else str(value) for value in (values | {"turn_count": number}).values())
        for number in ("3.0", "3.00", "-0.0", "3.5", "3.", "1e3")
    ]
    outcome = door.load("\n".join([",".join(values), *rows]).encode(), "s.csv", "session_log")
    assert {number: row["turn_count"] for number, row in outcome.rows.items()} == {2: 3, 3: 3, 4: 0}
    assert outcome.reasons == dict.fromkeys((5, 6, 7), "wrong_type")


def test_a_column_that_may_be_missing(door: Door) -> None:
    outcome = csv(
        door, b"timezone,valid_from,region_id,country_id,branch_id,team_id\nEurope/Berlin,2025-01-01,a,b,c,d\n"
    )
    assert [row["valid_to"] for row in outcome.rows.values()] == [None]
    assert door.one("select header from {ops}.batches").startswith("timezone,valid_from")


def test_events_as_csv(door: Door) -> None:
    contract = door.contract("interaction_log")
    values = flat(contract, interaction()) | {"trait_activation": '["a","b"]', "upsell_triggered": "TRUE"}
    header = ",".join(values)

    def row(**changes: Any) -> str:
        cells = ["" if value is None else str(value) for value in (values | changes).values()]
        return ",".join('"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in cells)

    rows = [
        row(), row(trait_activation='["a",]'), row(trait_activation='["a\\u0000"]'), row(trait_activation="[1]"),
        row(trait_activation='["a\\\\u0000"]'), row(trait_activation="a"), row(difficulty_level="hard"),
        row(difficulty_level="1e999"), row(upsell_triggered="1"), row(timestamp="2026-03-04T10:15:00+09:00"),
        row(prompt_version=None), row(trait_activation="[]"), row(trait_activation='["x,]"]'),
    ]  # fmt: skip
    outcome = door.load("\n".join([header, *rows]).encode(), "i.csv", "interaction_log")
    assert outcome.reasons == {
        3: "wrong_type", 4: "nul_character", 5: "wrong_type", 7: "wrong_type", 8: "wrong_type", 9: "out_of_range",
        10: "wrong_type", 12: "required_by_engine",
    }  # fmt: skip
    traits = {number: item["trait_activation"] for number, item in outcome.rows.items()}
    assert traits == {2: ["a", "b"], 6: ["a\\u0000"], 11: ["a", "b"], 13: [], 14: ["x,]"]}
    assert outcome.rows[2]["upsell_triggered"] is True
    assert outcome.rows[11]["timestamp"] == datetime(2026, 3, 4, 1, 15)


INSTANT = datetime(2026, 3, 4, 10, 15, 0, 123456, UTC)


@pytest.mark.parametrize(
    "times",
    [
        pa.array([INSTANT.replace(tzinfo=None)], pa.timestamp("us")),
        pa.array([INSTANT.replace(tzinfo=None)], pa.timestamp("ns")),
        pa.array([INSTANT], pa.timestamp("us", "UTC")),
        pa.array([INSTANT.astimezone(ZoneInfo("Asia/Kathmandu"))], pa.timestamp("us", "Asia/Kathmandu")),
        pa.array(["2026-03-04T10:15:00.123456Z"]),
        pa.array(["2026-03-04T19:15:00.123456+09:00"], pa.large_string()),
        pa.array(["2026-03-04 10:15:00.1234567"]).dictionary_encode(),
    ],
    ids=str,
)
def test_parquet_times(door: Door, times: pa.Array) -> None:
    columns = {name: [value] for name, value in flat(door.contract("event_log"), event()).items()}
    outcome = door.load(parquet(columns | {"timestamp": times}), "e.parquet")
    assert [row["timestamp"] for row in outcome.rows.values()] == [INSTANT.replace(tzinfo=None)]


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("turn_count", pa.array([3], pa.int8()), 3), ("turn_count", pa.array([3], pa.uint64()), 3),
        ("turn_count", pa.array([3.0]), 3), ("turn_count", pa.array([3.5]), "wrong_type"),
        ("turn_count", pa.array(["3"]), 3), ("turn_count", pa.array([Decimal("3.00")]), 3),
        ("turn_count", pa.array([2**64 - 1], pa.uint64()), "out_of_range"),
        ("turn_count", pa.array([None]), "null_value"),
        ("turn_count", pa.array([Decimal("3.5")]), "wrong_type"), ("turn_count", pa.array([True]), "wrong_type"),
        ("duration_sec", pa.array([Decimal("3.50")]), 3.5), ("duration_sec", pa.array([1e9]), 1e9),
        ("duration_sec", pa.array([float("nan")]), "wrong_type"),
        ("duration_sec", pa.array([float("inf")]), "wrong_type"),
        ("duration_sec", pa.array([-0.5]), "out_of_range"), ("upsell_success", pa.array([True]), True),
        ("upsell_success", pa.array([1]), "wrong_type"), ("user_id", pa.array(["a\0b"]), "nul_character"),
        ("user_id", pa.array([["a"]]), '["a"]'), ("user_id", pa.array([[date(2026, 1, 2)]]), '["2026-01-02"]'),
        ("user_id", pa.array([{"a": b"\xff"}]), None), ("end_time", pa.array([date(2026, 3, 5)]), "bad_timestamp"),
        ("outcome", pa.array(["success"]).dictionary_encode(), "success"), ("user_id", pa.array([7]), "7"),
    ],
)  # fmt: skip
def test_parquet_types(door: Door, column: str, values: pa.Array, expected: Any) -> None:
    columns = {name: [value] for name, value in flat(door.contract("session_log"), session()).items()}
    outcome = door.load(parquet(columns | {column: values}), "s.parquet", "session_log")
    got = outcome.reasons.get(1) or outcome.rows[1][column]
    assert expected is None or got == expected


def test_parquet_lists(door: Door) -> None:
    columns = {name: [value] * 3 for name, value in flat(door.contract("interaction_log"), interaction()).items()}
    traits = pa.array([["a", 'b"c\n'], [], ["x", None]])
    outcome = door.load(parquet(columns | {"trait_activation": traits}), "i.parquet", "interaction_log")
    assert {number: row["trait_activation"] for number, row in outcome.rows.items()} == {1: ["a", 'b"c\n'], 2: []}
    assert outcome.reasons == {3: "wrong_type"}
    assert '"engine":"saleslab"' in outcome.rejected[3]["record"]


def test_rejected_rows_of_large_parquet_files_keep_their_numbers(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strata.door.tabular._ROWS_A_BATCH", 7)
    columns = {name: [value] * 30 for name, value in flat(door.contract("event_log"), event()).items()}
    columns["user_id"] = [None if number % 4 == 0 else f"u-{number}" for number in range(1, 31)]
    outcome = door.load(parquet(columns), "e.parquet")
    assert outcome.reasons == dict.fromkeys(range(4, 31, 4), "null_value")
    assert all(row["user_id"] == f"u-{number}" for number, row in outcome.rows.items())


@pytest.mark.parametrize("kind", [pa.string(), pa.binary(), pa.large_string(), pa.large_binary()], ids=str)
def test_parquet_text_that_is_not_utf8_costs_its_row(door: Door, kind: pa.DataType) -> None:
    """Parquet readers do not look at the bytes of a text."""
    columns = {name: [value] * 3 for name, value in flat(door.contract("event_log"), event()).items()}
    offsets, data = pa.py_buffer(np.array([0, 1, 3, 4], dtype=np.int32)), pa.py_buffer(b"a\xffbc")
    raw = pa.Array.from_buffers(pa.binary(), 3, [None, offsets, data])
    users = raw.view(pa.string()) if kind == pa.string() else raw if kind == pa.binary() else None
    if users is None:
        wide = pa.py_buffer(np.array([0, 1, 3, 4], dtype=np.int64))
        users = pa.Array.from_buffers(kind, 3, [None, wide, data])
    outcome = door.load(parquet(columns | {"user_id": users}), "e.parquet")
    assert {number: row["user_id"] for number, row in outcome.rows.items()} == {1: "a", 3: "c"}
    assert outcome.reasons == {2: "invalid_utf8"}
    # Kept as it came, and out of reach of a replay.
    assert outcome.rejected[2]["record_encoding"] == "base64"
    assert door.intake.replay(door.contract("event_log")).tried == 0


def test_no_sentence_and_no_header_holds_what_postgresql_cannot(door: Door) -> None:
    lenient = replace(door.contract("org_scope"), is_unknown_rejected=False)
    names = [column.name for column in lenient.columns]
    check_header(lenient, [*names, "note"])
    with pytest.raises(UnreadableFileError, match=r"U\+0000"):
        check_header(lenient, [*names, "no\x00te"])
    assert "\x00" not in str(UnreadableFileError("broken_parquet", "It begins with \x00."))
