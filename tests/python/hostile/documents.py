"""JSON documents: a record's number is the line on which it begins, and where several share one it moves on."""

from __future__ import annotations

import json
import random

from records import event, line, ndjson

from hostile.corpus import SCHEMA, HostileFile, among, hostile_class, random_number, unreadable


@hostile_class("json: array with a broken record")
def _array_lines(rng: random.Random) -> HostileFile:
    made = among(rng, _broken(rng))
    lines = made.content.rstrip(b"\n").split(b"\n")
    numbers = {number + 1 for number in made.good}, {number + 1: code for number, code in made.bad.items()}
    content = b"[\n" + b",\n".join(lines) + rng.choice((b"\n]", b"]\n", b",\n]"))
    return HostileFile("a.json", content, good=frozenset(numbers[0]), bad=numbers[1])


@hostile_class("json: array on one line with a broken record")
def _array_one_line(rng: random.Random) -> HostileFile:
    made = among(rng, _broken(rng))
    return HostileFile(
        "a.json", b"[" + made.content.rstrip(b"\n").replace(b"\n", b",") + b"]", good=made.good, bad=made.bad
    )


def _broken(rng: random.Random) -> bytes:
    text = line(event(1))[:-1]
    return rng.choice(
        (
            b"{}",
            text[:-1] + b",}",
            text.replace(b":3,", b":NaN,"),
            text.replace(b":3,", b":,"),
            text.replace(b'"u-', b'"\\x'),
            text.replace(b'"userId"', b"userId"),
        )
    )


@hostile_class("json: pretty, concatenated, with a BOM")
def _pretty(rng: random.Random) -> HostileFile:
    records, content, good = [event(random_number(rng)) for _ in range(5)], b"", []
    for record in records:
        good.append(content.count(b"\n") + 1)
        content += json.dumps(record, indent=rng.choice((1, 4))).encode() + rng.choice((b"\n", b"\r\n\r\n", b" \n"))
    return HostileFile("a.json", rng.choice((b"", b"\xef\xbb\xbf")) + content, good=frozenset(good))


@hostile_class("json: cut array")
def _cut_array(rng: random.Random) -> HostileFile:
    content = json.dumps([event(random_number(rng)) for _ in range(5)], indent=rng.choice((None, 1))).encode()
    return unreadable("a.json", content[: rng.randrange(1, len(content) - 1)])


@hostile_class("json: invalid UTF-8")
def _json_bytes(rng: random.Random) -> HostileFile:
    return unreadable("a.json", ndjson([event(1)]) + b"\xff")


@hostile_class("json: text behind the array")
def _behind(rng: random.Random) -> HostileFile:
    content = b"[" + line(event(1))[:-1] + b"]\n" + rng.choice((b"x", b"]", b"[]", b"null", b"{"))
    return HostileFile("a.json", content, good=frozenset({1}), bad={2: SCHEMA})


@hostile_class("json: no records")
def _no_records(rng: random.Random) -> HostileFile:
    content = rng.choice(
        (
            b"null",
            b"1",
            b'"x"',
            b"{}",
            b"hello world",
            b"[[]]",
            b"[1]",
            b"[null]",
            b"{" * 99,
            b"[[" + b"[" * 2000 + b"]" * 2000 + b"]]",
        )
    )
    return HostileFile("a.json", content, bad={1: SCHEMA})
