"""The story behind the rows: who works where, who comes on which day, and what happens in that visit. All in DuckDB.

Every draw is a hash of (seed, what is drawn, for whom), so a row does not depend on the order in which it was made.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta

import duckdb

from strata.areas.training.sample.organisation import COUNTRIES, Team, build_teams
from strata.areas.training.sample.phrases import ANSWERS, QUESTIONS
from strata.errors import UsageError

EVENTS_PER_USER_DAY = 24 / 90
MODULES = (
    "mod-welcome", "mod-product-basics", "mod-store-safety", "mod-greeting", "mod-needs-analysis", "mod-objections",
    "mod-upselling", "mod-checkout", "mod-returns", "mod-loyalty", "mod-data-protection", "mod-coaching",
)  # fmt: skip
SCENARIOS = (
    "scn-first-visit", "scn-price-doubt", "scn-gift", "scn-return", "scn-comparison", "scn-in-a-hurry", "scn-family",
    "scn-loyal-customer",
)  # fmt: skip
# Local hours at which people train: before opening, in the quiet afternoon, a few late in the evening.
HOURS = (
    8, 8, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 12, 12, 13, 13, 13, 14, 14, 14, 14, 14, 14,
    15, 15, 15, 15, 15, 15, 16, 16, 16, 16, 17, 17, 17, 18, 18, 19, 19, 20, 20, 21, 22, 23,
)  # fmt: skip
# A day on which nothing may cross local midnight starts its visits at this hour at the latest.
LAST_SAFE_HOUR = 15


@dataclass(frozen=True)
class Story:
    """What was told: the first day, the teams, and how many people came."""

    first_day: date
    teams: list[Team]
    users: int

    def visits_for_damage(self, connection: duckdb.DuckDBPyConnection, limit: int) -> list[dict[str, str]]:
        """Some visits of people in scope, as text: user_id, started_at (RFC 3339, UTC) and the ids of the scope."""
        names = ("user_id", "started_at", "region_id", "country_id", "branch_id", "team_id")
        found = connection.execute(
            """
            select user_id, strftime(start_at, '%Y-%m-%dT%H:%M:%SZ'), region_id, country_id, branch_id, team_id
            from visits
            where is_known
            order by draw('damage', visit_id), visit_id
            limit $1
            """,
            [limit],
        ).fetchall()
        return [dict(zip(names, row, strict=True)) for row in found]


_MACROS = """
-- hash() of several arguments merely xors them: without the outer hash two draws for one person would correlate.
create or replace temp macro draw(salt, id) as hash(hash(getvariable('seed'), salt, id));
create or replace temp macro roll(salt, id) as (draw(salt, id) >> 11) / 9007199254740992.0;
create or replace temp macro pick(salt, id, n) as (draw(salt, id) % n)::integer;
create or replace temp macro seconds_between(salt, id, low, high) as low + pick(salt, id, high - low + 1);
-- RFC 9562 version 8: a uuid made from a digest.
create or replace temp macro digest_uuid(digest) as
    concat(digest[1:8], '-', digest[9:12], '-8', digest[14:16], '-a', digest[18:20], '-', digest[21:32]);
create or replace temp macro make_uuid(kind, visit_id, seq) as
    digest_uuid(md5(concat_ws('/', getvariable('seed'), kind, visit_id, seq)));
-- Nth release of something on a day: each thing has its own rhythm, each region gets it some days later.
create or replace temp macro release(thing, number, day_no, region_id) as (
    1 + (day_no + pick(thing || '-phase', number, 40) + pick('rollout', region_id, 6))
    // (26 + pick(thing || '-period', number, 35))
);
create or replace temp macro wire_time(happened_at, utc_offset, suffix) as
    strftime(happened_at + utc_offset, '%Y-%m-%dT%H:%M:%S.%g') || suffix;
"""

_USERS = """
create or replace temp table users as
with drawn as (
    select
        user_no,
        -- Teams differ in size.
        floor(getvariable('teams') * roll('team', user_no) * (0.6 + 0.4 * roll('team', user_no)))::integer as team_no,
        roll('moves', user_no) < 0.08 as is_mover,
        getvariable('days') // 5 + pick('move-day', user_no, greatest(1, getvariable('days') * 3 // 5)) as move_day,
        roll('veteran', user_no) < 0.65 as is_veteran,
        roll('activity', user_no) as eagerness
    from (select range as user_no from range(getvariable('users')))
),
placed as (
    select
        drawn.*,
        -- The last teams are those that master data does not know; about one user in a hundred works there.
        case when roll('unknown', user_no) < 0.01 then getvariable('teams') - 1 - pick('which', user_no, 2)
            else least(team_no, getvariable('teams') - 3) end as first_team_no
    from drawn
)
select
    user_no,
    format('u-{:06d}', user_no + 1) as user_id,
    first_team_no,
    case when teams.closes_day is not null or roll('far', user_no) < 0.7 then teams.sibling_no
        else pick('new-team', user_no, getvariable('teams') - 2) end as next_team_no,
    case when teams.closes_day is not null then teams.closes_day
        when is_mover then move_day else getvariable('days') end as move_day,
    case when is_veteran then 0 else pick('joins', user_no, getvariable('days') * 9 // 10 + 1) end as join_day,
    case when is_veteran then pick('experience', user_no, 5) else 0 end as prior_visits,
    case when roll('leaves', user_no) < 0.1
        then getvariable('days') // 4 + pick('leave-day', user_no, greatest(1, getvariable('days') * 3 // 4))
        else getvariable('days') end as leave_day,
    0.0165 + 0.147 * eagerness * eagerness * eagerness as activity,
    0.24 * roll('talent', user_no) - 0.12 as talent,
    pick('early', user_no, 3) - 1 as hour_shift,
    roll('clock', user_no) as clock
from placed
join teams on teams.team_no = placed.first_team_no
"""

_VISIT_DAYS = """
create or replace temp table visit_days as
with candidates as (
    select users.*, day_no, user_no * 100000 + day_no as visit_id
    from (select *, unnest(range(join_day, leave_day))::integer as day_no from users) as users
    where roll('visit', user_no * 100000 + day_no) < activity * 1.5
),
settled as (
    select
        candidates.*,
        places.* exclude (team_no),
        getvariable('first_day') + day_no as day,
        isodow(getvariable('first_day') + day_no) as weekday
    from candidates
    join places
        on places.team_no = case when day_no >= move_day then next_team_no else first_team_no end
        and day_no >= places.from_day and day_no < places.to_day
)
select settled.*
from settled
left join holidays on holidays.country_id = settled.country_id and holidays.day_no = settled.day_no
where
    roll('visit', visit_id) < activity
        * (0.9 + 0.3 * settled.day_no / getvariable('days'))
        * ([1.0, 1.15, 1.1, 1.0, 0.85, 0.9, 0.9])[weekday]
        * case when list_contains(weekend, weekday) then 0.25 else 1 end
        * case when holidays.day_no is not null then 0.08 else 1 end
"""

_VISITS = """
create or replace temp table visits as
with counted as (
    select
        *,
        prior_visits + row_number() over by_day as visit_count,
        (sum(is_learning::integer) over by_day)::bigint as step,
        max(day_no) filter (where is_learning)
            over (by_day rows between unbounded preceding and 1 preceding) as previous_learning_day
    from (select *, roll('learns', visit_id) < 0.48 as is_learning from visit_days)
    window by_day as (partition by user_no order by day_no)
),
planned as (
    select
        *,
        -- A module is finished in the same visit, in the next learning visit, or never.
        roll('finish', user_no * 1000 + step) as finish,
        is_learning and step > 1 and roll('finish', user_no * 1000 + step - 1) between 0.58 and 0.84
            as finishes_previous,
        (step - 1 + pick('course', user_no, 12)) % 12 as module_no,
        (step + 10 + pick('course', user_no, 12)) % 12 as previous_module_no,
        visit_count / (visit_count + 5.0) as experience,
        pick('scenario', visit_id, 8) as scenario_no
    from counted
),
decided as (
    select
        *,
        is_learning and finish < 0.58 as finishes,
        case when is_learning and (finish < 0.58 or finishes_previous) then roll('quiz', visit_id) < 0.78
            when is_learning then false else roll('quiz', visit_id) < 0.12 end as has_quiz,
        roll('lab', visit_id) < 0.38 as has_lab,
        finishes_previous and roll('resume', visit_id) < 0.5 as resumes,
        -- A few starts never reach the log.
        is_learning and roll('lost-start', visit_id) >= 0.02 as starts,
        case when is_learning and finish < 0.58 then module_no else previous_module_no end as quiz_module_no,
        4 + pick('answers', visit_id, 4) as answers,
        3 + pick('turns', visit_id, 7) as turns,
        release('module', module_no, day_no, region_id) as module_release,
        release('module', previous_module_no, coalesce(previous_learning_day, day_no), region_id)
            as previous_module_release,
        release('scenario', scenario_no, day_no, region_id) as scenario_release,
        release('prompt', 0, day_no, region_id) as prompt_release,
        roll('second-login', visit_id) < 0.12 as has_second_login
    from planned
),
scored as (
    select
        *,
        least(answers, floor(answers * (0.28 + 0.52 * experience + talent + 0.4 * roll('score', visit_id))))::integer
            as correct_answers,
        least(turns - 2, ([0, 0, 0, 1, 1, 1, 1, 2, 2, 3])[1 + pick('attempts', visit_id, 10)]) as upsell_attempts,
        roll('upsell', visit_id) < 0.14 + 0.55 * experience + 0.03 * prompt_release + talent as is_upsell_won,
        roll('ending', visit_id) as ending,
        roll('reward', visit_id) < 0.16 as has_reward,
        getvariable('hours')[1 + pick('hour', visit_id, len(getvariable('hours')))] as drawn_hour
    from decided
),
timed as (
    select
        *,
        case when finishes_previous then seconds_between('d-previous', visit_id, 120, 900) else 0 end
            as previous_seconds,
        seconds_between('d-learn', visit_id, 240, 2400) as learn_seconds,
        answers * seconds_between('d-quiz', visit_id, 12, 60) as quiz_seconds,
        turns * seconds_between('d-lab', visit_id, 15, 75) as lab_seconds,
        seconds_between('g-learn', visit_id, 15, 180) as learn_gap,
        seconds_between('g-quiz', visit_id, 20, 200) as quiz_gap,
        seconds_between('g-lab', visit_id, 20, 300) as lab_gap,
        day + to_hours(least(hour, case when is_day_fenced then getvariable('last_safe_hour') else 23 end))
            + to_milliseconds(pick('minute', visit_id, 3600000)) as local_start
    from (
        select
            *,
            -- People come early or late by habit.
            drawn_hour + case when drawn_hour < 20 then hour_shift else 0 end as hour,
            -- Nothing crosses midnight where the next day has another place, or is beyond the period.
            day_no + 1 in (to_day, getvariable('days')) as is_day_fenced
        from scored
    )
),
placed as (
    select
        *,
        local_start - (timezone(timezone, local_start) at time zone 'UTC') as zone_offset,
        (timezone(timezone, local_start) at time zone 'UTC') as start_at,
        learn_gap + previous_seconds as learn_at,
        learn_gap + previous_seconds + case when is_learning then learn_seconds else 0 end + quiz_gap as quiz_at
    from timed
)
select
    * exclude (quiz_at, zone_offset),
    quiz_at,
    quiz_at + case when has_quiz then quiz_seconds else 0 end + lab_gap as lab_at,
    -- How the user's device writes time: in UTC, with the local offset, or without a word (which means UTC).
    case when clock >= 0.78 and clock < 0.93 then zone_offset else interval 0 seconds end as wire_offset,
    case when clock < 0.78 then 'Z'
        when clock < 0.93 then format('{}{:02d}:{:02d}', case when epoch(zone_offset) < 0 then '-' else '+' end,
            abs(epoch(zone_offset)::integer) // 3600, abs(epoch(zone_offset)::integer) % 3600 // 60)
        else '' end as wire_suffix,
    1 + has_second_login::integer + starts::integer + finishes::integer + finishes_previous::integer
        + resumes::integer + case when has_quiz then answers else 0 end + case when has_lab then turns else 0 end
        + has_reward::integer as records,
    false as has_extra_login
from placed
"""

_CUT = """
create or replace temp table kept as
with running as (
    select visit_id, sum(records) over (order by visit_id) as so_far from visits
)
select visit_id, so_far from running where so_far <= getvariable('records')
"""

# Whole visits never add up to the number that was asked for: a few people log in once more.
_FILL = """
create or replace temp table visits as
select visits.* replace (coalesce(extra.visit_id is not null, false) as has_extra_login)
from visits
join kept using (visit_id)
left join (
    select visit_id from kept
    order by draw('extra-login', visit_id), visit_id
    limit (select getvariable('records') - max(so_far) from kept)
) as extra using (visit_id)
order by visit_id
"""


def tell_story(
    connection: duckdb.DuckDBPyConnection,
    *,
    records: int,
    days: int,
    last_day: date,
    seed: int,
) -> Story:
    """Fills the temporary table ``visits``: one row per user and day of training, with all that happens in it.

    ``records`` is the number of events the visits hold together, reached exactly.
    """
    first_day = last_day - timedelta(days=days - 1)
    expected_users = max(20, round(records / (EVENTS_PER_USER_DAY * days)))
    teams = build_teams(expected_users, first_day, days)
    _set_variables(
        connection,
        seed=seed, days=days, first_day=first_day, records=records, teams=len(teams), hours=list(HOURS),
        last_safe_hour=LAST_SAFE_HOUR, modules=list(MODULES), scenarios=list(SCENARIOS),
        questions=list(QUESTIONS), answers=list(ANSWERS),
    )  # fmt: skip
    connection.execute(_MACROS)
    _write_organisation(connection, teams, first_day, days)
    # People come until the events are there; a pool that was too small is doubled (a person does not depend on it).
    pool = expected_users * 5 // 4
    for _ in range(8):
        _set_variables(connection, users=pool)
        for statement in (_USERS, _VISIT_DAYS, _VISITS):
            connection.execute(statement)
        found = connection.execute("select coalesce(sum(records), 0) from visits").fetchone()
        if found is not None and found[0] >= records:
            connection.execute(_CUT)
            connection.execute(_FILL)
            users = connection.execute("select count(distinct user_no) from visits").fetchone()
            return Story(first_day, teams, users[0] if users else 0)
        pool *= 2
    raise UsageError(f"{records} events do not fit into {days} days. Ask for fewer events or for more days.")


def _set_variables(connection: duckdb.DuckDBPyConnection, **values: object) -> None:
    for name, value in values.items():
        connection.execute(f"set variable {name} = $1", [value])


def _write_organisation(connection: duckdb.DuckDBPyConnection, teams: list[Team], first_day: date, days: int) -> None:
    def day_number(day: date) -> int:
        return max(-1, min(days + 1, (day - first_day).days))

    weekends = {country.country_id: list(country.weekend) for country in COUNTRIES}
    connection.execute(
        "create or replace temp table teams as select unnest($1::struct(team_no integer, sibling_no integer, "
        "closes_day integer)[], recursive := true)",
        [[
            {"team_no": number, "sibling_no": team.sibling,
             "closes_day": day_number(end) if (end := team.places[-1].valid_to) else None}
            for number, team in enumerate(teams)
        ]],
    )  # fmt: skip
    connection.execute(
        "create or replace temp table places as select unnest($1::struct(team_no integer, from_day integer, "
        "to_day integer, region_id varchar, country_id varchar, branch_id varchar, team_id varchar, "
        "timezone varchar, weekend integer[], is_known boolean)[], recursive := true)",
        [[
            {"team_no": number, "from_day": day_number(place.valid_from),
             "to_day": day_number(place.valid_to) if place.valid_to else days + 1,
             **{name: value for name, value in asdict(place).items() if not name.startswith("valid")},
             "weekend": weekends[place.country_id], "is_known": team.is_known}
            for number, team in enumerate(teams) for place in team.places
        ]],
    )  # fmt: skip
    connection.execute(
        "create or replace temp table holidays as select unnest($1::struct(country_id varchar, day_no integer)[], "
        "recursive := true)",
        [[
            {"country_id": country.country_id, "day_no": number}
            for country in COUNTRIES
            for number in range(days)
            if ((day := first_day + timedelta(days=number)).month, day.day) in country.holidays
        ]],
    )  # fmt: skip
