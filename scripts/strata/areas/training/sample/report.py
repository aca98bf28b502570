"""What the sample tells about itself: files, counts, and the rejection that each damaged record must end in."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SampleFile:
    """One file that was written.

    ``name`` is the path below the landing folder, with ``/``. ``records`` counts lines that are records, damaged ones
    included (a header and blank lines are none; a file that cannot be read has 0).
    """

    name: str
    table: str
    records: int
    size_bytes: int


@dataclass(frozen=True)
class ExpectedRejection:
    """One damaged record and how the door must answer it.

    ``line_number`` is that of the physical line, from 1 (a CSV header is line 1; blank lines count as lines); 0 means
    the file as a whole. ``kind`` names the damage; ``reason`` is the word for programs that goes with ``code``.
    ``column`` is the column that is damaged, null where it is the record as a whole.
    """

    table: str
    file: str
    line_number: int
    code: str
    reason: str
    column: str | None
    kind: str


@dataclass(frozen=True)
class TableCounts:
    """Well-formed records of one table, by what the warehouse must find out about them.

    ``records`` = distinct ids + ``exact_copies`` + ``conflicting_copies``. ``out_of_scope`` records name a path that
    the organisation in the landing folder does not know. A late record is delivered a day or more after it happened.
    Of the records in scope, copies apart: ``duration_mismatches`` are sessions whose stated duration is off by more
    than a second, ``unknown_rewards`` are claims of a reward that no seed knows.
    """

    records: int
    exact_copies: int = 0
    conflicting_copies: int = 0
    out_of_scope: int = 0
    late: int = 0
    duration_mismatches: int = 0
    unknown_rewards: int = 0


@dataclass(frozen=True)
class SampleReport:
    """What ``write_training_sample`` wrote. Equal parameters give an equal report."""

    files: tuple[SampleFile, ...]
    tables: dict[str, TableCounts]
    users: int
    teams: int
    blank_lines: int
    expected_rejections: tuple[ExpectedRejection, ...]

    @property
    def records(self) -> int:
        """Records in all files, damaged ones included."""
        return sum(file.records for file in self.files)

    def rejections_by_code(self) -> dict[str, int]:
        """How many damaged records must end in each code."""
        return dict(sorted(Counter(item.code for item in self.expected_rejections).items()))


def write_manifest(path: Path, rejections: tuple[ExpectedRejection, ...]) -> None:
    """The expected rejections as NDJSON: one object a line with the fields of ``ExpectedRejection``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(dataclasses.asdict(item), ensure_ascii=False) + "\n" for item in rejections)
    path.write_text("".join(lines), encoding="utf-8")
