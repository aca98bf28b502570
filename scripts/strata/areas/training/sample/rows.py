"""From the story to rows in wire format: events, interactions, sessions, their copies and their days of delivery."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from strata.areas.training.sample.report import TableCounts

COPY_SHARE = 0.005
CONFLICT_SHARE_OF_COPIES = 0.2


@dataclass(frozen=True)
class Table:
    """One JSON table: how many days of deliveries a file holds, its rows, and a record of it in wire format.

    ``rows`` yields visit_id, seq, happened_at and what ``record`` needs besides the visit. ``change`` is 0,
    or 1 or 2 in a conflicting copy: the same id with another content.
    """

    name: str
    days_per_file: int
    rows: str
    record: str


_SCOPE = """{
        'regionId': region_id,
        'countryId': case when is_crossed then 'ZZ' else country_id end,
        'branchId': branch_id,
        'teamId': team_id
    } as scope"""

EVENT_LOG = Table(
    "event_log",
    7,
    """
    with events as (
        select visit_id, 0 as seq, 0 as at_seconds, 'login' as event_type, null::integer as turn_index,
            ['web', 'app', 'kiosk'][1 + pick('device', user_no, 3)] as action
        from visits
        union all
        select visit_id, 1, seconds_between('g-second', visit_id, 3600, 10800), 'login', null, 'app'
        from visits where has_second_login
        union all
        select visit_id, 2, seconds_between('g-extra', visit_id, 11000, 14400), 'login', null, 'app'
        from visits where has_extra_login
        union all
        select visit_id, 3, 8, 'module_start', null, 'resume' from visits where resumes
        union all
        select visit_id, 4, learn_at - 5, 'module_complete', null, 'complete_previous' from visits
        where finishes_previous
        union all
        select visit_id, 5, learn_at, 'module_start', null, 'start' from visits where starts
        union all
        select visit_id, 6, learn_at + learn_seconds - 1, 'module_complete', null, 'complete' from visits where finishes
        union all
        select visit_id, 7, lab_at + case when has_lab then lab_seconds else 0 end + 5 + pick('g-reward', visit_id, 55),
            'reward_claim', null,
            case when roll('unknown-code', visit_id) < 0.03
                    then (['summer_raffle', 'beta_tester'])[1 + pick('code', visit_id, 2)]
                when has_lab and upsell_attempts > 0 and is_upsell_won
                    then (['first_sale', 'upsell_hero'])[1 + pick('code', visit_id, 2)]
                when has_quiz and correct_answers >= 0.6 * answers then 'quiz_master'
                else (['daily_streak', 'daily_streak', 'weekly_streak', 'mentor'])[1 + pick('code', visit_id, 4)] end
        from visits where has_reward
        union all
        select visit_id, 100 + turn, quiz_at + quiz_seconds * (turn + 1) // answers, 'quiz_answer', null,
            case when (turn * 11 + visit_id) % answers < correct_answers then 'correct' else 'wrong' end
        from (select *, unnest(range(answers)) as turn from visits where has_quiz)
        union all
        select visit_id, 200 + turn, lab_at + lab_seconds * (turn + 1) // turns, 'saleslab_turn', turn,
            case when turn = 0 then 'greet'
                when turn = turns - 1 then 'close'
                when turn >= turns - 1 - upsell_attempts then 'upsell'
                else (['ask_need', 'show_product', 'answer_objection', 'compare'])[1 + pick('move', visit_id + turn, 4)]
            end
        from (select *, unnest(range(turns)) as turn from visits where has_lab)
    )
    select
        events.*,
        start_at + to_milliseconds(at_seconds * 1000 + pick('ms-event', visit_id + seq, 900)) as happened_at
    from events
    join visits using (visit_id)
    """,
    f"""
    make_uuid('event', visit_id, seq) as "eventId",
    wire_time(happened_at + to_seconds(case when change = 1 then 7 else 0 end), wire_offset, wire_suffix)
        as "timestamp",
    user_id as "userId",
    event_type as "eventType",
    {{
        'moduleId': case when event_type = 'quiz_answer' then getvariable('modules')[1 + quiz_module_no]
            when seq in (3, 4) then getvariable('modules')[1 + previous_module_no]
            when seq in (5, 6) then getvariable('modules')[1 + module_no] end,
        'quizId': case when event_type = 'quiz_answer'
            then replace(getvariable('modules')[1 + quiz_module_no], 'mod-', 'quiz-') end,
        'scenarioId': case when event_type = 'saleslab_turn' then getvariable('scenarios')[1 + scenario_no] end,
        'turnIndex': turn_index,
        'action': case when change = 2 then action || '_again' else action end
    }} as context,
    {{
        'moduleVersion': case
            when seq in (5, 6) or event_type = 'quiz_answer' and finishes then '1.' || module_release
            when seq in (3, 4) or event_type = 'quiz_answer' then '1.' || previous_module_release end,
        'scenarioVersion': case when event_type = 'saleslab_turn' then '2.' || scenario_release end,
        'promptVersion': case when event_type = 'saleslab_turn' then 'p' || prompt_release end
    }} as version,
    {_SCOPE}
    """,
)

SESSION_LOG = Table(
    "session_log",
    28,
    """
    with sessions as (
        select visit_id, 0 as seq, 'learning' as engine, learn_at as at_seconds, learn_seconds as lasts_seconds,
            case when finishes then 'success' when finish < 0.84 then 'partial' end as outcome,
            3 + pick('pages', visit_id, 10) as turn_count,
            null::integer as correct, null::integer as attempts, null::boolean as is_won
        from visits where is_learning
        union all
        select visit_id, 1, 'quiz', quiz_at, quiz_seconds,
            case when ending < 0.05 then null when ending < 0.08 then 'partial'
                when correct_answers >= 0.6 * answers then 'success' else 'fail' end,
            answers, correct_answers, null, null
        from visits where has_quiz
        union all
        select visit_id, 2, 'saleslab', lab_at, lab_seconds,
            case when ending > 0.96 then null
                when upsell_attempts > 0 and is_upsell_won then 'success'
                when ending < 0.3 + 0.4 * experience then 'partial' else 'fail' end,
            turns, null, upsell_attempts, case when upsell_attempts > 0 then is_upsell_won end
        from visits where has_lab
    )
    select
        sessions.*,
        start_at + to_milliseconds(at_seconds * 1000) as happened_at,
        lasts_seconds * 1000 + pick('ms-session', visit_id + seq, 900) as lasts_ms,
        case when roll('wrong-duration', visit_id + seq) < 0.01
            then seconds_between('wrong-by', visit_id + seq, 5, 600) else 0 end as wrong_by_seconds
    from sessions
    join visits using (visit_id)
    """,
    f"""
    make_uuid('session', visit_id, seq) as "sessionId",
    user_id as "userId",
    engine as "engine",
    wire_time(happened_at, wire_offset, wire_suffix) as "startTime",
    wire_time(happened_at + to_milliseconds(lasts_ms + case when change = 1 then 5000 else 0 end),
        wire_offset, wire_suffix) as "endTime",
    -- Whole seconds or tenths, as clients differ; less than a second off, unless the sender was wrong.
    case when clock < 0.5 then round((lasts_ms // 1000)::double, 1) else (lasts_ms // 100) / 10.0 end
        + wrong_by_seconds + case when change = 1 then 5 else 0 end as "durationSec",
    case when change = 2 then case when outcome = 'partial' then 'fail' else 'partial' end else outcome end
        as "outcome",
    {{'turnCount': turn_count, 'correctAnswers': correct, 'upsellAttempts': attempts, 'upsellSuccess': is_won}}
        as summary,
    {{
        'moduleVersion': case when engine = 'learning' or engine = 'quiz' and finishes then '1.' || module_release
            when engine = 'quiz' then '1.' || previous_module_release end,
        'scenarioVersion': case when engine = 'saleslab' then '2.' || scenario_release end,
        'promptVersion': case when engine = 'saleslab' then 'p' || prompt_release end
    }} as version,
    {_SCOPE}
    """,
)

INTERACTION_LOG = Table(
    "interaction_log",
    14,
    """
    with interactions as (
        select visit_id, 200 + turn as seq, 'saleslab' as engine, 2 as session_seq,
            lab_at + lab_seconds * (turn + 1) // turns as at_seconds,
            turn >= turns - 1 - upsell_attempts and turn < turns - 1 as is_upsell
        from (select *, unnest(range(turns)) as turn from visits where has_lab)
        union all
        select visit_id, 0, 'module', 0, learn_at + learn_seconds // 2, false from visits
        where is_learning and roll('asks', visit_id) < 0.4
        union all
        select visit_id, 1, 'quiz', 1, quiz_at + quiz_seconds // 2, false from visits
        where has_quiz and roll('hint', visit_id) < 0.25
    )
    select
        interactions.*,
        start_at + to_milliseconds(at_seconds * 1000 + pick('ms-interaction', visit_id + seq, 900)) as happened_at
    from interactions
    join visits using (visit_id)
    """,
    f"""
    make_uuid('interaction', visit_id, seq) as "interactionId",
    make_uuid('session', visit_id, session_seq) as "sessionId",
    wire_time(happened_at + to_seconds(case when change = 1 then 3 else 0 end), wire_offset, wire_suffix)
        as "timestamp",
    user_id as "userId",
    engine as "engine",
    getvariable('questions')[1 + pick('input', visit_id + seq, len(getvariable('questions')))] as "input",
    case when change = 2 then 'Let me say that again.'
        when roll('silent', visit_id + seq) >= 0.03
        then getvariable('answers')[1 + pick('output', visit_id + seq, len(getvariable('answers')))] end as "output",
    {{
        'difficultyLevel': case
            when engine = 'saleslab' then 1 + floor(4.4 * experience + roll('level', visit_id))::integer
            when engine = 'quiz' then 2 end,
        'personaId': case when engine = 'saleslab'
            then format('persona-{{:02d}}', 1 + pick('persona', visit_id, 9)) end,
        'traitActivation': case when engine = 'saleslab'
            then list_filter(['budget', 'hurry', 'doubt', 'loyal', 'expert'], lambda trait, i:
                draw('trait', visit_id * 8 + i) % 5 = 0)
            else []::varchar[] end,
        'upsellTriggered': is_upsell
    }} as metadata,
    {{
        'moduleVersion': case when engine = 'module' or engine = 'quiz' and finishes then '1.' || module_release
            when engine = 'quiz' then '1.' || previous_module_release end,
        'scenarioVersion': case when engine = 'saleslab' then '2.' || scenario_release end,
        'promptVersion': case when engine = 'saleslab' then 'p' || prompt_release end
    }} as version,
    {_SCOPE}
    """,
)

TABLES = (EVENT_LOG, INTERACTION_LOG, SESSION_LOG)


def make_rows(connection: duckdb.DuckDBPyConnection, table: Table, copies: int | None = None) -> TableCounts:
    """Fills the temporary table of that name: every delivery of every record, with the number of its file.

    ``copies`` is how many records are delivered a second time; by default ``COPY_SHARE`` of them.
    """
    # The table's name is a constant of this module, never data.
    connection.execute(
        f"""
        create or replace temp table {table.name} as
        with happened as (
            select
                *,
                '{table.name}' as salt,
                visit_id * 1000 + seq as record_no,
                roll('{table.name}-crossed', visit_id * 1000 + seq) < 0.0003 as is_crossed
            from ({table.rows})
        )
        select
            * exclude (salt),
            0::tinyint as copy_no,
            0::tinyint as change,
            happened_at + case
                when roll(salt || '-late', record_no) < 0.014 then to_days(1 + pick(salt || '-lag', record_no, 6))
                when roll(salt || '-late', record_no) < 0.016 then to_days(7 + pick(salt || '-lag', record_no, 40))
                else interval 20 seconds end as delivered_at
        from happened
        """
    )
    if copies is None:
        copies = int(_number(connection, f"select count(*) from {table.name}") * COPY_SHARE)
    # A copy comes minutes or days after the first delivery. Records with a special fate of their own are left alone.
    connection.execute(
        f"""
        insert into {table.name}
        select
            * exclude (place) replace (
                1 as copy_no,
                case when place <= $2 then 1 + place % 2 else 0 end as change,
                delivered_at + case when place % 3 = 0 then to_days(1 + pick('redelivery', record_no, 20))
                    else to_seconds(seconds_between('redelivery', record_no, 30, 1800)) end as delivered_at
            )
        from (
            select {table.name}.*, row_number() over (order by draw('copy', record_no), record_no) as place
            from {table.name}
            join visits using (visit_id)
            where is_known and not is_crossed {"and event_type <> 'reward_claim'" if table is EVENT_LOG else ""}
            qualify place <= $1
        )
        """,
        [copies, int(copies * CONFLICT_SHARE_OF_COPIES)],
    )
    return _count(connection, table)


def file_numbers(connection: duckdb.DuckDBPyConnection, table: Table) -> list[int]:
    """Numbers of the table's files that hold a record, in order."""
    found = connection.execute(f"select distinct {_file_number(table)} as number from {table.name} order by number")
    return [int(row[0]) for row in found.fetchall()]


def write_rows(connection: duckdb.DuckDBPyConnection, table: Table, number: int, path: str) -> int:
    """Writes the records of one file as NDJSON in the order of their delivery; their number."""
    written = connection.execute(
        f"""
        copy (
            select {table.record}
            from {table.name}
            join visits using (visit_id)
            where {_file_number(table)} = $1
            order by delivered_at, record_no, copy_no
        ) to $2 (format json)
        """,
        [number, path],
    ).fetchone()
    return int(written[0]) if written else 0


def _file_number(table: Table) -> str:
    # What is delivered after the end comes with the last file, so that the period is complete.
    return (
        f"least(greatest(delivered_at::date - getvariable('first_day'), 0), getvariable('days') - 1)"
        f" // {table.days_per_file}"
    )


def _count(connection: duckdb.DuckDBPyConnection, table: Table) -> TableCounts:
    special = {
        EVENT_LOG.name: "0, count(*) filter (where action in ('summer_raffle', 'beta_tester') and is_known "
        "and not is_crossed)",
        SESSION_LOG.name: "count(*) filter (where wrong_by_seconds > 0 and copy_no = 0 and is_known "
        "and not is_crossed), 0",
        INTERACTION_LOG.name: "0, 0",
    }[table.name]
    counted = connection.execute(
        f"""
        select
            count(*),
            count(*) filter (where copy_no = 1 and change = 0),
            count(*) filter (where change > 0),
            count(*) filter (where is_crossed or not is_known),
            count(*) filter (where delivered_at >= happened_at + interval 1 day),
            {special}
        from {table.name}
        join visits using (visit_id)
        """
    ).fetchone()
    assert counted is not None
    return TableCounts(*(int(value) for value in counted))


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0
