{#- Body of the two user snapshots: counts of each period, and the user's state at its end. -#}
{% macro user_state(activity, period) -%}
{%- set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] -%}
{%- set versions = ['module_version', 'scenario_version', 'prompt_version'] -%}
{%- set hour = 'hour' in period -%}
    with state_before as (
        {%- if is_incremental() %}
        {{ last_rows_before(this, period) }}
        {%- else %}
        select
            cast(null as text) as user_id,
            cast(null as bigint) as xp_total,
            {{ empty_text_array() }} as badges_owned
            {%- for version in versions %},
            cast(null as text) as latest_{{ version }}
            {%- endfor %}
        where false
        {%- endif %}
    ),

    periods as (
        select
            user_id,
            business_date as date,
            {{ 'hour,' if hour }}
            is_touched,
            cast(sum(attempts_completed) as bigint) as module_completed,
            cast(sum(quizzes_completed) as bigint) as quiz_completed,
            cast(sum(saleslab_sessions) as bigint) as saleslab_sessions,
            cast(sum(xp_earned) as bigint) as xp_earned,
            {{ joined_arrays('badges_earned') }} as badges,
            max(last_record_at) as last_record_at
            {%- for column in scope %},
            {{ latest_value(column, 'last_record_at', scope) }} as {{ column }}
            {%- endfor %}
            {%- for version in versions %},
            {{ latest_value(version, 'last_record_at', [version]) }} as {{ version }}
            {%- endfor %}
        from {{ activity }} as activity
        group by user_id, business_date, is_touched{{ ', hour' if hour }}
    ),

    numbered as (
        select
            *,
            row_number() over (partition by user_id order by {{ period | join(', ') }}) as period_number
        from periods
    ),

    -- The last version so far is the greatest text that begins with the period's number: one sort serves all columns.
    -- The scope so far is that of the latest instant, not of the latest period: a traveller's local clock can go back.
    running as (
        select
            numbered.*,
            sum(case when is_touched then xp_earned else 0 end) over so_far as xp_so_far,
            string_agg(badges, chr(31)) over so_far as badges_so_far
            {%- for version in versions %},
            max({{ binary_order("lpad(cast(period_number as text), 9, '0') || " ~ version) }}) over so_far
                as numbered_{{ version }}
            {%- endfor %}
            {%- for column in scope %},
            max({{ binary_order(
                "lpad(cast(" ~ microseconds_of('last_record_at') ~ " as text), 16, '0') "
                "|| lpad(cast(period_number as text), 9, '0') || " ~ column
            ) }}) over so_far as timed_{{ column }}
            {%- endfor %}
        from numbered
        window so_far as (partition by user_id order by period_number)
    )

    select
        running.date,
        {{ 'running.hour,' if hour }}
        running.user_id,
        running.module_completed,
        running.quiz_completed,
        running.saleslab_sessions,
        cast(coalesce(state_before.xp_total, 0) + running.xp_so_far as bigint) as xp_total,
        {{ split_sorted_distinct(
            "concat_ws(chr(31), nullif(array_to_string(state_before.badges_owned, chr(31)), ''), running.badges_so_far)"
        ) }} as badges_owned
        {%- for version in versions %},
        coalesce(substr(running.numbered_{{ version }}, 10), state_before.latest_{{ version }}) as latest_{{ version }}
        {%- endfor %}
        {%- for column in scope %},
        substr(running.timed_{{ column }}, 26) as {{ column }}
        {%- endfor %}
    from running
    left join state_before on running.user_id = state_before.user_id
    where running.is_touched
{%- endmacro %}
