"""Files of the sample: where damaged lines go between the good ones, and how a file is packed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import zstandard

from strata.errors import UsageError

_NEWLINE = b"\n"


@dataclass(frozen=True)
class Insertion:
    """A line to put into a file. ``at`` is where, as a share of the file's bytes (0 to 1); ``label`` comes back."""

    at: float
    line: bytes
    label: int


def share(seed: int, salt: str, number: int) -> float:
    """A number from 0 to below 1 that depends on nothing but its arguments."""
    digest = hashlib.md5(f"{seed}/{salt}/{number}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:6]) / (1 << 48)


def uuid_of(seed: int, salt: str, number: int) -> str:
    """A UUID (RFC 9562, version 8) that depends on nothing but its arguments."""
    text = hashlib.md5(f"{seed}/{salt}/{number}".encode(), usedforsecurity=False).hexdigest()
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-a{text[17:20]}-{text[20:]}"


def insert_lines(content: bytes, insertions: list[Insertion], *, header_lines: int = 0) -> tuple[bytes, dict[int, int]]:
    """The content with the lines between its own, and the physical line number (from 1) of each by its label.

    ``content`` ends with a newline, or is empty; no line goes before the header.
    """
    body = 0
    for _ in range(header_lines):
        body = content.index(_NEWLINE, body) + 1
    parts: list[bytes] = []
    numbers: dict[int, int] = {}
    done, line = 0, 1
    for insertion in sorted(insertions, key=lambda item: (item.at, item.label)):
        # The end of the line that lies there; whole lines only, and nothing is read line by line.
        cut = max(body, content.find(_NEWLINE, int(insertion.at * max(len(content) - 1, 0))) + 1)
        line += content.count(_NEWLINE, done, cut)
        parts += [content[done:cut], insertion.line, _NEWLINE]
        numbers[insertion.label] = line
        done, line = cut, line + 1
    parts.append(content[done:])
    return b"".join(parts), numbers


def pack(content: bytes, packing: str) -> bytes:
    """The content compressed as the ending says; the same bytes at any time and under any name."""
    match packing:
        case ".gz":
            return gzip.compress(content, compresslevel=6, mtime=0)
        case ".zst":
            return zstandard.ZstdCompressor(level=6).compress(content)
        case _:
            return content


def claim(area: Path, names: set[str]) -> None:
    """Makes the table folders for files that are named ``table/file``.

    Raises:
        UsageError: a table folder holds a file that this sample would not write.
    """
    for table in sorted({name.split("/")[0] for name in names}):
        folder = area / table
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(folder.iterdir()):
            if not file.name.startswith(".") and f"{table}/{file.name}" not in names:
                raise UsageError(
                    f"{folder} holds other files ({file.name}). A sample does not mix with them: "
                    "choose an empty landing folder, or take the files away."
                )
