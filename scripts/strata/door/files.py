"""Data files: what they are, how they are opened, and the digest by which their content is known."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import zstandard

from strata.contract import Contract
from strata.door.lines import ByteStream
from strata.errors import UnreadableFileError

KINDS = ("ndjson", "json", "csv", "parquet")
NAME = re.compile(rf"\.({'|'.join(KINDS)})(?:\.(gz|zst))?$", re.IGNORECASE)
_MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 16 << 20
_BLOCK = 1 << 20
_ZSTD_BLOCK = 4096  # one block can unpack to ten thousand times its size


Bytes = io.BufferedReader | io.BytesIO


@dataclass(frozen=True)
class FileStat:
    """Size in bytes, and a version that is another one when the content is."""

    size: int
    version: str


@dataclass(frozen=True)
class DataFile:
    """One file of one raw table. ``name`` is how people know it: the path below the landing folder, or as given."""

    path: Path
    name: str
    contract: Contract

    def stat(self) -> FileStat:
        """Size, and what changes when the content does."""
        found = self.path.stat()
        return FileStat(found.st_size, str(found.st_mtime_ns))

    def raw(self) -> AbstractContextManager[Bytes]:
        """The bytes as they lie there."""
        return self.path.open("rb")

    def release(self) -> None:
        """Called when the file was loaded."""

    @property
    def kind(self) -> str:
        """ndjson, json, csv or parquet."""
        found = NAME.search(self.path.name)
        return found.group(1).lower() if found else ""

    @property
    def compression(self) -> str | None:
        """gz, zst or none, as the name says."""
        found = NAME.search(self.path.name)
        return found.group(2).lower() if found and found.group(2) else None

    def digest(self) -> str:
        """SHA-256 of the file as it lies there, in hexadecimal."""
        with self.raw() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    @contextmanager
    def open(self) -> Iterator[ByteStream]:
        """The content, decompressed.

        Raises:
            UnreadableFileError: the content is not what the name says, or it cannot be decompressed.
        """
        with self.raw() as raw:
            head = raw.read(4)
            raw.seek(0)
            self._check_head(head)
            try:
                if self.compression == "gz":
                    yield _Bounded(_GzipStream(raw), raw)
                elif self.compression == "zst":
                    yield _Bounded(_ZstdStream(raw), raw)
                else:
                    yield raw
            except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
                raise UnreadableFileError(
                    "broken_compression", f"The file cannot be decompressed to its end ({error}). Send it again."
                ) from error

    def _check_head(self, head: bytes) -> None:
        found = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
        if found != self.compression:
            said = self.compression or "not compressed"
            holds = f"{found} data" if found else "no such data"
            raise UnreadableFileError(
                "wrong_compression", f"The name says {said}, the content is {holds}. Rename the file or send it again."
            )
        if found is None and head.startswith(_UTF16):
            raise UnreadableFileError("utf16", "The file is written in UTF-16. Send it in UTF-8.")


class _ZstdStream:
    """A zstd stream that notices a missing end (the library's own reader takes a cut file for a whole one)."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._is_inside = False

    def read(self) -> bytes:
        """The next piece; empty at the end."""
        while block := self._raw.read(_ZSTD_BLOCK):
            piece = self._feed(block)
            if piece:
                return piece
        if self._is_inside:
            raise EOFError("it ends in the middle of a frame")
        return b""

    def _feed(self, block: bytes) -> bytes:
        pieces = []
        while block:
            pieces.append(self._frame.decompress(block))
            self._is_inside = not self._frame.eof
            block = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
        return b"".join(pieces)


class _GzipStream:
    """A gzip stream in pieces."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._file = gzip.GzipFile(fileobj=raw)

    def read(self) -> bytes:
        """The next piece; empty at the end."""
        return self._file.read(_BLOCK)


class _Bounded:
    """A decompressed stream that stops when it grows out of all proportion to what was sent."""

    def __init__(self, inner: _ZstdStream | _GzipStream, raw: IO[bytes]) -> None:
        self._inner, self._raw, self._out, self._rest = inner, raw, 0, b""

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes (all when negative); fewer only at the end."""
        pieces, count = [self._rest], len(self._rest)
        while (size < 0 or count < size) and (piece := self._inner.read()):
            pieces.append(piece)
            count += len(piece)
            self._out += len(piece)
            if self._out > _RATIO_COUNTS_FROM and self._out > _MAX_RATIO * self._raw.tell():
                raise UnreadableFileError(
                    "compression_bomb", f"The file unpacks to over {_MAX_RATIO} times its size; it was not read."
                )
        whole = b"".join(pieces)
        if size < 0:
            size = count
        self._rest = whole[size:]
        return whole[:size]
