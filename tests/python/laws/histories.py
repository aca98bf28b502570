"""What an area brings to the proof that order does not matter: a history drawn from a seed. And how one is delivered.

A new area takes part with a class of the shape of `History` in `tests/python/areas/<area>/history.py`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from strata.contract import Contract

Record = dict[str, Any]
_MOST_DELIVERIES = 4


@dataclass(frozen=True)
class Batch:
    """Records of one table of an area that travel in one file."""

    area: str
    table: str
    records: list[Record]


@dataclass(frozen=True)
class Drawn:
    """A small history of an area as it is sent, copies and corrections included.

    ``records`` may come in any order and any files. ``in_order`` are master data of which the last loaded counts: each
    is a file of its own, and they keep their order among themselves.
    """

    area: str
    records: list[tuple[str, Record]]
    in_order: list[Batch]


class History(Protocol):
    """The histories of an area. ``as_of`` is the instant that counts as now; none for the real one."""

    area: str
    as_of: str | None

    def draw(self, chance: Random) -> Drawn:
        """One history; the same for the same state of ``chance``."""


def in_one_load(drawn: Drawn) -> list[list[Batch]]:
    """Everything at once, one file a table."""
    tables: dict[str, list[Record]] = {}
    for table, record in drawn.records:
        tables.setdefault(table, []).append(record)
    return [[*drawn.in_order, *(Batch(drawn.area, table, records) for table, records in tables.items())]]


def in_any_order(drawn: Drawn, chance: Random) -> list[list[Batch]]:
    """The same history in several deliveries, each of several files; files are sent again now and then."""
    records = chance.sample(drawn.records, len(drawn.records))
    count = chance.randint(2, _MOST_DELIVERIES)
    # Deliveries of very different size: a late record alone does other work than half of the history.
    cuts = sorted(chance.randint(0, len(records)) for _ in range(count - 1))
    deliveries = []
    for start, end in zip([0, *cuts], [*cuts, len(records)], strict=True):
        files: dict[tuple[str, int], list[Record]] = {}
        for table, record in records[start:end]:
            files.setdefault((table, chance.randint(0, 1)), []).append(record)
        batches = [Batch(drawn.area, table, rows) for (table, _), rows in files.items()]
        deliveries.append(chance.sample(batches, len(batches)))
    for number, batch in zip(sorted(chance.randrange(count) for _ in drawn.in_order), drawn.in_order, strict=True):
        _insert_behind_others(deliveries[number], batch, chance)
    for number in range(1, count):
        earlier = [batch for delivery in deliveries[:number] for batch in delivery]
        if earlier and chance.random() < 0.5:
            deliveries[number].append(chance.choice(earlier))
    return deliveries


def _insert_behind_others(delivery: list[Batch], batch: Batch, chance: Random) -> None:
    """Somewhere in the delivery, but not before master data of the same table."""
    before = [
        position for position, other in enumerate(delivery) if (other.area, other.table) == (batch.area, batch.table)
    ]
    delivery.insert(chance.randint(before[-1] + 1 if before else 0, len(delivery)), batch)


def write_batches(
    batches: list[Batch], contracts: dict[tuple[str, str], Contract], folder: Path, known: list[Batch]
) -> list[Path]:
    """A file for every batch, in this order. A batch among ``known`` was written before and is the same file again."""
    paths = []
    for place, batch in enumerate(batches):
        if all(batch is not other for other in known):
            known.append(batch)
        number = next(number for number, other in enumerate(known) if other is batch)
        paths.append(_write(batch, number, contracts[batch.area, batch.table], folder / str(place)))
    return paths


def _write(batch: Batch, number: int, contract: Contract, folder: Path) -> Path:
    target = folder / contract.area / contract.name
    target.mkdir(parents=True, exist_ok=True)
    if contract.format == "table":
        names = [column.name for column in contract.columns]
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(batch.records)
        path = target / f"{number:03}.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return path
    lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in batch.records]
    # Blanks behind the first line keep two files apart that happen to hold the same records.
    lines[0] += " " * number
    content = ("\n".join(lines) + "\n").encode()
    path = target / (f"{number:03}.ndjson.gz" if number % 3 == 2 else f"{number:03}.ndjson")
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path
