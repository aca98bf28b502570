"""Lines of good records with something done to them. The same seed, the same lines."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import zstandard
from records import GOOD, ORG_HEADER, event, key, ndjson, team

_TIMES = (
    "2026-03-04T10:15:00Z", "2026-03-04T10:15:00", "2026-03-04t10:15:00z", "2026-03-04 10:15:00+09:00",
    "2026-03-04T10:15:00.1Z", "2026-03-04T10:15:00.1234567Z", "2026-03-04T10:15:00.999999999-05:30",
    "2026-03-04T10:15:00.1234567890Z", "2026-03-04T10:15:00,5Z", "2026-03-04T23:59:60Z", "2026-03-04T24:00:00Z",
    "2026-03-04T10:15Z", "2026-03-04T10Z", "2026-03-04", "10:15:00Z", "2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z",
    "2000-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "1999-12-31T23:59:59-00:01", "2000-01-01T00:00:00+00:01",
    "2100-12-31T23:59:59.999999Z", "2100-12-31T23:59:59-00:01", "2101-01-01T00:00:00+00:01", "2101-01-01T00:00:00Z",
    "2026-03-04T10:15:00+24:00", "2026-03-04T10:15:00+23:59", "2026-03-04T10:15:00-00:00", "2026-03-04T10:15:00+0900",
    "2026-03-04T10:15:00+09", "2026-03-04T10:15:00 +09:00", "2026-03-04T10:15:00+09:60", " 2026-03-04T10:15:00Z",
    "2026-03-04T10:15:00Z ", "2026-03-04T10:15:00Z\n", "now", "today", "infinity", "-infinity", "epoch", "",
    "2026-3-4T10:15:00Z", "20260304T101500Z", "+2026-03-04T10:15:00Z", "-2026-03-04T10:15:00Z", "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "2026-03-04T10:15:00Z+09:00", "2026-03-04T10:15:00 UTC", "2026-03-04T10:15:00 BC",
    "\uff12\uff10\uff12\uff16-03-04T10:15:00Z", "1772619300",
)  # fmt: skip
_UUIDS = (
    key(5).upper(), "{" + key(5) + "}", "urn:uuid:" + key(5), key(5).replace("-", ""), key(5)[:-1], key(5) + "0",
    "00000000-0000-4000-8000-00000000000g", "0000000-00000-4000-8000-000000000005", "", " " + key(5), key(5) + "\n",
    "00000000-0000-4000-8000-00000000000\u0660", "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF",
    "--------------------------------0005",
)  # fmt: skip
_TEXTS = (
    "", " ", "\t", "\n \r", "\u00a0", "\u3000", "\u2003 \t", "\u200b", "\u2028", "\x1f", "\x7f", "~", "!", "null",
    "true", "0", "é", "e\u0301", "안녕", "😀", "\ufeff", "\uffff", "\ufffe", "a\u0000b", "\"", "\\", "/", "'", "a\nb",
    "x" * 3000, "{}", "[]", "$", "$p0", "?", "{ops}", "%s", "'; drop table x; --", "-", "=1+1",
    "\U0001d7d9", "\u202e", " a ",
    "saleslab", "SALESLAB", "saleslab ", "login", "quiz", "module_start", "success",
)  # fmt: skip
_NUMBERS = (
    "0", "-0", "-1", "1", "1.0", "1.5", "-0.0", "1e2", "1E+2", "1e-2", "0.1e1", "1e400", "-1e400", "1e-400", "1e308",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "123456789012345678901234567890", "0.1000000000000000055511151231",
    "2.2250738585072011e-308", "4.9e-324", "1.7976931348623157e308", "1.7976931348623159e308", "3.0000000000000001",
    "01", "-01", "+1", ".5", "1.", "1e", "1e+", "0x10", "1_000", "1,5", "NaN", "nan", "Infinity", "-Infinity", "inf",
    "--1", "- 1", "1 2", "\u0661", "1f", "1L", "0b1", "1e0.5", "9" * 308, "9" * 309, "1" + "0" * 308, "1" + "0" * 400,
    "0." + "0" * 400 + "1", "100.10", "1e5", "330.50", "12345678901234567890.5",
)  # fmt: skip
_OTHERS = (
    "true", "false", "null", "True", "None", "tru", "nulll", '""', "[]", "{}", "[null]", '["a",1]', '["a",["b"]]',
    '["a\\u0000"]', '["a\\u001F"]', '["\\ud800"]', '["\\ud83d\\ude00"]', '["a",]', "[,]", '["a" "b"]', '["a", "b"]',
    '["é","\\u00e9"]', '[""]', '["a\\/b"]', '[{"a":1,"a":2}]', "[NaN]", '{"a":1}', '{"a":1,"A":2}', '{"":null}',
    "[" * 64 + "]" * 64, "[" * 65 + "]" * 65, '{"a":' * 70 + "1" + "}" * 70, "undefined", "'a'", "[1e999]", '"\\x41"',
    '"\\u00"', '"\\uD83D"', '"\\ude00\\ud83d"', '"\t"', '"\x00"', '"\\u0000"', '"a\\\\u0000"', '"\\b\\f\\n\\r\\t"',
    "/**/1",
    '"a"//', '["x","x"]', '[ ]', '["\\"]"]', '[",}"]', '",]"', '"a\\nb"',
)  # fmt: skip
_ESCAPES = ("\\u0041", "\\u0000", "\\ud83d\\ude00", "\\ud800", "\\udc00", "\\/", "\\a", "\\u12", "\\n", '\\"', "\\\\")
_BYTES = (b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc3", b"\xe2\x82", b"\xef\xbb\xbf",
          b"\x0b", b"\x0c", b"\x1a", b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8", b"\r", b"\\", b'"', b",", b":", b"{", b"}",
          b"[", b"]", b" ", b"\t", b"/", b"#")  # fmt: skip

Paths = list[tuple[str, ...]]


def mutated_lines(table: str, count: int, seed: int, good: Callable[[int], Any] | None = None) -> list[bytes]:
    """Lines of one table, without their newlines (a mutation may put one in); about one in eight is a good one.

    ``good`` makes a good record from a number; without it, that of the example's table does.
    """
    rng = random.Random(f"{seed}/{table}")
    make = good or GOOD[table]
    return [_mutated(rng, make(number)) for number in range(count)]


def damaged_file(rng: random.Random) -> tuple[str, str, bytes]:
    """Name, table and content of a file of any form, some bytes of which were changed."""
    rows = {name: [f'{name}, "{number}"\n' for number in range(5)] for name in ORG_HEADER.decode().strip().split(",")}
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(rows | {"valid_from": ["2025-01-01"] * 5}), sink, compression="none")
    lines = ndjson(event(number) for number in range(20))
    name, table, content = rng.choice(
        (
            ("a.csv", "org_scope", ORG_HEADER + b"".join(team(number) for number in range(20))),
            ("a.csv", "org_scope", ORG_HEADER + team().replace(b"emea", b'"em""ea,\r\n"') * 20),
            ("a.csv.gz", "org_scope", gzip.compress(ORG_HEADER + team() * 20, mtime=0)),
            ("a.parquet", "org_scope", sink.getvalue()),
            ("a.json", "event_log", json.dumps([event(number) for number in range(5)], indent=1).encode()),
            ("a.json", "event_log", b"[" + lines.replace(b"}}\n", b"}},")[:-1] + b"]"),
            ("a.ndjson.gz", "event_log", gzip.compress(lines, mtime=0)),
            ("a.ndjson.zst", "event_log", zstandard.compress(lines)),
        )
    )
    return name, table, damaged_bytes(rng, content)


def damaged_bytes(rng: random.Random, content: bytes) -> bytes:
    """The content with something done to it in one place or in many."""
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        content = rng.choice((_flip, _flip, _delete, _insert, _double))(rng, content)
    return content


def _mutated(rng: random.Random, record: Any) -> bytes:
    if rng.random() < 0.125:
        return _dump(record)
    if rng.random() < 0.3:
        return rng.choice(_ON_BYTES)(rng, rng.choice(_ON_RECORDS)(rng, record))
    if rng.random() < 0.6:
        return rng.choice(_ON_RECORDS)(rng, record)
    return rng.choice(_ON_BYTES)(rng, _dump(record))


def _dump(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _paths(value: Any, prefix: tuple[str, ...] = ()) -> Paths:
    found: Paths = []
    for name, item in value.items():
        found.append((*prefix, name))
        if isinstance(item, dict):
            found += _paths(item, (*prefix, name))
    return found


def _parent(record: Any, path: tuple[str, ...]) -> Any:
    for part in path[:-1]:
        record = record[part]
    return record


def _with_literal(rng: random.Random, record: Any, literals: tuple[str, ...]) -> bytes:
    """A value replaced by a piece of text as it stands; more often where such a value belongs."""
    kinds = (int, float) if literals is _NUMBERS else (bool, list, type(None))
    paths = _paths(record)
    fitting = [path for path in paths if type(_parent(record, path)[path[-1]]) in kinds]
    path = rng.choice(fitting if fitting and rng.random() < 0.6 else paths)
    _parent(record, path)[path[-1]] = "@here@"
    return _dump(record).replace(b'"@here@"', rng.choice(literals).encode(), 1)


def _with_value(rng: random.Random, record: Any, values: tuple[str, ...], names: tuple[str, ...]) -> bytes:
    """A text put where it belongs by its name, or anywhere."""
    paths = [path for path in _paths(record) if path[-1].endswith(names)] or _paths(record)
    path = rng.choice(paths)
    _parent(record, path)[path[-1]] = rng.choice(values)
    return json.dumps(record, ensure_ascii=rng.random() < 0.3, separators=(",", ":")).encode()


def _drop_key(rng: random.Random, record: Any) -> bytes:
    path = rng.choice(_paths(record))
    del _parent(record, path)[path[-1]]
    return _dump(record)


def _null(rng: random.Random, record: Any) -> bytes:
    path = rng.choice(_paths(record))
    _parent(record, path)[path[-1]] = None
    return _dump(record)


def _swap(rng: random.Random, record: Any) -> bytes:
    first, second = rng.choice(_paths(record)), rng.choice(_paths(record))
    one, two = _parent(record, first), _parent(record, second)
    if first[: len(second)] != second and second[: len(first)] != first:
        one[first[-1]], two[second[-1]] = two[second[-1]], one[first[-1]]
    return _dump(record)


def _rename_key(rng: random.Random, record: Any) -> bytes:
    path = rng.choice(_paths(record))
    name = json.dumps(path[-1]).encode()
    options = (path[-1].upper(), path[-1] + " ", "", path[-1][:-1], "x")
    escaped = '"' + "".join(f"\\u{ord(character):04x}" for character in path[-1]) + '"'
    new = escaped if rng.random() < 0.3 else json.dumps(rng.choice(options))
    return _dump(record).replace(name + b":", new.encode() + b":", 1)


def _double_key(rng: random.Random, record: Any) -> bytes:
    path = rng.choice(_paths(record))
    value = _parent(record, path)[path[-1]]
    name = rng.choice(
        (path[-1], path[-1].upper(), path[-1].capitalize(), "\\u" + f"{ord(path[-1][0]):04x}" + path[-1][1:])
    )
    pair = f'"{name}":'.encode() + rng.choice((_dump(value), b"null", b"1"))
    text = _dump(record)
    if rng.random() < 0.5:
        return text[:-1] + b"," + pair + b"}"
    spot = text.index(json.dumps(path[-1]).encode() + b":")
    return text[:spot] + pair + b"," + text[spot:]


def _extra_key(rng: random.Random, record: Any) -> bytes:
    places = [(), *(path for path in _paths(record) if isinstance(_parent(record, path)[path[-1]], dict))]
    place = rng.choice(places)
    target = record
    for part in place:
        target = target[part]
    target[rng.choice(("debug", "", "$", "a.b", "__proto__", "😀"))] = rng.choice((None, 1, "x", [], {"a": {}}))
    return _dump(record)


def _reorder(rng: random.Random, record: Any) -> bytes:
    def shuffled(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        names = list(value)
        rng.shuffle(names)
        return {name: shuffled(value[name]) for name in names}

    return _dump(shuffled(record))


def _restyle(rng: random.Random, record: Any) -> bytes:
    separators = rng.choice(((", ", ": "), (" ,", " :"), (",\t", ":\r"), (",", ": "), (", ", ":")))
    text = json.dumps(record, separators=separators, ensure_ascii=rng.random() < 0.5)
    return (
        rng.choice(("", " ", "\t", "\r", "\ufeff", "\u00a0", "\v")).encode()
        + text.encode()
        + rng.choice((b"", b" ", b"\r", b"\t ", b",", b";", b"\x00", b"}", b"]", b"null", b"\x1a"))
    )


def _replaced(rng: random.Random, record: Any) -> bytes:
    text = _dump(record)
    return rng.choice(
        (b"[" + text + b"]", text + text, text + b"," + text, b'"' + text + b'"', b"null", b"{}", b"[]", b"1", b'"x"',
         b"true", b"{", b"}", text[1:], text[:-1], b"{" + text + b"}", text.replace(b'"', b"'"), b"  ", b" " * 100,
         b"\t" * 70, b"\r", b"\x0c", b"# comment", b"---", b"", json.dumps(text.decode()).encode())
    )  # fmt: skip


def _flip(rng: random.Random, text: bytes) -> bytes:
    changed = bytearray(text)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _delete(rng: random.Random, text: bytes) -> bytes:
    start = rng.randrange(len(text) + 1)
    return text[:start] + text[start + rng.choice((1, 1, 2, 10, 60)) :]


def _insert(rng: random.Random, text: bytes) -> bytes:
    spot = rng.randrange(len(text) + 1)
    return text[:spot] + rng.choice(_BYTES) + text[spot:]


def _double(rng: random.Random, text: bytes) -> bytes:
    start = rng.randrange(len(text) + 1)
    part = text[start : start + rng.choice((1, 2, 20))]
    return text[:start] + part + text[start:]


def _cut(rng: random.Random, text: bytes) -> bytes:
    return text[: rng.randrange(len(text) + 1)]


def _escape(rng: random.Random, text: bytes) -> bytes:
    spot = rng.randrange(len(text) + 1)
    return text[:spot] + rng.choice(_ESCAPES).encode() + text[spot:]


def _space(rng: random.Random, text: bytes) -> bytes:
    spots = [index for index, byte in enumerate(text) if byte in b'{}[]:,"']
    if not spots:
        return text
    spot = rng.choice(spots)
    return text[:spot] + rng.choice((b" ", b"\t", b"\r", b"\n", b"\x0b", b"\xc2\xa0", b"\x00")) + text[spot:]


def _comma(rng: random.Random, text: bytes) -> bytes:
    spots = [index for index, byte in enumerate(text) if byte in b"}],:"]
    if not spots:
        return text
    spot = rng.choice(spots)
    return text[:spot] + rng.choice((b",", b", ", b",\t", b":", b";")) + text[spot:]


_ON_RECORDS: tuple[Callable[[random.Random, Any], bytes], ...] = (
    lambda rng, record: _with_literal(rng, record, _NUMBERS),
    lambda rng, record: _with_literal(rng, record, _OTHERS),
    lambda rng, record: _with_value(rng, record, _TIMES, ("timestamp", "Time")),
    lambda rng, record: _with_value(rng, record, _UUIDS, ("Id",)),
    lambda rng, record: _with_value(rng, record, _TEXTS, ("",)),
    lambda rng, record: _with_value(rng, record, _TEXTS, ("userId", "engine", "eventType", "outcome", "Version")),
    _drop_key, _null, _swap, _rename_key, _double_key, _extra_key, _reorder, _restyle, _replaced,
)  # fmt: skip
_ON_BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip, _delete, _insert, _double, _cut, _escape, _space, _comma,
)  # fmt: skip
