"""CSV and Parquet. The table is org_scope; line 1 of a CSV file is its header."""

from __future__ import annotations

import io
import random
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from records import ORG_HEADER, team

from hostile.corpus import CLASSES, MIB, SCHEMA, HostileFile, all_good, hostile_class, unreadable


def _csv_among(rng: random.Random, bad: bytes, lines: int = 1) -> HostileFile:
    count = rng.randrange(1, 30)
    place = rng.choice((0, count, rng.randrange(count + 1)))
    rows = [team(number) for number in range(count)]
    rows.insert(place, bad + b"\n")
    good = {number + 2 + (number >= place) * lines for number in range(count)}
    return HostileFile("a.csv", ORG_HEADER + b"".join(rows), "org_scope", frozenset(good), {place + 2: SCHEMA})


def _csv_line(name: str, *bad: bytes) -> None:
    CLASSES[f"csv: {name}"] = lambda rng: _csv_among(rng, rng.choice(bad))


_csv_line(
    "wrong field count", b"a", b"a,b", b"emea,de,berlin,b,Europe/Berlin,2025-01-01,,", b",,,,,,,,,,", b"a,b,c,d,e,f"
)
_csv_line(
    "stray quotes",
    b'emea,de,berlin,the "b" team,Europe/Berlin,2025-01-01,',
    b'emea,de,"x"y,b,Europe/Berlin,2025-01-01,',
)
_csv_line(
    "a quote that never closes", b'emea,de,berlin,"b,Europe/Berlin,2025-01-01,', b'emea,"de,x', b'"', b'a"b', b'"""'
)
_csv_line("CR in a line", b"emea,de,berlin,b\rx,Europe/Berlin,2025-01-01,", b"a\rb", b"\ra,b", b"emea,de\r\r")
_csv_line(
    "NUL",
    b"emea,de,ber\x00lin,b,Europe/Berlin,2025-01-01,",
    b"\x00",
    b"emea,de,berlin,\\\x00\xc3\xa9,Europe/Berlin,2025-01-01,",
)
_csv_line("invalid UTF-8", b"emea,de,K\xf6ln,b,Europe/Berlin,2025-01-01,", b"\xff\xfe", b'"\xc3"')
_csv_line(
    "bad dates",
    *(
        f"emea,de,berlin,b,Europe/Berlin,{day},".encode()
        for day in (
            "01.01.2025",
            "2025-02-30",
            "now",
            "2025-1-1",
            "1999-12-31",
            "2101-01-01",
            "",
            "2025-01-01T00:00:00Z",
            " 2025-01-01",
        )
    ),
)
_csv_line(
    "bad zones",
    *(
        f"emea,de,berlin,b,{zone},2025-01-01,".encode()
        for zone in ("Mars/Olympus", "europe/berlin ", "", "+01:00", "Europe/Berlin'", "null")
    ),
)
_csv_line(
    "empty names",
    b"emea,de,berlin,,Europe/Berlin,2025-01-01,",
    b'emea,de,"",b,Europe/Berlin,2025-01-01,',
    b"emea, ,berlin,b,Europe/Berlin,2025-01-01,",
    b"emea,de,\xc2\xa0,b,Europe/Berlin,2025-01-01,",
)
_csv_line("ends before it begins", b"emea,de,berlin,b,Europe/Berlin,2025-01-01,2024-12-31")


@hostile_class("csv: quoted newlines")
def _quoted_newlines(rng: random.Random) -> HostileFile:
    bad = b'emea,de,"ber\n' + b"\n" * (more := rng.randrange(5)) + b'lin",b,Nowhere/Land,2025-01-01,'
    return _csv_among(rng, bad, lines=2 + more)


@hostile_class("csv: quotes well used")
def _well_quoted(rng: random.Random) -> HostileFile:
    rows = [b'"emea","de","a ""b"", c\r\n\r\nd","x","Europe/Berlin","2025-01-01",""\r\n', team(), b"\r\n", team(2)[:-1]]
    if rng.random() < 0.5:
        rows[0] = rows[0].replace(b',""\r\n', b",\r\n")
        return HostileFile("a.csv", b"\xef\xbb\xbf" + ORG_HEADER + b"".join(rows), "org_scope", frozenset({2, 5, 7}))
    return HostileFile("a.csv", ORG_HEADER + b"".join(rows), "org_scope", frozenset({5, 7}), {2: SCHEMA})


@hostile_class("csv: columns in another order")
def _reordered(rng: random.Random) -> HostileFile:
    names = ORG_HEADER.decode().strip().split(",")
    values = dict(zip(names, team().decode().strip().split(","), strict=True))
    rng.shuffle(names)
    quote = rng.choice(("", '"'))
    header = ",".join(f"{quote}{name}{quote}" for name in names)
    row = ",".join(values[name] for name in names)
    return all_good("a.csv", f"{header}\n{row}\n{row}\n".encode(), 2, "org_scope", first=2)


@hostile_class("csv: long quoted field")
def _long_field(rng: random.Random) -> HostileFile:
    size = rng.randrange(1, 3) * MIB
    field_text = rng.choice((b"x" * size, b"x\n" * (size // 2), b'""' * (size // 2)))
    bad = b'emea,de,berlin,"' + field_text + b'",Europe/Berlin,2025-01-01,'
    return _csv_among(rng, bad, lines=bad.count(b"\n") + 1)


@hostile_class("csv: bad header")
def _bad_header(rng: random.Random) -> HostileFile:
    header = rng.choice(
        (b"", b"\n", ORG_HEADER.replace(b",", b";"), ORG_HEADER.replace(b"team_id", b"team"), ORG_HEADER[10:],
         b"\xff" + ORG_HEADER,
         ORG_HEADER.replace(b"\n", b",team_id\n"), ORG_HEADER.replace(b"\n", b",\n"), ORG_HEADER.upper(),
         b'"' + ORG_HEADER, ORG_HEADER.replace(b",", b"\t"), ORG_HEADER.replace(b",", b", "), b"\x00" + ORG_HEADER,
         b"1,2,3\n", b"x" * 2 * MIB + b"\n")
    )  # fmt: skip
    return unreadable("a.csv", header + team() + team(2), "org_scope")


@hostile_class("csv: U+0000 in the header")
def _nul_in_header(rng: random.Random) -> HostileFile:
    place = rng.randrange(len(ORG_HEADER))
    return unreadable("a.csv", ORG_HEADER[:place] + b"\x00" + ORG_HEADER[place:] + team() + team(2), "org_scope")


@hostile_class("csv: CR alone ends the lines")
def _csv_cr(rng: random.Random) -> HostileFile:
    return unreadable("a.csv", (ORG_HEADER + team() + team(2)).replace(b"\n", b"\r"), "org_scope")


@hostile_class("csv: header and nothing else")
def _header_only(rng: random.Random) -> HostileFile:
    return HostileFile("a.csv", rng.choice((ORG_HEADER, ORG_HEADER[:-1], ORG_HEADER + b"\r\n \n")), "org_scope")


# Parquet.


def _parquet(columns: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def _teams(count: int = 3) -> dict[str, Any]:
    names = ORG_HEADER.decode().strip().split(",")
    rows = [team(number).decode().strip().split(",") for number in range(count)]
    return {name: [row[i] or None for row in rows] for i, name in enumerate(names)} | {
        "valid_to": pa.nulls(count, pa.string())
    }


@hostile_class("parquet: broken")
def _broken_parquet(rng: random.Random) -> HostileFile:
    content = _parquet(_teams())
    return unreadable("a.parquet", rng.choice(
        (b"", b"PAR1", b"PAR1" + b"\x00" * 50 + b"PAR1", content[: rng.randrange(len(content))],
        content[:-8] + b"\xff\xff\xff\x7fPAR1",
         b"PARE" + content[4:-4] + b"PARE", ORG_HEADER)), "org_scope")  # fmt: skip


@hostile_class("parquet: columns that do not fit")
def _parquet_columns(rng: random.Random) -> HostileFile:
    columns = _teams()
    if rng.random() < 0.5:
        columns["mood"] = ["x"] * 3
    else:
        del columns["team_id"]
    return unreadable("a.parquet", _parquet(columns), "org_scope")


@hostile_class("parquet: types that do not fit")
def _parquet_types(rng: random.Random) -> HostileFile:
    wrong = rng.choice(
        (pa.array([1, 2, 3]), pa.array([b"\x00", b"a", b"b"]).cast(pa.string(), safe=False), pa.array([[1], [2], None]),
         pa.array([{"a": 1}] * 3), pa.array([0.1, float("nan"), None]), pa.array([True, False, None]), pa.nulls(3))
    )  # fmt: skip
    return HostileFile(
        "a.parquet", _parquet(_teams() | {"valid_from": wrong}), "org_scope", bad=dict.fromkeys((1, 2, 3), SCHEMA)
    )
