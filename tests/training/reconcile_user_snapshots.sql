-- A snapshot is the one before it and what the user did since: points and badges go on from there, versions stay
-- until a record brings another, and the place is that of the latest instant. Day by day and hour by hour.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set versions = ['module_version', 'scenario_version', 'prompt_version'] %}
{% set snapshots = {
    'snapshot_daily_user': ('int_training__user_day', ['date']),
    'snapshot_hourly_user': ('int_training__user_hour', ['date', 'hour']),
} %}
with
{% for snapshot, (activity, period) in snapshots.items() %}
tested_{{ snapshot }} as (
    select snapshots.* from {{ tested_rows(ref(snapshot)) }} as snapshots
),

activity_{{ snapshot }} as (
    select
        {{ "activity.business_hour as hour," if 'hour' in period }}
        activity.*,
        activity.business_date as date
    from {{ tested_rows(ref(activity), 'user_from', 'business_date') }} as activity
),

history_{{ snapshot }} as (
    select
        user_id,
        {{ period | join(', ') }},
        lag(xp_total) over so_far as previous_xp_total,
        lag(badges_owned) over so_far as previous_badges_owned,
        {{ for_each(versions, 'lag(latest_{0}) over so_far as previous_latest_{0}') }}
    from {{ ref(snapshot) }}
    where user_id in (select activity.user_id from activity_{{ snapshot }} as activity)
    window so_far as (partition by user_id order by {{ period | join(', ') }})
),

-- the place of the latest instant so far: by the local clock, at most two days before (a traveller's goes back)
last_place_{{ snapshot }} as (
    select *
    from (
        select
            periods.user_id,
            {{ for_each(period, 'periods.{0}') }},
            {{ for_each(scope, 'records.{0}') }},
            row_number() over (
                partition by periods.user_id, {{ for_each(period, 'periods.{0}') }}
                order by
                    records.last_record_at desc,
                    {{ for_each(scope, binary_order('records.{0}') ~ ' desc', ', ') }}
            ) as recency
        from activity_{{ snapshot }} as periods
        inner join {{ ref(activity) }} as records
            on
                periods.user_id = records.user_id
                and records.business_date between {{ add_days('periods.date', -2) }} and periods.date
        where
            records.last_record_at is not null
            {%- if 'hour' in period %}
            and (records.business_date < periods.date or records.business_hour <= periods.hour)
            {%- endif %}
    ) as ranked
    where recency = 1
),

{% for column in versions %}
last_{{ column }}_{{ snapshot }} as (
    select *
    from (
        select
            user_id,
            {{ period | join(', ') }},
            {{ column }},
            row_number() over (
                partition by user_id, {{ period | join(', ') }}
                order by last_record_at desc, {{ binary_order(column) }} desc
            ) as recency
        from activity_{{ snapshot }}
        where last_record_at is not null and {{ column }} is not null
    ) as ranked
    where recency = 1
),

{% endfor %}
done_{{ snapshot }} as (
    select
        user_id,
        {{ period | join(', ') }},
        sum(attempts_completed) as module_completed,
        sum(quizzes_completed) as quiz_completed,
        sum(saleslab_sessions) as saleslab_sessions,
        sum(xp_earned) as xp_earned,
        string_agg(nullif(array_to_string(badges_earned, chr(31)), ''), chr(31)) as badges
    from activity_{{ snapshot }}
    group by user_id, {{ period | join(', ') }}
),

expected_{{ snapshot }} as (
    select
        done.user_id,
        {% for column in period %}
        done.{{ column }},
        {% endfor %}
        done.module_completed,
        done.quiz_completed,
        done.saleslab_sessions,
        last_place.{{ scope | join(', last_place.') }},
        coalesce(history.previous_xp_total, 0) + done.xp_earned as xp_total,
        {{ split_sorted_distinct(
            "concat_ws(chr(31), nullif(array_to_string(history.previous_badges_owned, chr(31)), ''), done.badges)"
        ) }} as badges_owned,
        {{ for_each(versions, 'coalesce(last_{0}.{0}, history.previous_latest_{0}) as latest_{0}') }}
    from done_{{ snapshot }} as done
    left join history_{{ snapshot }} as history
        on {{ for_each(['user_id'] + period, 'done.{0} = history.{0}', ' and ') }}
    {% for column in ['place'] + versions %}
    left join last_{{ column }}_{{ snapshot }} as last_{{ column }}
        on {{ for_each(['user_id'] + period, 'done.{0} = last_' ~ column ~ '.{0}', ' and ') }}
    {% endfor %}
){{ ',' if not loop.last }}

{% endfor %}
{% for snapshot, (activity, period) in snapshots.items() %}
select
    relation,
    user_id,
    date,
    finding
from (
    {{ reconciled(
        snapshot, 'expected_' ~ snapshot, 'tested_' ~ snapshot, ['user_id'] + period,
        [
            'module_completed', 'quiz_completed', 'saleslab_sessions', 'xp_total', 'badges_owned', 'latest_module_version',
            'latest_scenario_version', 'latest_prompt_version'
        ] + scope
    ) }}
) as found
{{ 'union all' if not loop.last }}
{% endfor %}
