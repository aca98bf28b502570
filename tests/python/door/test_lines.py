"""The line reader cuts a stream as a plain split would, whatever the chunks, and numbers every line by its place."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strata.door import lines
from strata.door.lines import MAX_LINE_BYTES, LineReader

MIB = 1 << 20


def read(content: bytes, chunk: int = 8 * MIB, **options: Any) -> tuple[dict[int, str], dict[int, str], int]:
    """Lines and reasons by number, and the count."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_CHUNK_BYTES", chunk)
        reader = LineReader(io.BytesIO(content), **options)
        rows = [row for batch in reader.batches() for row in batch.to_pylist()]
    found = {row["line_number"]: row["line"] for row in rows}
    bad = {item.line_number: item.reason for item in reader.bad}
    assert len(found) + len(bad) == len(rows) + len(reader.bad), "a number came twice"
    return found, bad, reader.records


def plain(content: bytes) -> tuple[dict[int, str], dict[int, str], int]:
    good, bad = {}, {}
    for number, text in enumerate(re.findall(rb"[^\n]*\n|[^\n]+$", content.removeprefix(b"\xef\xbb\xbf")), 1):
        if text.strip(b" \t\r\n"):
            try:
                good[number] = text.decode()
            except UnicodeDecodeError:
                bad[number] = "invalid_utf8"
    return good, bad, len(good) + len(bad)


PIECES = st.lists(
    st.sampled_from(
        [b"\n", b"\r\n", b"\r", b"a", b"abc", b" ", b"\t", b"\xef\xbb\xbf", b"\xff", "é".encode(), "😀".encode(),
         b"\x00", b'"', b",", b"x" * 9, b" " * 70, b"\xc3"]
    ), max_size=30,
).map(b"".join)  # fmt: skip


@given(PIECES, st.integers(3, 12))
def test_equal_to_a_plain_split(content: bytes, chunk: int) -> None:
    assert read(content, chunk) == plain(content)
    assert read(content) == plain(content)


@given(PIECES, st.integers(3, 12))
def test_a_second_look_gives_the_same_lines(content: bytes, chunk: int) -> None:
    good, _, _ = plain(content)
    wanted = set(list(good)[::2]) | {999}
    found, bad, count = read(content, chunk, only=wanted)
    assert (found, bad, count) == ({number: good[number] for number in good if number in wanted}, {}, 0)


def test_a_mark_at_the_start_is_no_part_of_the_first_line() -> None:
    assert read(b"\xef\xbb\xbfa\n\xef\xbb\xbfb")[0] == {1: "a\n", 2: "\ufeffb"}


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b" \t\r\n", b" " * 64 + b"\n", b"\t" * 5000 + b"\n"])
def test_blank_lines_are_no_records_however_long(blank: bytes) -> None:
    assert read(b"a\n" + blank + b"b\n" + blank.rstrip(b"\n")) == ({1: "a\n", 3: "b\n"}, {}, 2)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize(("size", "is_good"), [(MAX_LINE_BYTES, True), (MAX_LINE_BYTES + 1, False)])
def test_the_longest_line(end: bytes, size: int, is_good: bool) -> None:
    found, bad, count = read(b"a\n" + b"x" * size + end)
    assert (set(found), bad, count) == ({1, 2} if is_good else {1}, {} if is_good else {2: "line_too_long"}, 2)


def test_a_giant_line_does_not_harm_its_neighbours() -> None:
    giant = b"[" * (100 * MIB)
    content = b"a\n" + giant + b"\nb\n"
    reader = LineReader(io.BytesIO(content))
    found = [row["line"] for batch in reader.batches() for row in batch.to_pylist()]
    assert (found, reader.records) == (["a\n", "b\n"], 3)
    [bad] = reader.bad
    assert (bad.line_number, bad.reason, bad.record == giant) == (2, "line_too_long", True)


def test_invalid_utf8_names_the_byte() -> None:
    reader = LineReader(io.BytesIO(b"good\nba\xffd\n" + "é\n".encode()))
    assert [row["line_number"] for batch in reader.batches() for row in batch.to_pylist()] == [1, 3]
    assert reader.bad[0].message == "is not valid UTF-8: byte 3 is 0xff"
    assert reader.bad[0].record == b"ba\xffd"


# Quoted records: newlines inside of quotes.

FIELD = st.one_of(
    st.text("ab \t", max_size=3), st.text('a",\n\r', max_size=4).map(lambda text: '"' + text.replace('"', '""') + '"')
)
ROW = st.lists(FIELD, min_size=2, max_size=3).map(lambda fields: ",".join(fields) + "\n")


@given(st.lists(ROW, max_size=8), st.integers(3, 9))
def test_quoted_records_stay_whole(rows: list[str], chunk: int) -> None:
    expected, number = {}, 1
    for row in rows:
        expected[number] = row
        number += row.count("\n")
    for size in (chunk, 8 * MIB):
        assert read("".join(rows).encode(), size, is_quoted=True)[0] == expected


@given(st.lists(ROW, max_size=8), st.data())
def test_a_stray_quote_costs_its_line_and_no_other(rows: list[str], data: st.DataObject) -> None:
    """Good rows around a line whose quote never closes: they come out as without it."""
    place = data.draw(st.integers(0, len(rows)))
    stray = data.draw(st.sampled_from(['a"b,c\n', 'a,b"\n', 'x,"y"z"\n']))
    content = [*rows[:place], stray, *rows[place:]]
    expected, number = {}, 1
    for row in content:
        expected[number] = row
        number += row.count("\n")
    assert read("".join(content).encode(), is_quoted=True)[0] == expected


@pytest.mark.parametrize("chunk", [3, 7, 64, 8 * MIB])
def test_an_open_quote_at_the_end(chunk: int) -> None:
    content = b'a,b\n"c,d\ne,f\n' + b"g,h\n" * 200 + b"i,j"
    found, _, _ = read(content, chunk, is_quoted=True)
    assert found == {1: "a,b\n", 2: '"c,d\n', 3: "e,f\n", **dict.fromkeys(range(4, 204), "g,h\n"), 204: "i,j"}


def test_a_last_record_with_a_newline_in_quotes_and_none_behind_it() -> None:
    assert read(b'a,b\nc,"d\ne"', is_quoted=True)[0] == {1: "a,b\n", 2: 'c,"d\ne"'}


def test_a_quote_that_stays_open_for_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_MAX_OPEN_BYTES", 1000)
    content = b'a,"b\n' + b"c,d\n" * 2000
    found, _, count = read(content, 500, is_quoted=True)
    assert (len(found), count) == (2001, 2001)


def test_many_stray_quotes_are_quick() -> None:
    content = b'a,b"c\n,"\n' * 5_000
    found, _, _ = read(content, is_quoted=True)
    assert len(found) == 10_000
