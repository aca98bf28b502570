{% macro counted_by_scope(by_level, versions=[]) -%}
    select
        business_date as date,
        scope_level,
        scope_id,
        {%- for version in versions %}
        {{ version }},
        {%- endfor %}
        sum(records) as records,
        count(distinct case when records > 0 then user_id end) as users_seen,
        count(distinct case when logins > 0 then user_id end) as active_users,
        count(distinct case when quizzes_completed > 0 then user_id end) as quiz_users,
        sum(attempts_started) as attempts_started,
        sum(attempts_completed) as attempts_completed,
        sum(quizzes_completed) as quizzes_completed,
        sum(quizzes_passed) as quizzes_passed,
        {{ safe_ratio('sum(quizzes_passed)', 'sum(quizzes_completed)') }} as quiz_pass_rate,
        sum(saleslab_sessions) as saleslab_sessions,
        sum(upsell_attempt_sessions) as upsell_attempt_sessions,
        sum(upsell_success_sessions) as upsell_success_sessions,
        {{ safe_ratio('sum(upsell_success_sessions)', 'sum(upsell_attempt_sessions)') }} as upsell_success_rate
    from {{ by_level }}
    group by business_date, scope_level, scope_id {%- for version in versions %}, {{ version }}{% endfor %}
{%- endmacro %}
