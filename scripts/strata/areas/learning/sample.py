"""The sample of the area learning: people who learn in sessions, as Parquet files laid out by day like objects in S3.

In it is what the rules are about: pauses, sessions that overlap or go over midnight, sessions that are active when the
last day ends, late, repeated and conflicting events, scores of several scales, keys that must not be stored, and a
few damaged records. Nothing is random: rows come from hashes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from strata.errors import UsageError

AREA, TABLE = "learning", "raw_events"
DAMAGED_RECORDS = 6
_EVENTS_A_SESSION = 12
_MIN_EVENTS, _MIN_DAYS, _MAX_DAYS = 100, 2, 3650


@dataclass(frozen=True)
class LearningSample:
    """What was written: files, good records (copies included), damaged ones, and learners."""

    files: list[Path]
    records: int
    damaged: int
    learners: int


def write_learning_sample(
    landing: Path,
    *,
    last_day: date,
    events: int = 12_000,
    days: int = 30,
    seed: int = 7,
    single_file: bool = False,
    memory_limit: str = "2GB",
) -> LearningSample:
    """Writes ``landing/learning/raw_events/events/YYYY/MM/DD/*.parquet``; equal parameters give equal records,
    and another ``last_day`` alone gives the same records so many days later.

    Args:
        landing: landing folder; made where it is missing.
        last_day: last UTC date on which a session begins.
        events: about how many records, repeated deliveries included.
        days: length of the period in days.
        seed: another seed is another school.
        single_file: one Parquet file with everything, and no damaged records.
        memory_limit: memory limit of DuckDB.

    Raises:
        UsageError: a parameter is out of range.
    """
    if events < _MIN_EVENTS or not _MIN_DAYS <= days <= _MAX_DAYS:
        raise UsageError(f"A learning sample has at least {_MIN_EVENTS} events and {_MIN_DAYS} to {_MAX_DAYS} days.")
    folder = landing / AREA / TABLE / "events"
    with duckdb.connect(config={"memory_limit": memory_limit}) as con:
        learners = max(events // 150, 5)
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"create macro pick(salt, number, below) as cast(hash({seed}, salt, number) % below as bigint)")
        first = last_day - timedelta(days=days - 1)
        con.execute(_SESSIONS, [first, days, learners, max(events // _EVENTS_A_SESSION, 1)])
        con.execute(_EVENTS)
        con.execute(_RECORDS)
        found = con.execute("select count(*) from records").fetchall()
        if single_file:
            return LearningSample([_write(con, folder / "everything.parquet", "true")], found[0][0], 0, learners)
        parts = con.execute("select distinct partition_date, is_late from records order by all").fetchall()
        files = [
            _write(
                con,
                folder / f"{day:%Y/%m/%d}" / f"events_{2 if is_late else 1}.parquet",
                f"partition_date = date '{day}' and is_late = {is_late}",
            )
            for day, is_late in parts
        ]
        damaged = folder / f"{last_day:%Y/%m/%d}" / "events_3.ndjson"
        good = con.execute(f"select {_WIRE} from records order by event_id limit 1").fetchall()[0]
        names = [column[0] for column in con.execute(f"select {_WIRE} from records limit 0").description]
        damaged.parent.mkdir(parents=True, exist_ok=True)
        damaged.write_text("".join(f"{line}\n" for line in _damage(dict(zip(names, good, strict=True)))), "utf-8")
    return LearningSample([*files, damaged], found[0][0], DAMAGED_RECORDS, learners)


_WIRE = "learner_id, event_type, event_id, session_id, timestamp, data, metadata, version, partition_date"

_SESSIONS = """
create table sessions as
with numbered as (
    select
        range as session_no,
        pick('learner', range, $3) as learner_no,
        cast(pick('day', range, $2) as integer) as day_no,
        -- mostly in the day, some shortly before midnight
        case when pick('night', range, 30) = 0 then 86100 + pick('start', range, 290)
             else 28800 + pick('start', range, 50000) end as start_second,
        3 + pick('length', range, 19) as events
    from range($4)
)
, all_sessions as (
    select * from numbered
    union all
    -- a second device: the same learner, two minutes later
    select session_no + 1000000000, learner_no, day_no, least(start_second + 120, 86390), 4
    from numbered where pick('device', session_no, 20) = 0
    union all
    -- some are still at it when the last day ends
    select session_no + 2000000000, learner_no, $2 - 1, 84900 + pick('active', session_no, 600), 5
    from numbered where session_no < 3
)
select all_sessions.*, $1::date + day_no as day from all_sessions
"""

_EVENTS = """
create table events as
with steps as (
    select
        sessions.*,
        step,
        cast(hash(session_no, step) % 1000003 as bigint) as dice,
        case
            when step = 0 then 0
            -- seconds apart, now and then a pause, seldom none at all
            when pick('pause', session_no * 100 + step, 12) = 0
                then 90000 + pick('long', session_no * 100 + step, 900000)
            when pick('same', session_no * 100 + step, 40) = 0 then 0
            else 2000 + pick('gap', session_no * 100 + step, 40000)
        end as gap_milliseconds
    from sessions, range(events) as steps (step)
)
select
    *,
    case
        when step = 1 then 'lesson_start'
        when step = events - 3 and events > 6 and dice % 10 < 8 then 'lesson_complete'
        when step = events - 2 and events > 5 then 'assessment_start'
        when step = events - 1 and events > 5 and dice % 10 < 9 then 'assessment_complete'
        when dice % 25 = 0 then 'error'
        when dice % 3 = 0 then 'interaction'
        else 'page_view'
    end as event_type,
    day + to_milliseconds(cast(start_second * 1000 + sum(gap_milliseconds) over (
        partition by session_no order by step
    ) as bigint)) as timestamp
from steps
"""

_RECORDS = """
create table records as
with told as (
    select
        'learner_' || lpad(learner_no::varchar, 6, '0') as learner_id,
        event_type,
        'evt_' || session_no || '_' || step as event_id,
        'session_' || session_no as session_id,
        timestamp,
        -- who has learned for longer scores higher; some scales end at 10
        least(30 + day_no % 30 * 2 + cast(dice % 30 as integer), 100) as score,
        dice % 4 = 0 as is_of_ten,
        'lesson_' || lpad((session_no % 40)::varchar, 3, '0') as lesson_id,
        'quiz_' || lpad((session_no % 25)::varchar, 3, '0') as assessment_id,
        ['fractions', 'geometry', 'grammar', 'history'][1 + cast(session_no % 4 as integer)] as skill_id,
        dice,
        learner_no,
        timestamp::date as partition_date,
        pick('late', session_no, 50) = 0 and step < 2 as is_late
    from events
),
payloads as (
    select
        *,
        '{' || concat_ws(',',
            '"page":"/' || replace(event_type, '_', '/') || '/' || dice % 20 || '"',
            case when event_type like 'lesson%' then '"lesson_id":"' || lesson_id || '"' end,
            case when event_type like 'assessment%' then '"assessment_id":"' || assessment_id || '"' end,
            case when regexp_matches(event_type, '^(lesson|assess)') then '"skill_id":"' || skill_id || '"' end,
            case when event_type like '%_complete' and dice % 15 > 0
                 then '"score":' || case when is_of_ten then score / 10.0 else score end end,
            case when event_type like '%_complete' and is_of_ten then '"max_score":10' end,
            case when dice % 10 = 0 then '"email":"learner' || learner_no || '@example.invalid"' end
        ) || '}' as data,
        '{"source":"' || ['web_app', 'ios', 'android'][1 + cast(dice % 3 as integer)] || '","tenant_id":"'
        || ['acme', 'globex'][1 + cast(learner_no % 2 as integer)] || '","ip":"198.51.100.' || learner_no % 250
        || '","app_version":"2.' || dice % 4 || '.0","locale":"en-US"}' as metadata,
        '1.0' as version
    from told
)
select * from payloads
union all
-- delivered twice
select * replace (true as is_late) from payloads where dice % 200 = 0
union all
-- delivered again with another content: a conflict
select * replace (true as is_late, replace(data, '"page":"/', '"page":"/again/') as data)
from payloads
where dice % 300 = 1
"""


def _write(con: duckdb.DuckDBPyConnection, file: Path, where: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"copy (select {_WIRE} from records where {where} order by timestamp, event_id) to '{file}' "
        "(format parquet, compression zstd)"
    )
    return file


def _damage(good: dict[str, object]) -> list[str]:
    """Records that the door must turn away, each for one reason."""
    record = good | {"data": {"page": "/"}, "metadata": {}, "timestamp": f"{good['timestamp']:%Y-%m-%dT%H:%M:%SZ}"}
    record["partition_date"] = None
    damaged = [
        record | {"event_type": "daydream"},
        record | {"learner_id": None},
        record | {"timestamp": "yesterday"},
        record | {"partition_date": "2001-01-01"},
        record | {"mood": "good"},
    ]
    lines = [json.dumps(item, separators=(",", ":")) for item in damaged]
    return [*lines, '{"learner_id":"learner_000001"']
