"""UUIDs and instants decoded in numpy are those that the engine's checks accept, with the same values; no others."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import duckdb
import numpy as np
import numpy.typing as npt
import pytest

from strata.contract import Contract
from strata.door import decode, statement
from strata.door.checks import ContractSql
from strata.reference import Seed

Contracts = dict[tuple[str, str], Contract]

ROWS = 40_000


def strict(contract: Contract, seeds: dict[str, Seed], column: str, texts: list[str]) -> list[object]:
    """What the engine makes of each text in a column, as it is loaded; null where a check of its form is broken."""
    sql = ContractSql(contract, seeds, is_json=False)
    bad = [check.bad for check in sql.checks if check.column == column and check.reason != "null_value"]
    columns = ", ".join(f'line as "{item.name}"' for item in contract.columns)
    records = f"(select *, {columns} from (select unnest($1) as line, unnest($2::bigint[]) as line_number))"
    values = statement.typed(sql, statement.text_values(contract, records))
    with duckdb.connect() as engine:
        found = engine.execute(
            f'select case when {" or ".join(bad)} then null else "c_{column}" end from ({values}) order by line_number',
            [texts, list(range(len(texts)))],
        ).fetchall()
    return [value for (value,) in found]


def rows(texts: list[str], length: int, *, tail: bool = False, filler: bytes = b"9") -> npt.NDArray[np.uint8]:
    """The first or last bytes of each text; beside it stands what could be mistaken for more of it."""
    cut = [
        (filler * length + text.encode())[-length:] if tail else (text.encode() + filler * length)[:length]
        for text in texts
    ]
    return np.frombuffer(b"".join(cut), dtype=np.uint8).reshape(-1, length)


def spoiled(rng: random.Random, text: str, signs: str) -> str:
    """The text, or the text with one or two characters changed, dropped or added."""
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice((rng.choice(signs), "")) + text[place + rng.choice((0, 1, 1, 1)) :]
    return text


def timestamp(rng: random.Random) -> str:
    """A timestamp near the edges of what is one."""
    year = rng.choice((1998, 1999, 2000, 2001, 2024, 2026, 2100, 2101, 2102))
    month = rng.choice((0, 1, 2, 3, 4, 6, 9, 11, 12, 12, 13))
    edges = ("1999-12", "2000-01", "2100-12", "2101-01", "2100-02", "2000-02", "2024-02")
    day = rng.choice((f"{year:04}-{month:02}", rng.choice(edges)))
    day += f"-{rng.choice((0, 1, 1, 2, 28, 29, 30, 31, 31, 32)):02}"
    time = rng.choice(("00:00:00", "23:59:59", "24:00:00", "23:60:00", "23:59:60", f"{rng.randrange(25):02}:30:15"))
    fraction = rng.choice(("", ".", "." + "".join(rng.choices("0123456789", k=rng.randrange(1, 11)))))
    offset = f"{rng.choice('+-')}{rng.randrange(25):02}:{rng.randrange(61):02}"
    zone = rng.choice(("", "Z", "z", "+00:00", "-00:00", offset))
    return spoiled(rng, day + rng.choice("TTTt ") + time + fraction + zone, "0123456789-+:.TZtz é")


@pytest.mark.parametrize("filler", [b"9", b"Z", b"-", b"\x00"])
def test_instants_are_those_of_the_engine(contracts: Contracts, seeds: dict[str, Seed], filler: bytes) -> None:
    rng = random.Random(5)
    texts = [timestamp(rng) for _ in range(ROWS)]
    lengths = np.array([len(text.encode()) for text in texts])
    windows = rows(texts, decode.INSTANT_WINDOW, filler=filler), rows(texts, decode.ZONE_LENGTH, tail=True)
    values, is_instant = decode.instants(*windows, lengths)
    found = [
        datetime(1970, 1, 1) + timedelta(microseconds=int(value)) if good else None
        for value, good in zip(values, is_instant, strict=True)
    ]
    expected = strict(contracts["training", "event_log"], seeds, "timestamp", texts)
    wrong = [item for item in zip(texts, expected, found, strict=True) if item[1] != item[2]]
    assert not wrong, wrong[:10]
    assert ROWS * 0.05 < int(is_instant.sum()) < ROWS * 0.9


def test_uuids_are_those_of_the_engine(contracts: Contracts, seeds: dict[str, Seed]) -> None:
    rng = random.Random(6)
    texts = []
    for _ in range(ROWS):
        digits = "".join(rng.choices(rng.choice(("0123456789abcdef", "0123456789ABCDEFabcdef")), k=32))
        text = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        texts.append((spoiled(rng, text, "0123456789abcdefABCDEF-{}gG/:@`é ") + "0" * 8)[:36])
    texts = [text for text in texts if len(text.encode()) == decode.UUID_LENGTH]
    values, is_uuid = decode.uuids(rows(texts, decode.UUID_LENGTH))
    found = [value.tobytes() if good else None for value, good in zip(values, is_uuid, strict=True)]
    expected = strict(contracts["training", "event_log"], seeds, "event_id", texts)
    bytes_of = [value.bytes if value is not None else None for value in expected]  # type: ignore[attr-defined]
    wrong = [item for item in zip(texts, bytes_of, found, strict=True) if item[1] != item[2]]
    assert not wrong, wrong[:10]
    assert len(texts) * 0.1 < int(is_uuid.sum()) < len(texts) * 0.9


def test_nothing_to_decode() -> None:
    empty = np.empty((0, decode.INSTANT_WINDOW), dtype=np.uint8)
    values, is_instant = decode.instants(empty, empty[:, : decode.ZONE_LENGTH], np.empty(0, dtype=np.int64))
    assert (len(values), len(is_instant)) == (0, 0)
    assert [len(item) for item in decode.uuids(np.empty((0, 36), dtype=np.uint8))] == [0, 0]
