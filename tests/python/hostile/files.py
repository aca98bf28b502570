"""Files of lines that are odd as a whole."""

from __future__ import annotations

import gzip
import json
import random
import zlib

import zstandard
from records import ORG_HEADER, event, line, team

from hostile.corpus import (
    MIB,
    SCHEMA,
    HostileFile,
    all_good,
    good_lines,
    hostile_class,
    packed,
    random_number,
    unreadable,
)


@hostile_class("all writings of one record")
def _writings(rng: random.Random) -> HostileFile:
    """White space, key order and escapes do not matter."""
    record = event(random_number(rng), userId="Zoë 😀")
    keys = list(record)
    rng.shuffle(keys)
    lines = [
        json.dumps({key: record[key] for key in keys}), json.dumps(record, separators=(" ,\t", "\r: ")),
        json.dumps(record, ensure_ascii=False), "  " + json.dumps(record) + " \t\r",
        json.dumps(record).replace("userId", "\\u0075serId"), json.dumps(record).replace("/", "\\/"),
    ]  # fmt: skip
    rng.shuffle(lines)
    return all_good("a.ndjson", "\n".join(lines).encode(), len(lines))


@hostile_class("line ends")
def _line_ends(rng: random.Random) -> HostileFile:
    """BOM, CRLF, blank lines short and long, no newline at the end."""
    lines, content, good = good_lines(rng), b"", []
    for number, text in enumerate(lines):
        content += rng.choice((b"", b"", b"\n", b"\r\n", b" \t\n", b" " * 500 + b"\n")) if number else b""
        good.append(content.count(b"\n") + 1)
        content += text.rstrip(b"\n") + rng.choice((b"\n", b"\r\n", b" \n"))
    content = rng.choice((b"", b"\xef\xbb\xbf")) + content.rstrip(b"\r\n") + rng.choice((b"", b"\n", b"\r\n\r\n", b" "))
    return HostileFile("a.ndjson", content, good=frozenset(good))


@hostile_class("CR alone ends the lines")
def _cr_only(rng: random.Random) -> HostileFile:
    content = b"".join(good_lines(rng, 3)).replace(b"\n", b"\r")
    return HostileFile("a.ndjson", content, bad={1: SCHEMA})


@hostile_class("nothing in it")
def _empty(rng: random.Random) -> HostileFile:
    name = rng.choice(("a.ndjson", "a.json", "a.ndjson.gz", "a.json.zst"))
    content = rng.choice((b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf")) + b"\n" * rng.randrange(50)
    return HostileFile(name, packed(name, content))


@hostile_class("UTF-16")
def _utf16(rng: random.Random) -> HostileFile:
    table, name, text = rng.choice(
        (("event_log", "a.ndjson", good_lines(rng)[0]), ("org_scope", "a.csv", ORG_HEADER + team()))
    )
    coding = rng.choice(("utf-16-le", "utf-16-be"))
    return unreadable(name, ("\ufeff" + text.decode()).encode(coding), table)


@hostile_class("UTF-16 without a mark")
def _utf16_plain(rng: random.Random) -> HostileFile:
    content = line(event(1)).decode().encode("utf-16-le")
    return HostileFile("a.ndjson", content, bad={1: SCHEMA, 2: SCHEMA})


@hostile_class("random bytes")
def _random_bytes(rng: random.Random) -> HostileFile:
    text = bytes(byte for byte in rng.randbytes(rng.randrange(10, 3000)) if byte not in b"\n\r\t ") or b"x"
    return HostileFile("a.ndjson", b"\x80" + text + b"\n" + line(event(1)), good=frozenset({2}), bad={1: SCHEMA})


@hostile_class("compressed under a plain name")
def _hidden(rng: random.Random) -> HostileFile:
    name = rng.choice((".gz", ".zst"))
    return unreadable(rng.choice(("a.ndjson", "a.json")), packed(name, b"".join(good_lines(rng))))


@hostile_class("plain or other under a compressed name")
def _mislabelled(rng: random.Random) -> HostileFile:
    name, other = rng.choice(
        (("a.ndjson.gz", ".zst"), ("a.ndjson.zst", ".gz"), ("a.json.gz", ""), ("a.ndjson.zst", ""))
    )
    return unreadable(name, packed(other, b"".join(good_lines(rng))))


@hostile_class("compressed and cut")
def _cut(rng: random.Random) -> HostileFile:
    name = rng.choice(("a.ndjson.gz", "a.ndjson.zst"))
    content = packed(name, b"".join(good_lines(rng, 200)))
    return unreadable(name, content[: rng.randrange(5, len(content))])


@hostile_class("compressed and damaged")
def _bit_rot(rng: random.Random) -> HostileFile:
    content = bytearray(gzip.compress(b"".join(good_lines(rng, 200)), mtime=0))
    content[rng.choice((-5, -8, len(content) // 2))] ^= 0xFF
    return unreadable("a.ndjson.gz", bytes(content))


@hostile_class("compressed with rubbish behind it")
def _tail(rng: random.Random) -> HostileFile:
    name = rng.choice(("a.ndjson.gz", "a.ndjson.zst"))
    return unreadable(name, packed(name, b"".join(good_lines(rng))) + b"rubbish behind it")


@hostile_class("several compressed parts")
def _members(rng: random.Random) -> HostileFile:
    name, lines = rng.choice(("a.ndjson.gz", "a.ndjson.zst")), good_lines(rng, 30)
    return all_good(name, b"".join(packed(name, text) for text in [*lines, b""]), 30)


@hostile_class("compression bomb")
def _bomb(rng: random.Random) -> HostileFile:
    byte = rng.choice((b" ", b"\n", b"0", b"["))
    if rng.random() < 0.5:
        packer = zlib.compressobj(9, wbits=31)
        content = b"".join(packer.compress(byte * MIB) for _ in range(24)) + packer.flush()
        return unreadable("a.ndjson.gz", content)
    return unreadable("a.ndjson.zst", zstandard.ZstdCompressor(level=9).compress(byte * (24 * MIB)))


@hostile_class("names that are patterns")
def _names(rng: random.Random) -> HostileFile:
    stem = rng.choice(
        (
            "a[1]",
            "a*",
            "a?b",
            "{a,b}",
            "a b",
            "é😀",
            "a'b",
            'a"b',
            "a;b",
            "$(x)",
            "%s",
            "a\nb",
            "~",
            "#",
            "-",
            "x" * 200,
        )
    )
    return all_good(f"{stem}.ndjson", b"".join(good_lines(rng, 2)), 2)
