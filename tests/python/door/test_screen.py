"""The sample through the door: for every damaged record one rejection, the right one, and nothing else turned away."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import Door
from records import event, line, ndjson

from strata.areas.training.sample import write_training_sample
from strata.door.landing import find_files


def test_the_sample_is_rejected_as_its_manifest_says(door: Door) -> None:
    report = write_training_sample(door.settings.landing, last_day=date(2026, 6, 30), events=2_000)
    loaded = {file.name: door.intake.load(file) for file in find_files(door.settings.landing, door.contracts, [])}
    expected = {
        (item.file, item.line_number): (item.table, item.code, item.reason, item.column)
        for item in report.expected_rejections
    }
    found = {
        (file, number): answer
        for file, number, *answer in door.warehouse.query(
            "select file_name, line_number, table_name, code, reason, column_name from {ops}.rejections"
        )
    }
    wrong = {
        place: (expected.get(place), found.get(place))
        for place in expected.keys() | found.keys()
        # Where several columns are to blame the manifest names the one that was damaged.
        if place not in found or place not in expected or list(expected[place])[:3] != list(found[place])[:3]
        or expected[place][3] not in (None, found[place][3])
    }  # fmt: skip
    assert not wrong
    for file in report.files:
        counts = loaded[file.name].counts
        bad = sum(name == file.name for name, _ in expected)
        if "-cut" not in file.name:
            assert (counts.records_in, counts.loaded, counts.rejected) == (file.records, file.records - bad, bad)


@pytest.mark.parametrize("chunk", [700, 5_000, 8 << 20])
def test_chunks_and_batches_change_nothing(door: Door, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr("strata.door.lines._CHUNK_BYTES", chunk)
    monkeypatch.setattr("strata.door.screen._CAREFUL_ROWS", 7)
    lines = [line(event(number, userId=None if number % 5 == 0 else f"u-{number}")) for number in range(1, 101)]
    lines[50] = lines[50].replace(b":3,", b": 3,")
    outcome = door.load(b"".join(lines))
    assert set(outcome.rejected) == set(range(5, 101, 5))
    assert all(row["user_id"] == f"u-{number}" for number, row in outcome.rows.items())


def test_senders_may_change_their_form_within_a_file(door: Door) -> None:
    good = [line(event(number)) for number in range(200)]
    other = [text.replace(b'":', b'": ').replace(b',"', b', "') for text in good]
    outcome = door.load(b"".join(good[:120] + other[120:] + [b"not JSON\n"]))
    assert (len(outcome.rows), outcome.reasons) == (200, {201: "invalid_json"})


def test_a_file_of_rejections_only(door: Door) -> None:
    outcome = door.load(ndjson([1, None, "x", [], {}]) + b"\xff\n" + b"x" * (2 << 20))
    assert outcome.rows == {}
    assert outcome.reasons == {
        1: "wrong_type", 2: "wrong_type", 3: "wrong_type", 4: "wrong_type", 5: "null_value", 6: "invalid_utf8",
        7: "line_too_long",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [(b'{"a":1} \r', "text"), ("{é😀".encode(), "text"), (b"\\x00{", "text"), (b"{\x00\\\xc3\xa9", "base64"),
    (b"\xff", "base64"),
     (b"'; drop table ops.batches; --", "text"), (b"$p0 {ops} %s ?", "text")],
)  # fmt: skip
def test_the_record_is_kept_as_it_came(door: Door, raw: bytes, encoding: str) -> None:
    import base64

    rejection = door.load(line(event(1)) + raw + b"\n").rejected[2]
    kept = rejection["record"]
    assert rejection["record_encoding"] == encoding
    assert (base64.b64decode(kept) if encoding == "base64" else kept.encode()) == raw.rstrip(b"\r")
