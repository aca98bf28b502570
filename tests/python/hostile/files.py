"""Hostile files made from a seed: what each must become, and the good neighbours that must load all the same."""

from __future__ import annotations

import gzip
import io
import json
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import zstandard
from records import ORG_HEADER, event, line, ndjson, team

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


def _class(name: str) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        assert name not in CLASSES
        CLASSES[name] = make
        return make

    return add


def _number(rng: random.Random) -> int:
    return rng.randrange(1, 900_000)


def _good(rng: random.Random, count: int | None = None) -> list[bytes]:
    return [line(event(_number(rng))) for _ in range(count or rng.randrange(1, 40))]


def _among(rng: random.Random, bad: bytes, name: str = "a.ndjson") -> HostileFile:
    """A bad line between good ones, now and then the first or the last."""
    lines = _good(rng)
    place = rng.choice((0, len(lines), rng.randrange(len(lines) + 1)))
    lines.insert(place, bad + b"\n")
    return HostileFile(
        name, b"".join(lines), good=frozenset(range(1, len(lines) + 1)) - {place + 1}, bad={place + 1: SCHEMA}
    )


def _whole(name: str, content: bytes, table: str = "event_log") -> HostileFile:
    return HostileFile(name, content, table, bad={0: UNREADABLE})


def _all_good(name: str, content: bytes, count: int, table: str = "event_log", first: int = 1) -> HostileFile:
    return HostileFile(name, content, table, frozenset(range(first, first + count)))


def _line(name: str, spoil: Callable[[random.Random, bytes], bytes]) -> None:
    CLASSES[name] = lambda rng: _among(rng, spoil(rng, line(event(_number(rng)))[:-1]))


def _in_user(raw: bytes) -> Callable[[random.Random, bytes], bytes]:
    return lambda rng, text: text.replace(b'"userId":"', b'"userId":"' + raw, 1)


def _turn(*literals: bytes) -> Callable[[random.Random, bytes], bytes]:
    return lambda rng, text: text.replace(b'"turnIndex":3', b'"turnIndex":' + rng.choice(literals), 1)


_line("cut line", lambda rng, text: text[: rng.randrange(1, len(text) - 1)])
_line("trailing comma", lambda rng, text: text[:-1] + rng.choice((b",}", b" , }", b",\t}")))
_line("text after the record", lambda rng, text: text + rng.choice((b",", b"]", b" x", b"null", b";", b"\x00")))
_line("two records on a line", lambda rng, text: text + rng.choice((b"", b" ", b",", b"\r")) + text)
_line("list of records", lambda rng, text: b"[" + text + b"]")
_line("single quotes", lambda rng, text: text.replace(b'"', b"'"))
_line("comments", lambda rng, text: rng.choice((text + b"//", b"/**/" + text, text[:-1] + b"/* x */}", b"#" + text)))
_line("unquoted key", lambda rng, text: text.replace(b'"userId"', b"userId", 1))
_line("not JSON", lambda rng, text: rng.choice((b"Traceback:", b"<xml/>", b"a,b,c", b"\x7fELF", b"\\N", b"---", b"nul")))
_line("scalars", lambda rng, text: rng.choice((b"null", b"true", b"1", b'"x"', b"[]", b"-0", b"1e5")))
_line("empty object", lambda rng, text: rng.choice((b"{}", b" { } ", b'{"eventId":null}')))
_line("NaN and Infinity", _turn(b"NaN", b"Infinity", b"-Infinity", b"-NaN", b"nan", b"inf"))
_line("number forms", _turn(b"01", b"+1", b".5", b"1.", b"0x1", b"1_0", b"1e", b"--1", b"3.0", b"3e0", b"1,2"))
_line("numbers too large", _turn(b"1e400", b"-1e999", b"9" * 400, b"9223372036854775808", b"1" + b"0" * 5000))
_line("number in quotes", _turn(b'"3"', b'"three"', b'""'))
_line("wrong types", _turn(b"true", b"[3]", b"{}", b'{"n":3}', b"[]"))
_line("duplicate key", lambda rng, text: text[:-1] + rng.choice((b',"userId":"u"}', b',"scope":null}', b',"eventId":1}')))
_line("duplicate key in another case", lambda rng, text: text[:-1] + rng.choice((b',"USERID":"u"}', b',"Scope":{}}')))
_line("duplicate key in an escape", lambda rng, text: text[:-1] + b',"user\\u0049d":"u"}')
_line("unknown field", lambda rng, text: text[:-1] + rng.choice((b',"x":1}', b',"":0}', b',"a.b":{}}', b',"\\ud83d\\ude00":1}')))
_line("NUL escape", _in_user(b"\\u0000"))
_line("NUL byte", _in_user(b"\x00"))
_line("NUL byte beside a backslash", _in_user(b"\\\\ \x00 \xc3\xa9"))
_line("control characters", lambda rng, text: _in_user(bytes([rng.randrange(1, 32)]).replace(b"\n", b"\t"))(rng, text))
_line("bad escapes", lambda rng, text: _in_user(rng.choice((b"\\x41", b"\\u12", b"\\a", b"\\U0041", b"\\'")))(rng, text))
_line("lone surrogate", lambda rng, text: _in_user(rng.choice((b"\\ud83d", b"\\ude00", b"\\ud83dx", b"\\ud83d\\ud83d")))(rng, text))
_line("invalid UTF-8", lambda rng, text: _in_user(rng.choice((b"\xff", b"\xc3", b"\xe2\x82", b"\xfc", b"J\xfcrgen")))(rng, text))
_line("overlong and surrogate UTF-8", lambda rng, text: _in_user(rng.choice((b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80")))(rng, text))
_line("nested too deep", lambda rng, text: text[:-1] + b',"x":' + b"[" * (depth := rng.choice((64, 1000, 100_000))) + b"]" * depth + b"}")
_line("nested too deep and cut", lambda rng, text: rng.choice((b"[", b'{"a":')) * rng.choice((65, 5000, 200_000)))
_line("line over 1 MiB", lambda rng, text: _in_user(b"x" * (MIB + rng.randrange(-len(text) + 1, 9000)))(rng, text))
_line("giant line", lambda rng, text: rng.choice((b"x", b"[", b'"', b" {", b"\\")) * rng.randrange(2 * MIB, 6 * MIB))
_line("bad times", lambda rng, text: text.replace(b"2026-03-04T10:15:00Z", rng.choice(
    (b"now", b"infinity", b"2026-02-30T00:00:00Z", b"2026-03-04T24:00:00Z", b"2026-03-04T23:59:60Z", b"04.03.2026", b"",
     b"1999-12-31T23:59:59Z", b"2101-01-01T00:00:00Z", b"2026-03-04T10:15:00+24:00", b"1772619300", b"epoch"))))  # fmt: skip
_line("white space for a name", lambda rng, text: text.replace(b'"userId":"u-', b'"userId":"' + rng.choice(
    (b" ", b"\\t", b"\xc2\xa0", b"\xe3\x80\x80", b"\\n\\r ", b"\xe2\x80\xa8")) + b'","x":"', 1))  # fmt: skip
_line("BOM within the file", lambda rng, text: b" \xef\xbb\xbf" + text)


@_class("missing parts")
def _missing_parts(rng: random.Random) -> HostileFile:
    path, code = rng.choice(
        (("userId", SCHEMA), ("version", "E_VERSION_MISSING"), ("version__promptVersion", "E_VERSION_MISSING"),
         ("scope", "E_SCOPE_MISSING"), ("scope__teamId", "E_SCOPE_MISSING"), ("eventType", SCHEMA))
    )  # fmt: skip
    made = _among(rng, line(event(1, **{path: ...}))[:-1])
    return HostileFile(made.name, made.content, good=made.good, bad=dict.fromkeys(made.bad, code))


@_class("all writings of one record")
def _writings(rng: random.Random) -> HostileFile:
    """White space, key order and escapes do not matter."""
    record = event(_number(rng), userId="Zoë 😀")
    keys = list(record)
    rng.shuffle(keys)
    lines = [
        json.dumps({key: record[key] for key in keys}), json.dumps(record, separators=(" ,\t", "\r: ")),
        json.dumps(record, ensure_ascii=False), "  " + json.dumps(record) + " \t\r",
        json.dumps(record).replace("userId", "\\u0075serId"), json.dumps(record).replace("/", "\\/"),
    ]  # fmt: skip
    rng.shuffle(lines)
    return _all_good("a.ndjson", "\n".join(lines).encode(), len(lines))


@_class("line ends")
def _line_ends(rng: random.Random) -> HostileFile:
    """BOM, CRLF, blank lines short and long, no newline at the end."""
    lines, content, good = _good(rng), b"", []
    for number, text in enumerate(lines):
        content += rng.choice((b"", b"", b"\n", b"\r\n", b" \t\n", b" " * 500 + b"\n")) if number else b""
        good.append(content.count(b"\n") + 1)
        content += text.rstrip(b"\n") + rng.choice((b"\n", b"\r\n", b" \n"))
    content = rng.choice((b"", b"\xef\xbb\xbf")) + content.rstrip(b"\r\n") + rng.choice((b"", b"\n", b"\r\n\r\n", b" "))
    return HostileFile("a.ndjson", content, good=frozenset(good))


@_class("CR alone ends the lines")
def _cr_only(rng: random.Random) -> HostileFile:
    content = b"".join(_good(rng, 3)).replace(b"\n", b"\r")
    return HostileFile("a.ndjson", content, bad={1: SCHEMA})


@_class("nothing in it")
def _empty(rng: random.Random) -> HostileFile:
    name = rng.choice(("a.ndjson", "a.json", "a.ndjson.gz", "a.json.zst"))
    content = rng.choice((b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf")) + b"\n" * rng.randrange(50)
    return HostileFile(name, _packed(name, content))


@_class("UTF-16")
def _utf16(rng: random.Random) -> HostileFile:
    table, name, text = rng.choice((("event_log", "a.ndjson", _good(rng)[0]), ("org_scope", "a.csv", ORG_HEADER + team())))
    coding = rng.choice(("utf-16-le", "utf-16-be"))
    return _whole(name, ("\ufeff" + text.decode()).encode(coding), table)


@_class("UTF-16 without a mark")
def _utf16_plain(rng: random.Random) -> HostileFile:
    content = line(event(1)).decode().encode("utf-16-le")
    return HostileFile("a.ndjson", content, bad={1: SCHEMA, 2: SCHEMA})


@_class("random bytes")
def _random_bytes(rng: random.Random) -> HostileFile:
    text = bytes(byte for byte in rng.randbytes(rng.randrange(10, 3000)) if byte not in b"\n\r\t ") or b"x"
    return HostileFile("a.ndjson", b"\x80" + text + b"\n" + line(event(1)), good=frozenset({2}), bad={1: SCHEMA})


def _packed(name: str, content: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(content, mtime=0)
    return zstandard.compress(content) if name.endswith(".zst") else content


@_class("compressed under a plain name")
def _hidden(rng: random.Random) -> HostileFile:
    name = rng.choice((".gz", ".zst"))
    return _whole(rng.choice(("a.ndjson", "a.json")), _packed(name, b"".join(_good(rng))))


@_class("plain or other under a compressed name")
def _mislabelled(rng: random.Random) -> HostileFile:
    name, other = rng.choice((("a.ndjson.gz", ".zst"), ("a.ndjson.zst", ".gz"), ("a.json.gz", ""), ("a.ndjson.zst", "")))
    return _whole(name, _packed(other, b"".join(_good(rng))))


@_class("compressed and cut")
def _cut(rng: random.Random) -> HostileFile:
    name = rng.choice(("a.ndjson.gz", "a.ndjson.zst"))
    content = _packed(name, b"".join(_good(rng, 200)))
    return _whole(name, content[: rng.randrange(5, len(content))])


@_class("compressed and damaged")
def _bit_rot(rng: random.Random) -> HostileFile:
    content = bytearray(gzip.compress(b"".join(_good(rng, 200)), mtime=0))
    content[rng.choice((-5, -8, len(content) // 2))] ^= 0xFF
    return _whole("a.ndjson.gz", bytes(content))


@_class("compressed with rubbish behind it")
def _tail(rng: random.Random) -> HostileFile:
    name = rng.choice(("a.ndjson.gz", "a.ndjson.zst"))
    return _whole(name, _packed(name, b"".join(_good(rng))) + b"rubbish behind it")


@_class("several compressed parts")
def _members(rng: random.Random) -> HostileFile:
    name, lines = rng.choice(("a.ndjson.gz", "a.ndjson.zst")), _good(rng, 30)
    return _all_good(name, b"".join(_packed(name, text) for text in [*lines, b""]), 30)


@_class("compression bomb")
def _bomb(rng: random.Random) -> HostileFile:
    byte = rng.choice((b" ", b"\n", b"0", b"["))
    if rng.random() < 0.5:
        packer = zlib.compressobj(9, wbits=31)
        content = b"".join(packer.compress(byte * MIB) for _ in range(24)) + packer.flush()
        return _whole("a.ndjson.gz", content)
    return _whole("a.ndjson.zst", zstandard.ZstdCompressor(level=9).compress(byte * (24 * MIB)))


@_class("names that are patterns")
def _names(rng: random.Random) -> HostileFile:
    stem = rng.choice(("a[1]", "a*", "a?b", "{a,b}", "a b", "é😀", "a'b", 'a"b', "a;b", "$(x)", "%s", "a\nb", "~", "#", "-", "x" * 200))
    return _all_good(f"{stem}.ndjson", b"".join(_good(rng, 2)), 2)


# CSV. The table is org_scope; line 1 is the header.


def _csv_among(rng: random.Random, bad: bytes, lines: int = 1) -> HostileFile:
    count = rng.randrange(1, 30)
    place = rng.choice((0, count, rng.randrange(count + 1)))
    rows = [team(number) for number in range(count)]
    rows.insert(place, bad + b"\n")
    good = {number + 2 + (number >= place) * lines for number in range(count)}
    return HostileFile("a.csv", ORG_HEADER + b"".join(rows), "org_scope", frozenset(good), {place + 2: SCHEMA})


def _csv_line(name: str, *bad: bytes) -> None:
    CLASSES[f"csv: {name}"] = lambda rng: _csv_among(rng, rng.choice(bad))


_csv_line("wrong field count", b"a", b"a,b", b"emea,de,berlin,b,Europe/Berlin,2025-01-01,,", b",,,,,,,,,,", b"a,b,c,d,e,f")
_csv_line("stray quotes", b'emea,de,berlin,the "b" team,Europe/Berlin,2025-01-01,', b'emea,de,"x"y,b,Europe/Berlin,2025-01-01,')
_csv_line("a quote that never closes", b'emea,de,berlin,"b,Europe/Berlin,2025-01-01,', b'emea,"de,x', b'"', b'a"b', b'"""')
_csv_line("CR in a line", b"emea,de,berlin,b\rx,Europe/Berlin,2025-01-01,", b"a\rb", b"\ra,b", b"emea,de\r\r")
_csv_line("NUL", b"emea,de,ber\x00lin,b,Europe/Berlin,2025-01-01,", b"\x00", b"emea,de,berlin,\\\x00\xc3\xa9,Europe/Berlin,2025-01-01,")
_csv_line("invalid UTF-8", b"emea,de,K\xf6ln,b,Europe/Berlin,2025-01-01,", b"\xff\xfe", b'"\xc3"')
_csv_line("bad dates", *(f"emea,de,berlin,b,Europe/Berlin,{day},".encode() for day in (
    "01.01.2025", "2025-02-30", "now", "2025-1-1", "1999-12-31", "2101-01-01", "", "2025-01-01T00:00:00Z", " 2025-01-01")))
_csv_line("bad zones", *(f"emea,de,berlin,b,{zone},2025-01-01,".encode() for zone in (
    "Mars/Olympus", "europe/berlin ", "", "+01:00", "Europe/Berlin'", "null")))
_csv_line("empty names", b"emea,de,berlin,,Europe/Berlin,2025-01-01,", b'emea,de,"",b,Europe/Berlin,2025-01-01,',
          b"emea, ,berlin,b,Europe/Berlin,2025-01-01,", b"emea,de,\xc2\xa0,b,Europe/Berlin,2025-01-01,")
_csv_line("ends before it begins", b"emea,de,berlin,b,Europe/Berlin,2025-01-01,2024-12-31")


@_class("csv: quoted newlines")
def _quoted_newlines(rng: random.Random) -> HostileFile:
    bad = b'emea,de,"ber\n' + b"\n" * (more := rng.randrange(5)) + b'lin",b,Nowhere/Land,2025-01-01,'
    return _csv_among(rng, bad, lines=2 + more)


@_class("csv: quotes well used")
def _well_quoted(rng: random.Random) -> HostileFile:
    rows = [b'"emea","de","a ""b"", c\r\n\r\nd","x","Europe/Berlin","2025-01-01",""\r\n', team(), b"\r\n", team(2)[:-1]]
    if rng.random() < 0.5:
        rows[0] = rows[0].replace(b',""\r\n', b',\r\n')
        return HostileFile("a.csv", b"\xef\xbb\xbf" + ORG_HEADER + b"".join(rows), "org_scope", frozenset({2, 5, 7}))
    return HostileFile("a.csv", ORG_HEADER + b"".join(rows), "org_scope", frozenset({5, 7}), {2: SCHEMA})


@_class("csv: columns in another order")
def _reordered(rng: random.Random) -> HostileFile:
    names = ORG_HEADER.decode().strip().split(",")
    values = dict(zip(names, team().decode().strip().split(","), strict=True))
    rng.shuffle(names)
    quote = rng.choice(("", '"'))
    header = ",".join(f"{quote}{name}{quote}" for name in names)
    row = ",".join(values[name] for name in names)
    return _all_good("a.csv", f"{header}\n{row}\n{row}\n".encode(), 2, "org_scope", first=2)


@_class("csv: long quoted field")
def _long_field(rng: random.Random) -> HostileFile:
    size = rng.randrange(1, 3) * MIB
    field_text = rng.choice((b"x" * size, b"x\n" * (size // 2), b'""' * (size // 2)))
    bad = b'emea,de,berlin,"' + field_text + b'",Europe/Berlin,2025-01-01,'
    return _csv_among(rng, bad, lines=bad.count(b"\n") + 1)


@_class("csv: bad header")
def _bad_header(rng: random.Random) -> HostileFile:
    header = rng.choice(
        (b"", b"\n", ORG_HEADER.replace(b",", b";"), ORG_HEADER.replace(b"team_id", b"team"), ORG_HEADER[10:], b"\xff" + ORG_HEADER,
         ORG_HEADER.replace(b"\n", b",team_id\n"), ORG_HEADER.replace(b"\n", b",\n"), ORG_HEADER.upper(), b'"' + ORG_HEADER,
         ORG_HEADER.replace(b",", b"\t"), ORG_HEADER.replace(b",", b", "), b"\x00" + ORG_HEADER, b"1,2,3\n", b"x" * 2 * MIB + b"\n")
    )  # fmt: skip
    return _whole("a.csv", header + team() + team(2), "org_scope")


@_class("csv: CR alone ends the lines")
def _csv_cr(rng: random.Random) -> HostileFile:
    return _whole("a.csv", (ORG_HEADER + team() + team(2)).replace(b"\n", b"\r"), "org_scope")


@_class("csv: header and nothing else")
def _header_only(rng: random.Random) -> HostileFile:
    return HostileFile("a.csv", rng.choice((ORG_HEADER, ORG_HEADER[:-1], ORG_HEADER + b"\r\n \n")), "org_scope")


# JSON documents. Records are told apart by their text, so line numbers are those of the records.


@_class("json: array with a broken record")
def _array_lines(rng: random.Random) -> HostileFile:
    made = _among(rng, _broken(rng))
    lines = made.content.rstrip(b"\n").split(b"\n")
    numbers = {number + 1 for number in made.good}, {number + 1: code for number, code in made.bad.items()}
    content = b"[\n" + b",\n".join(lines) + rng.choice((b"\n]", b"]\n", b",\n]"))
    return HostileFile("a.json", content, good=frozenset(numbers[0]), bad=numbers[1])


@_class("json: array on one line with a broken record")
def _array_one_line(rng: random.Random) -> HostileFile:
    made = _among(rng, _broken(rng))
    return HostileFile("a.json", b"[" + made.content.rstrip(b"\n").replace(b"\n", b",") + b"]", good=made.good, bad=made.bad)


def _broken(rng: random.Random) -> bytes:
    text = line(event(1))[:-1]
    return rng.choice((text.replace(b":3,", b":NaN,"), text[:-1] + b",}", text.replace(b'"u-', b'"\\x'), b"{]}",
                       text.replace(b'"userId"', b"userId"), text.replace(b":3,", b":,")))[: 10**6].replace(b"{]}", b"{}")  # fmt: skip


@_class("json: pretty, concatenated, with a BOM")
def _pretty(rng: random.Random) -> HostileFile:
    records, content, good = [event(_number(rng)) for _ in range(5)], b"", []
    for record in records:
        good.append(content.count(b"\n") + 1)
        content += json.dumps(record, indent=rng.choice((1, 4))).encode() + rng.choice((b"\n", b"\r\n\r\n", b" \n"))
    return HostileFile("a.json", rng.choice((b"", b"\xef\xbb\xbf")) + content, good=frozenset(good))


@_class("json: cut array")
def _cut_array(rng: random.Random) -> HostileFile:
    content = json.dumps([event(_number(rng)) for _ in range(5)], indent=rng.choice((None, 1))).encode()
    return _whole("a.json", content[: rng.randrange(1, len(content) - 1)])


@_class("json: invalid UTF-8")
def _json_bytes(rng: random.Random) -> HostileFile:
    return _whole("a.json", ndjson([event(1)]) + b"\xff")


@_class("json: text behind the array")
def _behind(rng: random.Random) -> HostileFile:
    content = b"[" + line(event(1))[:-1] + b"]\n" + rng.choice((b"x", b"]", b"[]", b"null", b"{"))
    return HostileFile("a.json", content, good=frozenset({1}), bad={2: SCHEMA})


@_class("json: no records")
def _no_records(rng: random.Random) -> HostileFile:
    content = rng.choice((b"null", b"1", b'"x"', b"{}", b"hello world", b"[[]]", b"[1]", b"[null]", b"{" * 99, b"[[" + b"[" * 2000 + b"]" * 2000 + b"]]"))
    return HostileFile("a.json", content, bad={1: SCHEMA})


# Parquet.


def _parquet(columns: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def _teams(count: int = 3) -> dict[str, Any]:
    names = ORG_HEADER.decode().strip().split(",")
    rows = [team(number).decode().strip().split(",") for number in range(count)]
    return {name: [row[i] or None for row in rows] for i, name in enumerate(names)} | {"valid_to": pa.nulls(count, pa.string())}


@_class("parquet: broken")
def _broken_parquet(rng: random.Random) -> HostileFile:
    content = _parquet(_teams())
    return _whole("a.parquet", rng.choice(
        (b"", b"PAR1", b"PAR1" + b"\x00" * 50 + b"PAR1", content[: rng.randrange(len(content))], content[:-8] + b"\xff\xff\xff\x7fPAR1",
         b"PARE" + content[4:-4] + b"PARE", ORG_HEADER)), "org_scope")  # fmt: skip


@_class("parquet: columns that do not fit")
def _parquet_columns(rng: random.Random) -> HostileFile:
    columns = _teams()
    if rng.random() < 0.5:
        columns["mood"] = ["x"] * 3
    else:
        del columns["team_id"]
    return _whole("a.parquet", _parquet(columns), "org_scope")


@_class("parquet: types that do not fit")
def _parquet_types(rng: random.Random) -> HostileFile:
    wrong = rng.choice(
        (pa.array([1, 2, 3]), pa.array([b"\x00", b"a", b"b"]).cast(pa.string(), safe=False), pa.array([[1], [2], None]),
         pa.array([{"a": 1}] * 3), pa.array([0.1, float("nan"), None]), pa.array([True, False, None]), pa.nulls(3))
    )  # fmt: skip
    return HostileFile("a.parquet", _parquet(_teams() | {"valid_from": wrong}), "org_scope", bad=dict.fromkeys((1, 2, 3), SCHEMA))
