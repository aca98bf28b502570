"""The sample: the same bytes for the same seed, rows that look like life, and damage that is what its manifest says."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard

from strata.areas.learning.sample import write_learning_sample
from strata.areas.training.sample import SampleReport, write_mended_organisation, write_training_sample
from strata.areas.training.sample.damage import all_damages
from strata.areas.training.sample.files import Insertion, insert_lines
from strata.door.strict_json import StrictJsonError, parse
from strata.errors import UsageError

LAST_DAY = date(2026, 6, 30)
EVENTS = 30_000
JSON_TABLES = ("event_log", "interaction_log", "session_log")


@dataclass
class Sample:
    """A sample, its report, and a database with a table for the well-formed records of each file's table."""

    landing: Path
    manifest: Path
    report: SampleReport
    db: duckdb.DuckDBPyConnection

    def lines(self, name: str) -> list[bytes]:
        content = (self.landing / name).read_bytes()
        if name.endswith(".gz"):
            content = gzip.decompress(content)
        elif name.endswith(".zst"):
            content = zstandard.decompress(content)
        assert content.endswith(b"\n")
        return content[:-1].split(b"\n")

    def one(self, query: str) -> tuple[Any, ...]:
        found = self.db.execute(query).fetchone()
        assert found is not None
        return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    manifest = folder / "manifest.ndjson"
    report = write_training_sample(folder / "landing", last_day=LAST_DAY, events=EVENTS, manifest=manifest)
    made = Sample(folder / "landing", manifest, report, duckdb.connect(config={"threads": 2}))
    damaged = {(item.file, item.line_number) for item in report.expected_rejections}
    for table in (*JSON_TABLES, "org_scope"):
        good = folder / f"{table}.good"
        good.write_bytes(
            b"".join(
                line + b"\n"
                for file in report.files
                if file.table == table and (file.name, 0) not in damaged
                for number, line in enumerate(made.lines(file.name), 1)
                if line.strip() and (file.name, number) not in damaged
            )
        )
        reader = "read_csv($1, header = true, all_varchar = true)" if table == "org_scope" else "read_ndjson_auto($1)"
        made.db.execute(f"create table {table} as select * from {reader}", [str(good)])
    # Instants, and the local time by the place that the organisation names for the path (null out of scope).
    made.db.execute("set timezone = 'UTC'")
    for table, key, time in (
        ("event_log", "eventId", "timestamp"),
        ("interaction_log", "interactionId", "timestamp"),
        ("session_log", "sessionId", "startTime"),
    ):
        made.db.execute(
            f"""
            create table {table}_placed as
            with timed as (
                select
                    {table}.*,
                    "{key}"::varchar as record_id,
                    to_json({table})::varchar as content,
                    "{time}"::varchar::timestamptz as instant
                from {table}
            )
            select timed.*, instant at time zone timezone as local_time
            from timed
            left join org_scope
                on (region_id, country_id, branch_id, team_id)
                = (scope.regionId, scope.countryId, scope.branchId, scope.teamId)
                and (instant at time zone timezone)::date >= valid_from::date
                and (instant at time zone timezone)::date < coalesce(valid_to::date, date '9999-12-31')
            """
        )
    return made


def digests(landing: Path) -> dict[str, str]:
    return {
        str(file.relative_to(landing)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(landing.rglob("*"))
        if file.is_file()
    }


def test_same_seed_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    reports = [
        write_training_sample(tmp_path / str(threads), last_day=LAST_DAY, events=12_000, threads=threads)
        for threads in (1, 2, 4)
    ]
    assert digests(tmp_path / "1") == digests(tmp_path / "2") == digests(tmp_path / "4")
    assert reports[0] == reports[1] == reports[2]
    # Once more over the same files changes nothing.
    write_training_sample(tmp_path / "1", last_day=LAST_DAY, events=12_000)
    assert digests(tmp_path / "1") == digests(tmp_path / "2")


def test_another_seed_is_another_staff(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_training_sample(tmp_path / str(seed), last_day=LAST_DAY, events=2_000, seed=seed)
    first, second = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert not set(first.values()) & set(second.values())


def test_single_file_holds_the_same_records(tmp_path: Path) -> None:
    reports = {
        single: write_training_sample(tmp_path / str(single), last_day=LAST_DAY, events=3_000, single_file=single)
        for single in (False, True)
    }
    assert reports[True].tables == reports[False].tables
    assert reports[True].records == reports[False].records
    names = {file.name for file in reports[True].files if file.table == "event_log"}
    assert names == {"training/event_log/event_log.ndjson"}
    lines = (tmp_path / "True" / "training/event_log/event_log.ndjson").read_bytes().split(b"\n")
    new_type = [item.line_number for item in reports[True].expected_rejections if "from_seed" in item.kind]
    assert new_type == [number for number, line in enumerate(lines, 1) if b'"eventType":"quiz_start"' in line]


def test_report_says_what_is_there(sample: Sample) -> None:
    assert sample.report.tables["event_log"].records == EVENTS
    for file in sample.report.files:
        content = (sample.landing / file.name).read_bytes()
        assert len(content) == file.size_bytes
        if "-cut" not in file.name:
            header = file.table == "org_scope"
            assert file.records == sum(bool(line.strip()) for line in sample.lines(file.name)) - header
    for table in JSON_TABLES:
        counts = sample.report.tables[table]
        records, out_of_scope, copies, conflicts = sample.one(
            f"""
            select
                count(*),
                count(*) filter (where local_time is null),
                count(*) - count(distinct record_id),
                (select count(*) from (
                    select record_id from {table}_placed group by record_id having count(distinct content) > 1
                ))
            from {table}_placed
            """
        )
        assert (counts.records, counts.out_of_scope) == (records, out_of_scope)
        assert counts.exact_copies + counts.conflicting_copies == copies
        assert counts.conflicting_copies == conflicts > 0
        assert 0 < counts.late < records / 10
    mismatches = """
        select count(distinct record_id) from session_log_placed
        where local_time is not null
            and abs("durationSec" - epoch("endTime"::varchar::timestamptz - "startTime"::varchar::timestamptz)) > 1
    """
    assert sample.one(mismatches)[0] == sample.report.tables["session_log"].duration_mismatches > 10
    assert sample.report.tables["event_log"].unknown_rewards > 0


def test_people_keep_office_hours(sample: Sample) -> None:
    tuesday, saturday = (
        sample.one(f"select count(*) from event_log_placed where isodow(local_time) = {day}")[0] for day in (2, 6)
    )
    assert saturday < tuesday / 2
    share = sample.one("select avg((hour(local_time) between 8 and 17)::integer) from event_log_placed")[0]
    assert 0.7 < share < 0.95
    first, last = sample.one("select min(local_time)::date, max(local_time)::date from event_log_placed")
    assert (first, last) == (LAST_DAY - timedelta(days=89), LAST_DAY)
    over_midnight = """
        select count(*) from session_log_placed
        where local_time::date < (local_time + ("endTime"::varchar::timestamptz - instant))::date
    """
    assert sample.one(over_midnight)[0] > 5


def test_people_learn(sample: Sample) -> None:
    early, late = sample.db.execute(
        """
        with placed as (
            select *, ntile(2) over (partition by "userId" order by instant) as half,
                count(*) over (partition by "userId") as sessions
            from session_log_placed
        )
        select
            avg((outcome = 'success')::integer) filter (where engine = 'quiz' and outcome is not null),
            avg(summary.upsellSuccess::integer) filter (where summary.upsellAttempts > 0)
        from placed
        where sessions >= 6
        group by half
        order by half
        """
    ).fetchall()
    assert early[0] + 0.05 < late[0]
    assert early[1] + 0.05 < late[1]


def test_modules_are_started_before_they_are_completed(sample: Sample) -> None:
    attempts, unfinished, unstarted, backwards, days_later = sample.one(
        """
        with attempts as (
            select
                min(instant) filter (where "eventType" = 'module_start') as started,
                min(instant) filter (where "eventType" = 'module_complete') as completed
            from event_log_placed
            where "eventType" like 'module%'
            group by "userId", context.moduleId, version.moduleVersion
        )
        select count(*), count(*) filter (where completed is null), count(*) filter (where started is null),
            count(*) filter (where completed < started), count(*) filter (where completed > started + interval 1 day)
        from attempts
        """
    )
    assert backwards == 0
    assert 0.1 < unfinished / attempts < 0.5
    assert 0 < unstarted / attempts < 0.1
    assert days_later > 50


def test_versions_and_teams_change(sample: Sample) -> None:
    for version in ("moduleVersion", "scenarioVersion", "promptVersion"):
        assert sample.one(f"select count(distinct version.{version}) from event_log")[0] >= 3
    first, last = sample.one(
        "select arg_min(version.promptVersion, instant), arg_max(version.promptVersion, instant) from event_log_placed"
    )
    assert first != last
    movers = sample.one(
        'select count(*) from (select 1 from event_log group by "userId" having count(distinct scope.teamId) > 1)'
    )[0]
    assert movers > 20
    joined = sample.one(
        "select count(*) filter (where joined > 30) from (select \"userId\", date_diff('day', date "
        f"'{LAST_DAY - timedelta(days=89)}', min(instant)::date) as joined from event_log_placed group by all)"
    )[0]
    assert joined > 100
    moved_teams = "select team_id from org_scope group by team_id having count(distinct branch_id) > 1"
    assert sample.one(f"select count(*) from ({moved_teams})")[0] > 0
    zones = {row[0] for row in sample.db.execute("select distinct timezone from org_scope").fetchall()}
    assert {"Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "America/New_York"} <= zones


def test_every_kind_of_damage_is_there_and_is_what_the_manifest_says(sample: Sample) -> None:
    rejections = sample.report.expected_rejections
    assert {(item.table, item.kind) for item in rejections} == {(kind.table, kind.kind) for kind in all_damages()}
    assert len({(item.file, item.line_number) for item in rejections}) == len(rejections)
    assert 300 <= len(rejections) <= 500
    manifest = [json.loads(line) for line in sample.manifest.read_text(encoding="utf-8").splitlines()]
    assert [tuple(entry.values()) for entry in manifest] == [tuple(vars(item).values()) for item in rejections]
    assert set(sample.report.rejections_by_code()) == {
        "E_FILE_UNREADABLE", "E_SCHEMA_MISMATCH", "E_VERSION_MISSING", "E_SCOPE_MISSING",
    }  # fmt: skip
    # What the strict parser says of a line agrees with the reason that the manifest names.
    lines = {file.name: sample.lines(file.name) for file in sample.report.files if "-cut" not in file.name}
    lexical = {
        "invalid_json", "invalid_utf8", "duplicate_key", "number_overflow", "nested_too_deep", "nul_character",
        "lone_surrogate",
    }  # fmt: skip
    for item in rejections:
        if item.table not in JSON_TABLES or item.line_number == 0:
            continue
        line = lines[item.file][item.line_number - 1]
        try:
            parse(line.decode("utf-8"))
            found = None
        except UnicodeDecodeError:
            found = "invalid_utf8"
        except StrictJsonError as error:
            found = error.reason
        assert found == (item.reason if item.reason in lexical else None), item
        assert (len(line) > 1 << 20) == (item.kind == "line_too_long")
    with pytest.raises(EOFError):
        gzip.decompress((sample.landing / "training/session_log/session_log-cut.ndjson.gz").read_bytes())


def test_number_of_damaged_records_is_as_asked(tmp_path: Path) -> None:
    none = write_training_sample(tmp_path / "none", last_day=LAST_DAY, events=600, days=30, damaged=0)
    assert none.expected_rejections == ()
    assert none.blank_lines == 0
    for damaged in (7, 700):
        report = write_training_sample(tmp_path / str(damaged), last_day=LAST_DAY, events=600, damaged=damaged)
        assert len(report.expected_rejections) == damaged
    assert Counter(item.kind for item in report.expected_rejections)["line_too_long"] == 1


def test_mended_organisation_brings_the_missing_teams(sample: Sample) -> None:
    path = write_mended_organisation(sample.landing)
    try:
        unknown = sample.db.execute(
            "select count(*) from event_log_placed where local_time is null and scope.teamId in "
            "(select team_id from read_csv($1, header = true, all_varchar = true))",
            [str(path)],
        ).fetchone()
    finally:
        path.unlink()
    assert unknown is not None
    # A few records name a path that no organisation will ever have.
    assert 0 < unknown[0] < sample.report.tables["event_log"].out_of_scope


def test_a_sample_does_not_mix_with_other_files(tmp_path: Path) -> None:
    other = tmp_path / "training" / "event_log" / "real.ndjson"
    other.parent.mkdir(parents=True)
    other.write_text("{}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"real\.ndjson"):
        write_training_sample(tmp_path, last_day=LAST_DAY, events=600)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [other]


@pytest.mark.parametrize("wrong", [{"events": 10}, {"days": 3}, {"damaged": -1}, {"seed": 2**63}])
def test_parameters_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        write_training_sample(tmp_path, last_day=LAST_DAY, **wrong)  # type: ignore[arg-type]


def test_the_manifest_does_not_go_among_the_data(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_training_sample(tmp_path, last_day=LAST_DAY, manifest=tmp_path / "training" / "event_log" / "m.ndjson")


def test_lines_are_put_between_lines() -> None:
    content, numbers = insert_lines(b"a\nbb\nccc\n", [Insertion(0.0, b"x", 0), Insertion(0.99, b"y", 1)])
    assert content == b"a\nx\nbb\nccc\ny\n"
    assert numbers == {0: 2, 1: 5}
    content, numbers = insert_lines(b"h\n", [Insertion(0.5, b"x", 0), Insertion(0.5, b"y", 1)], header_lines=1)
    assert content == b"h\nx\ny\n"
    assert numbers == {0: 2, 1: 3}


def test_learning_is_the_same_so_many_days_later(tmp_path: Path) -> None:
    found = []
    for number, last_day in enumerate((LAST_DAY, LAST_DAY + timedelta(days=17))):
        made = write_learning_sample(tmp_path / str(number), last_day=last_day, events=600, days=5, single_file=True)
        rows = duckdb.sql(
            "select learner_id, event_type, event_id, session_id, date_diff('microseconds', $2, timestamp), data, "
            "metadata, date_diff('day', $2, partition_date) from read_parquet($1) order by all",
            params=[str(made.files[0]), last_day],
        ).fetchall()
        found.append(rows)
    assert found[0] == found[1]
    assert len(found[0]) >= 600
