"""`.json` files: arrays and records one after the other, however they are broken into lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import event

from strata.door import documents
from strata.door.documents import DocumentReader
from strata.errors import UnreadableFileError


def read(content: bytes, **options: Any) -> dict[int, str]:
    reader = DocumentReader(io.BytesIO(content), **options)
    rows = [row for batch in reader.batches() for row in batch.to_pylist()]
    assert reader.records == (0 if options else len(rows) + len(reader.bad))
    return {row["line_number"]: row["line"] for row in rows}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("[]", {}),
        (" [ \n ] ", {}),
        ('{"a":1}', {1: '{"a":1}'}),
        ('[{"a":1},{"a":2}]', {1: '{"a":1}', 2: '{"a":2}'}),
        ('[\n{"a":1},\n\n{"a":2}\n]\n', {2: '{"a":1}', 4: '{"a":2}'}),
        ('{"a":1}{"a":2} {"a":3}', {1: '{"a":1}', 2: '{"a":2}', 3: '{"a":3}'}),
        ('{\n "a": 1\n}\n{\n "a": 2\n}', {1: '{\n "a": 1\n}', 4: '{\n "a": 2\n}'}),
        ('\ufeff[{"a":1}]', {1: '{"a":1}'}),
        # A broken record ends where its brackets close …
        ('[{"a":NaN1},{"a":2}]', {1: '{"a":NaN1}', 2: '{"a":2}'}),
        ('[{"a":"}\\"",},{"a":2}]', {1: '{"a":"}\\"",}', 2: '{"a":2}'}),
        # … or before the next line that begins one.
        ('[\n{"a":[1},\n{"a":2}\n]', {2: '{"a":[1},', 3: '{"a":2}'}),
        ('{"a":\n{"b":1}\n', {1: '{"a":', 2: '{"b":1}'}),
        ("hello world", {1: "hello world"}),
        ('[{"a":1}] {"a":2}', {1: '{"a":1}', 2: '{"a":2}'}),
        ('[{"a":1}]\n]', {1: '{"a":1}', 2: "]"}),
        ("1 2", {1: "1", 2: "2"}),
    ],
)
def test_where_records_begin_and_end(text: str, expected: dict[int, str]) -> None:
    assert read(text.encode()) == expected


@pytest.mark.parametrize("text", ["[", "[1", "[1,", '[{"a":1},\n{"a":2}', '[{"a":1}, {"a'])
def test_an_array_that_does_not_end(text: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(text.encode())
    assert caught.value.reason == "truncated_document"


def test_not_utf8_and_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFileError, match="byte 3 is 0xff"):
        read(b"[ \xff]")
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 10)
    assert read(b'{"a":"bc"}') == {1: '{"a":"bc"}'}
    with pytest.raises(UnreadableFileError) as caught:
        read(b'{"a":"bcd"}')
    assert caught.value.reason == "document_too_large"


def test_a_record_that_is_too_long_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_LINE_BYTES", 10)
    reader = DocumentReader(io.BytesIO(b'[{"a":1},\n{"a":12345},\n{"a":3}]'))
    rows = [row["line_number"] for batch in reader.batches() for row in batch.to_pylist()]
    assert (rows, [(bad.line_number, bad.reason) for bad in reader.bad], reader.records) == (
        [1, 3], [(2, "line_too_long")], 3,
    )  # fmt: skip


@given(
    st.lists(st.integers(1, 99), max_size=6),
    st.sampled_from([None, 0, 2]),
    st.booleans(),
    st.booleans(),
    st.integers(1, 3),
)
def test_every_writing_gives_the_same_records(
    numbers: list[int], indent: int | None, is_array: bool, is_crlf: bool, batch_rows: int
) -> None:
    values = [event(number) for number in numbers]
    text = json.dumps(values, indent=indent) if is_array else "\n".join(json.dumps(v, indent=indent) for v in values)
    content = (text.replace("\n", "\r\n") if is_crlf else text).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_ROWS_A_BATCH", batch_rows)
        found = read(content)
        assert [json.loads(record) for record in found.values()] == values
        assert list(found) == sorted(set(found))
        # A second look at some of them finds the same ones.
        some = set(list(found)[::2])
        assert read(content, only=some) == {number: found[number] for number in some}


def test_many_broken_records_are_quick() -> None:
    assert len(read(b'{"a":[}\n' * 5_000)) == 5_000
