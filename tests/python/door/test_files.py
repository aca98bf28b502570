"""Files: what their names say, how they are opened, and what is found in a landing folder."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import pytest
import zstandard
from conftest import Door
from records import event, line, ndjson

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.landing import find_files
from strata.errors import UnreadableFileError, UsageError

TEXT = b"one\ntwo\n" * 1000


def content_of(contract: Contract, path: Path, content: bytes, size: int = -1) -> bytes:
    path.write_bytes(content)
    with DataFile(path, path.name, contract).open() as stream:
        if size < 0:
            return stream.read()
        pieces = []
        while piece := stream.read(size):
            pieces.append(piece)
        return b"".join(pieces)


@pytest.fixture
def contract(contracts: dict[tuple[str, str], Contract]) -> Contract:
    return contracts["training", "event_log"]


@pytest.mark.parametrize(
    ("name", "kind", "compression"),
    [("a.ndjson", "ndjson", None), ("a.JSON", "json", None), ("a.csv.gz", "csv", "gz"), ("a.parquet", "parquet", None),
     ("a.b.ndjson.ZST", "ndjson", "zst"), ("a.ndjson.bz2", "", None), ("ndjson", "", None), ("a.txt", "", None)],
)  # fmt: skip
def test_names(contract: Contract, name: str, kind: str, compression: str | None) -> None:
    file = DataFile(Path(name), name, contract)
    assert (file.kind, file.compression) == (kind, compression)


@pytest.mark.parametrize("size", [-1, 1, 7, 4096, 1 << 20])
@pytest.mark.parametrize(
    ("name", "content"),
    [("a.ndjson", TEXT), ("a.ndjson.gz", gzip.compress(TEXT)), ("a.ndjson.zst", zstandard.compress(TEXT)),
     ("a.ndjson.gz", gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:])),
     ("a.ndjson.gz", gzip.compress(TEXT) + b"\0" * 99),
     ("a.ndjson.zst", zstandard.compress(TEXT[:9]) + zstandard.compress(b"") + zstandard.compress(TEXT[9:]))],
)  # fmt: skip
def test_content(contract: Contract, tmp_path: Path, name: str, content: bytes, size: int) -> None:
    assert content_of(contract, tmp_path / name, content, size) == TEXT


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.ndjson", gzip.compress(TEXT), "wrong_compression"),
        ("a.ndjson.gz", zstandard.compress(TEXT), "wrong_compression"),
        ("a.ndjson.gz", TEXT, "wrong_compression"),
        ("a.ndjson.zst", b"", "wrong_compression"),
        ("a.ndjson", "\ufeffa".encode("utf-16-le"), "utf16"),
        ("a.csv", "\ufeffa".encode("utf-16-be"), "utf16"),
        ("a.ndjson.gz", gzip.compress(TEXT)[:-1], "broken_compression"),
        ("a.ndjson.gz", gzip.compress(TEXT)[:12], "broken_compression"),
        ("a.ndjson.gz", gzip.compress(TEXT) + b"more", "broken_compression"),
        ("a.ndjson.gz", gzip.compress(TEXT)[:-8] + b"\0" * 8, "broken_compression"),
        ("a.ndjson.zst", zstandard.compress(TEXT)[:-1], "broken_compression"),
        ("a.ndjson.zst", zstandard.compress(TEXT) + b"more", "broken_compression"),
        ("a.ndjson.gz", gzip.compress(b"\0" * (20 << 20)), "compression_bomb"),
        ("a.ndjson.zst", zstandard.compress(b"\0" * (20 << 20)), "compression_bomb"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(contract: Contract, tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    for size in (-1, 1000):
        with pytest.raises(UnreadableFileError) as caught:
            content_of(contract, tmp_path / name, content, size)
        assert caught.value.reason == reason
        assert str(caught.value).endswith(".")


def test_a_well_compressed_file_is_no_bomb(contract: Contract, tmp_path: Path) -> None:
    text = ndjson(event(number) for number in range(60_000))
    assert len(text) > 20 << 20
    packed = zstandard.compress(text)
    assert content_of(contract, tmp_path / "a.ndjson.zst", packed, 8 << 20) == text


def test_files_of_a_landing_folder(door: Door) -> None:
    landing = door.settings.landing
    names = ("training/event_log/b.ndjson", "training/event_log/a.json.gz", "training/event_log/2026/03/c.csv",
             "training/session_log/d.parquet")  # fmt: skip
    ignored = ("training/event_log/.hidden.ndjson", "training/event_log/_part.ndjson", "training/event_log/notes.txt",
               "training/nothing/e.ndjson", "event_log/f.ndjson", "g.ndjson", "ops/batches/h.ndjson")  # fmt: skip
    for name in names + ignored:
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        (landing / name).write_bytes(b"")
    (landing / "training/event_log/folder.ndjson").mkdir()
    found = find_files(landing, door.contracts, [])
    assert sorted((file.name, file.contract.name) for file in found) == sorted(
        (name, name.split("/")[1]) for name in names
    )
    # The same file by two ways is one file.
    assert len(find_files(landing, door.contracts, [landing, landing / names[0], landing / "training"])) == len(names)


def test_a_file_named_directly(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere/training/event_log/_x.ndjson"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    [file] = find_files(door.settings.landing, door.contracts, [path])
    assert file.name == str(path)
    text = path.with_name("x.txt")
    text.write_bytes(b"")
    with pytest.raises(UsageError, match=r"must end in \.ndjson"):
        find_files(door.settings.landing, door.contracts, [text])


@pytest.mark.parametrize(
    "name", ["a[1].ndjson", "a*.ndjson", "?.ndjson", "a b.ndjson", "é😀.ndjson", "{a,b}.ndjson", "'.ndjson"]
)
def test_a_name_is_no_pattern(door: Door, name: str) -> None:
    for number, other in enumerate(("a1.ndjson", "ab.ndjson", "x.ndjson")):
        door.put(line(event(50 + number)), other)
    assert [row["user_id"] for row in door.load(line(event(7)), name).rows.values()] == ["u-7"]
    assert door.one("select file_name from {ops}.batches") == f"training/event_log/{name}"


def test_a_name_that_is_not_utf8(door: Door) -> None:
    folder = door.settings.landing / "training" / "event_log"
    folder.mkdir(parents=True)
    path = Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.ndjson"))
    path.write_bytes(line(event(7)))
    [file] = find_files(door.settings.landing, door.contracts, [])
    assert door.intake.load(file).counts.loaded == 1
    assert door.one("select file_name from {ops}.batches") == "training/event_log/a\ufffd.ndjson"


def test_the_digest_is_of_the_content(contract: Contract, tmp_path: Path) -> None:
    def digest(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return DataFile(tmp_path / name, name, contract).digest()

    assert digest("a", b"x") == digest("b", b"x") != digest("a", b"y")
    assert digest("e", b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_folder_that_cannot_be(door: Door) -> None:
    with pytest.raises(UsageError, match="strata sample"):
        find_files(door.settings.landing / "none", door.contracts, [door.settings.landing / "none"])


def test_a_link_that_leads_nowhere_is_passed_over(door: Door, tmp_path: Path) -> None:
    file: Any = door.put(b"")
    (file.path.parent / "gone.ndjson").symlink_to(tmp_path / "gone")
    assert [item.name for item in find_files(door.settings.landing, door.contracts, [])] == [file.name]
