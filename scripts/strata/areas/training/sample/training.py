"""The sample of the area training: staff who train, three months of them by default, and records that are damaged."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from strata.areas.training.sample import damage, files, organisation, rows, story
from strata.areas.training.sample.report import ExpectedRejection, SampleFile, SampleReport, TableCounts, write_manifest
from strata.errors import TemporaryError, UsageError

AREA = "training"
ORGANISATION_FILE = "org_scope/org_scope.csv"
MENDED_FILE = "org_scope/org_scope_mended.csv"
CUT_FILE = "session_log/session_log-cut.ndjson.gz"
MIN_EVENTS, MIN_DAYS, MAX_DAYS = 500, 14, 3650
# What one event costs on disk with its share of sessions and interactions, and as much again while it is written.
_BYTES_PER_EVENT = 1600
_BLANK_LINES = (b"", b" \t")


def write_training_sample(
    landing: Path,
    *,
    last_day: date,
    events: int = 60_000,
    days: int = 90,
    seed: int = 7,
    damaged: int | None = None,
    single_file: bool = False,
    manifest: Path | None = None,
    threads: int | None = None,
    memory_limit: str = "2GB",
) -> SampleReport:
    """Writes ``landing/training/{event_log,interaction_log,session_log,org_scope}/``: files as clients would send them.

    Equal parameters give equal bytes, whatever ``threads`` and ``memory_limit`` are. Files appear at the end, all of
    them; those of an earlier sample with the same names are replaced.

    Args:
        landing: landing folder; made where it is missing.
        last_day: last local day on which somebody trains.
        events: well-formed records of event_log, repeated deliveries included; sessions and interactions follow from
            them (about 0.2 and 0.4 an event), and so do people (about one to 26 events in 90 days).
        days: length of the period in days.
        seed: another seed is another staff.
        damaged: how many damaged records to put between the good ones; None is every kind at least once (about 330).
        single_file: one plain .ndjson file a table, instead of deliveries of which some are compressed.
        manifest: NDJSON file for the expected rejections; it must not lie in a table folder.
        threads: threads of DuckDB; None leaves it to DuckDB.
        memory_limit: memory limit of DuckDB.

    Raises:
        UsageError: a parameter is out of range, or the table folders hold files of another origin.
        TemporaryError: the disk is too full.
    """
    area = landing / AREA
    _check(area, events, days, seed, damaged, manifest)
    area.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(area).free) < events * _BYTES_PER_EVENT:
        raise TemporaryError(
            f"{area}: {free:,} bytes are free, the sample needs {events * _BYTES_PER_EVENT:,}. "
            "Make room, or ask for fewer events."
        )
    with tempfile.TemporaryDirectory(prefix=".sample-", dir=area) as staging_name:
        staging = Path(staging_name)
        config: dict[str, Any] = {"memory_limit": memory_limit, "temp_directory": str(staging / "spill")}
        if threads is not None:
            config["threads"] = threads
        with duckdb.connect(config=config) as connection:
            sample = _Sample(connection, staging, seed, damage.choose_damages(damaged), single_file)
            sample.write(events, days, last_day)
        files.claim(area, {*(file.name for file in sample.written), MENDED_FILE})
        for file in sample.written:
            sample.staged(file.name).replace(area / file.name)
    report = sample.report()
    if manifest is not None:
        write_manifest(manifest, report.expected_rejections)
    return report


def write_mended_organisation(landing: Path) -> Path:
    """Writes the rows that ``org_scope.csv`` of any sample lacks into a second file beside it; its path.

    Once it is loaded, the records of those teams are in scope. A few records name a path that can never exist; they
    stay out.
    """
    path = landing / AREA / MENDED_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(organisation.csv_text(list(organisation.UNKNOWN_PLACES)), encoding="utf-8")
    return path


def _check(area: Path, events: int, days: int, seed: int, damaged: int | None, manifest: Path | None) -> None:
    if events < MIN_EVENTS:
        raise UsageError(f"A sample has at least {MIN_EVENTS} events, not {events}.")
    if not MIN_DAYS <= days <= MAX_DAYS:
        raise UsageError(f"A sample covers {MIN_DAYS} to {MAX_DAYS} days, not {days}.")
    if not -(2**63) <= seed < 2**63:
        raise UsageError(f"The seed must be a whole number of 64 bits, not {seed}.")
    if damaged is not None and damaged < 0:
        raise UsageError(f"The number of damaged records cannot be {damaged}.")
    if manifest is not None and area.resolve() in manifest.resolve().parents:
        raise UsageError(f"The manifest {manifest} would lie among the data; put it outside {area}.")


@dataclass
class _Sample:
    """One sample in the making. Files are staged flat under their index and get their names at the end."""

    connection: duckdb.DuckDBPyConnection
    staging: Path
    seed: int
    damages: list[damage.Damage]
    single_file: bool
    written: list[SampleFile] = field(default_factory=list)
    tables: dict[str, TableCounts] = field(default_factory=dict)
    rejections: dict[int, ExpectedRejection] = field(default_factory=dict)
    blank_lines: int = 0
    users: int = 0
    teams: int = 0

    def write(self, events: int, days: int, last_day: date) -> None:
        """Stages all files."""
        copies = int(events * rows.COPY_SHARE)
        told = story.tell_story(self.connection, records=events - copies, days=days, last_day=last_day, seed=self.seed)
        self.users, self.teams = told.users, len(told.teams)
        spoilt = self._spoilt_lines(told)
        for table in rows.TABLES:
            self.tables[table.name] = rows.make_rows(
                self.connection, table, copies if table is rows.EVENT_LOG else None
            )
            self._write_table(table, told.first_day, self._insertions(table.name, spoilt))
        self._write_organisation(told, self._insertions("org_scope", spoilt))
        self._write_cut_file(spoilt)

    def staged(self, name: str) -> Path:
        """Where a file waits for its name."""
        return self.staging / name.replace("/", "-")

    def report(self) -> SampleReport:
        """What was written, in the order of names, lines and tables."""
        by_place = sorted(self.rejections.values(), key=lambda item: (item.file, item.line_number))
        found = (SampleFile(f"{AREA}/{file.name}", file.table, file.records, file.size_bytes) for file in self.written)
        return SampleReport(
            files=tuple(sorted(found, key=lambda file: file.name)),
            tables=self.tables,
            users=self.users,
            teams=self.teams,
            blank_lines=self.blank_lines,
            expected_rejections=tuple(by_place),
        )

    def _spoilt_lines(self, told: story.Story) -> dict[int, bytes]:
        """The damaged lines by their number in ``damages``, made from records of people who exist."""
        people = told.visits_for_damage(self.connection, max(1, len(self.damages)))
        return {
            number: damage.spoil(item, damage.good_record(
                item.table, people[number % len(people)],
                *(files.uuid_of(self.seed, f"damage-{part}", number) for part in ("key", "session")),
            ))
            for number, item in enumerate(self.damages)
        }  # fmt: skip

    def _insertions(self, table: str, spoilt: dict[int, bytes]) -> list[files.Insertion]:
        """The lines to put into a table's files; ``at`` is a share of all its files. Blank lines have no label >= 0."""
        found = [
            files.Insertion(files.share(self.seed, "place", number), spoilt[number], number)
            for number, item in enumerate(self.damages)
            if item.table == table and item.kind != damage.CUT_FILE.kind
        ]
        if found and table != "org_scope":
            blank = ((files.share(self.seed, table, number), line) for number, line in enumerate(_BLANK_LINES))
            found += [files.Insertion(at, line, -1 - number) for number, (at, line) in enumerate(blank)]
        return found

    def _write_table(self, table: rows.Table, first_day: date, insertions: list[files.Insertion]) -> None:
        numbers = rows.file_numbers(self.connection, table)
        scratch = self.staging / "scratch"
        single_name = f"{table.name}/{table.name}.ndjson"
        lines_before = records = 0
        for place, number in enumerate(numbers):
            written = rows.write_rows(self.connection, table, number, str(scratch))
            # DuckDB ends the last line with a newline, or not, as it sees fit.
            content = scratch.read_bytes()
            if not content.endswith(b"\n"):
                content += b"\n"
            mine = [
                files.Insertion(item.at * len(numbers) - place, item.line, item.label)
                for item in insertions
                if place <= item.at * len(numbers) < place + 1
            ]
            content, found = files.insert_lines(content, mine)
            if self.single_file:
                self._note(table.name, single_name, {label: line + lines_before for label, line in found.items()})
                lines_before += written + len(mine)
                records += written + sum(label >= 0 for label in found)
                with self.staged(single_name).open("ab") as stream:
                    stream.write(content)
            else:
                packing = {1: ".gz", 3: ".zst"}.get(place % 5, "")
                day = first_day + timedelta(days=number * table.days_per_file)
                name = f"{table.name}/{table.name}-{day.isoformat()}.ndjson{packing}"
                self._note(table.name, name, found)
                self._stage(table.name, name, files.pack(content, packing), written + sum(x >= 0 for x in found))
        if self.single_file:
            size = self.staged(single_name).stat().st_size
            self.written.append(SampleFile(single_name, table.name, records, size))
        self.connection.execute(f"drop table {table.name}")
        scratch.unlink(missing_ok=True)

    def _write_organisation(self, told: story.Story, insertions: list[files.Insertion]) -> None:
        places = [place for team in told.teams if team.is_known for place in team.places]
        content, found = files.insert_lines(organisation.csv_text(places).encode(), insertions, header_lines=1)
        self._note("org_scope", ORGANISATION_FILE, found)
        self._stage("org_scope", ORGANISATION_FILE, content, len(places) + len(found))
        self.tables["org_scope"] = TableCounts(len(places))

    def _write_cut_file(self, spoilt: dict[int, bytes]) -> None:
        for number, item in enumerate(self.damages):
            if item.kind == damage.CUT_FILE.kind:
                whole = files.pack(spoilt[number] + b"\n", ".gz")
                self._note(item.table, CUT_FILE, {number: 0})
                self._stage(item.table, CUT_FILE, whole[: len(whole) * 2 // 3], 1)

    def _stage(self, table: str, name: str, content: bytes, records: int) -> None:
        self.staged(name).write_bytes(content)
        self.written.append(SampleFile(name, table, records, len(content)))

    def _note(self, table: str, name: str, lines: dict[int, int]) -> None:
        for label, line in lines.items():
            if label < 0:
                self.blank_lines += 1
                continue
            item = self.damages[label]
            self.rejections[label] = ExpectedRejection(
                table, f"{AREA}/{name}", line, item.code, item.reason, item.column, item.kind
            )
