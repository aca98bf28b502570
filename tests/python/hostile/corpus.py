"""The corpus of hostile files: what each file must become, and the parts that the classes are made of."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import zstandard
from records import event, line

SCHEMA = "E_SCHEMA_MISMATCH"
UNREADABLE = "E_FILE_UNREADABLE"
MIB = 1 << 20


@dataclass(frozen=True)
class HostileFile:
    """A file and its answer: lines that load, rejections by line (0: the whole file) with their codes."""

    name: str
    content: bytes
    table: str = "event_log"
    good: frozenset[int] = frozenset()
    bad: dict[int, str] = field(default_factory=dict)


Make = Callable[[random.Random], HostileFile]
CLASSES: dict[str, Make] = {}


def hostile_files(count: int, seed: int) -> list[tuple[str, HostileFile]]:
    """At least ``count`` files with the names of their classes; every class comes, and comes equally often."""
    rounds = -(-count // len(CLASSES))
    return [
        (name, make(random.Random(f"{seed}/{name}/{turn}"))) for turn in range(rounds) for name, make in CLASSES.items()
    ]


def hostile_class(name: str) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        assert name not in CLASSES
        CLASSES[name] = make
        return make

    return add


def random_number(rng: random.Random) -> int:
    return rng.randrange(1, 900_000)


def good_lines(rng: random.Random, count: int | None = None) -> list[bytes]:
    return [line(event(random_number(rng))) for _ in range(count or rng.randrange(1, 40))]


def among(rng: random.Random, bad: bytes, name: str = "a.ndjson") -> HostileFile:
    """A bad line between good ones, now and then the first or the last."""
    lines = good_lines(rng)
    place = rng.choice((0, len(lines), rng.randrange(len(lines) + 1)))
    lines.insert(place, bad + b"\n")
    return HostileFile(
        name, b"".join(lines), good=frozenset(range(1, len(lines) + 1)) - {place + 1}, bad={place + 1: SCHEMA}
    )


def unreadable(name: str, content: bytes, table: str = "event_log") -> HostileFile:
    return HostileFile(name, content, table, bad={0: UNREADABLE})


def all_good(name: str, content: bytes, count: int, table: str = "event_log", first: int = 1) -> HostileFile:
    return HostileFile(name, content, table, frozenset(range(first, first + count)))


def packed(name: str, content: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(content, mtime=0)
    return zstandard.compress(content) if name.endswith(".zst") else content
