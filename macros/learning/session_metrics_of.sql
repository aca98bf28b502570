{#- One row per learner and session, for the table and its live view. -#}
{% macro session_metrics_of(events) -%}
    with content_of_sessions as (
        select
            learner_id,
            session_id,
            substr(counts_as, 1, 6) as content_kind,
            coalesce(case when counts_as like 'lesson%' then lesson_id else assessment_id end, chr(31)) as content_id,
            count(case when counts_as like '%_started' then 1 end) as starts,
            count(case when counts_as like '%_completed' then 1 end) as completions
        from {{ events }}
        where counts_as in ('lesson_started', 'lesson_completed', 'assessment_started', 'assessment_completed')
        group by
            learner_id,
            session_id,
            substr(counts_as, 1, 6),
            coalesce(case when counts_as like 'lesson%' then lesson_id else assessment_id end, chr(31))
    ),

    completion_of_sessions as (
        select
            learner_id,
            session_id,
            count(case when starts > 0 then 1 end) as contents_started,
            count(case when starts > 0 and completions > 0 then 1 end) as contents_completed
        from content_of_sessions
        group by learner_id, session_id
    ),

    activity_of_sessions as (
        select
            learner_id,
            session_id,
            min(timestamp) as session_start,
            max(timestamp) as session_end,
            max(at_microseconds) - min(at_microseconds) as duration_microseconds,
            cast(count(*) as numeric(10, 0)) as total_events,
            cast(count(distinct case when counts_as = 'page_view' then page end) as numeric(10, 0)) as unique_pages,
            {%- for name, kind in {
                'total_interactions': 'interaction',
                'lessons_attempted': 'lesson_started',
                'lessons_completed': 'lesson_completed',
                'assessments_attempted': 'assessment_started',
                'assessments_completed': 'assessment_completed'
            }.items() %}
            cast(count(case when counts_as = '{{ kind }}' then 1 end) as numeric(10, 0)) as {{ name }},
            {%- endfor %}
            count(case when counts_as = 'assessment_completed' then score_millionths end) as scores,
            cast(sum(case when counts_as = 'assessment_completed' then score_millionths end) as bigint) as score_sum
        from {{ events }}
        group by learner_id, session_id
        -- A longer session has no row: its length does not fit the column. int_learning__unpublished lists it.
        having max(at_microseconds) - min(at_microseconds) <= {{ longest_session_microseconds() }}
    )

    select
        activity.*,
        {{ rounded_quotient('activity.duration_microseconds', 1000000, 10, 2) }} as duration_seconds,
        {{ rounded_quotient('activity.score_sum', 'nullif(activity.scores * 10000, 0)', 5, 2) }} as avg_assessment_score,
        {{ rounded_quotient(
            'completion.contents_completed', 'nullif(completion.contents_started, 0)', 5, 4
        ) }} as completion_rate,
        cast(activity.session_start as date) as partition_date
    from activity_of_sessions as activity
    left join completion_of_sessions as completion
        on activity.learner_id = completion.learner_id and activity.session_id = completion.session_id
{%- endmacro %}
