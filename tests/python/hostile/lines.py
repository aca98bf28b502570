"""Bad lines among good ones."""

from __future__ import annotations

import random
from collections.abc import Callable

from records import event, line

from hostile.corpus import CLASSES, MIB, SCHEMA, HostileFile, among, hostile_class, random_number


def _line(name: str, spoil: Callable[[random.Random, bytes], bytes]) -> None:
    CLASSES[name] = lambda rng: among(rng, spoil(rng, line(event(random_number(rng)))[:-1]))


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
_line(
    "not JSON", lambda rng, text: rng.choice((b"Traceback:", b"<xml/>", b"a,b,c", b"\x7fELF", b"\\N", b"---", b"nul"))
)
_line("scalars", lambda rng, text: rng.choice((b"null", b"true", b"1", b'"x"', b"[]", b"-0", b"1e5")))
_line("empty object", lambda rng, text: rng.choice((b"{}", b" { } ", b'{"eventId":null}')))
_line("NaN and Infinity", _turn(b"NaN", b"Infinity", b"-Infinity", b"-NaN", b"nan", b"inf"))
_line("number forms", _turn(b"01", b"+1", b".5", b"1.", b"0x1", b"1_0", b"1e", b"--1", b"3.0", b"3e0", b"1,2"))
_line("numbers too large", _turn(b"1e400", b"-1e999", b"9" * 400, b"9223372036854775808", b"1" + b"0" * 5000))
_line("number in quotes", _turn(b'"3"', b'"three"', b'""'))
_line("wrong types", _turn(b"true", b"[3]", b"{}", b'{"n":3}', b"[]"))
_line(
    "duplicate key", lambda rng, text: text[:-1] + rng.choice((b',"userId":"u"}', b',"scope":null}', b',"eventId":1}'))
)
_line("duplicate key in another case", lambda rng, text: text[:-1] + rng.choice((b',"USERID":"u"}', b',"Scope":{}}')))
_line("duplicate key in an escape", lambda rng, text: text[:-1] + b',"user\\u0049d":"u"}')
_line(
    "unknown field",
    lambda rng, text: text[:-1] + rng.choice((b',"x":1}', b',"":0}', b',"a.b":{}}', b',"\\ud83d\\ude00":1}')),
)
_line("NUL escape", _in_user(b"\\u0000"))
_line("NUL byte", _in_user(b"\x00"))
_line("NUL byte beside a backslash", _in_user(b"\\\\ \x00 \xc3\xa9"))
_line("control characters", lambda rng, text: _in_user(bytes([rng.randrange(1, 32)]).replace(b"\n", b"\t"))(rng, text))
_line(
    "bad escapes", lambda rng, text: _in_user(rng.choice((b"\\x41", b"\\u12", b"\\a", b"\\U0041", b"\\'")))(rng, text)
)
_line(
    "lone surrogate",
    lambda rng, text: _in_user(rng.choice((b"\\ud83d", b"\\ude00", b"\\ud83dx", b"\\ud83d\\ud83d")))(rng, text),
)
_line(
    "invalid UTF-8",
    lambda rng, text: _in_user(rng.choice((b"\xff", b"\xc3", b"\xe2\x82", b"\xfc", b"J\xfcrgen")))(rng, text),
)
_line(
    "overlong and surrogate UTF-8",
    lambda rng, text: _in_user(rng.choice((b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80")))(rng, text),
)
_line(
    "nested too deep",
    lambda rng, text: text[:-1] + b',"x":' + b"[" * (depth := rng.choice((64, 1000, 100_000))) + b"]" * depth + b"}",
)
_line("nested too deep and cut", lambda rng, text: rng.choice((b"[", b'{"a":')) * rng.choice((65, 5000, 200_000)))
_line("line over 1 MiB", lambda rng, text: _in_user(b"x" * (MIB + rng.randrange(-len(text) + 1, 9000)))(rng, text))
_line("giant line", lambda rng, text: rng.choice((b"x", b"[", b'"', b" {", b"\\")) * rng.randrange(2 * MIB, 6 * MIB))
_line("bad times", lambda rng, text: text.replace(b"2026-03-04T10:15:00Z", rng.choice(
    (b"now", b"infinity", b"2026-02-30T00:00:00Z", b"2026-03-04T24:00:00Z", b"2026-03-04T23:59:60Z", b"04.03.2026", b"",
     b"1999-12-31T23:59:59Z", b"2101-01-01T00:00:00Z", b"2026-03-04T10:15:00+24:00", b"1772619300",
     b"epoch"))))  # fmt: skip
_line("white space for a name", lambda rng, text: text.replace(b'"userId":"u-', b'"userId":"' + rng.choice(
    (b" ", b"\\t", b"\xc2\xa0", b"\xe3\x80\x80", b"\\n\\r ", b"\xe2\x80\xa8")) + b'","x":"', 1))  # fmt: skip
_line("BOM within the file", lambda rng, text: b" \xef\xbb\xbf" + text)


@hostile_class("missing parts")
def _missing_parts(rng: random.Random) -> HostileFile:
    path, code = rng.choice(
        (("userId", SCHEMA), ("version", "E_VERSION_MISSING"), ("version__promptVersion", "E_VERSION_MISSING"),
         ("scope", "E_SCOPE_MISSING"), ("scope__teamId", "E_SCOPE_MISSING"), ("eventType", SCHEMA))
    )  # fmt: skip
    made = among(rng, line(event(1, **{path: ...}))[:-1])
    return HostileFile(made.name, made.content, good=made.good, bad=dict.fromkeys(made.bad, code))
