-- The specification's second validation query, corrected: both sides by session, so that it finds a session that one
-- side lacks, within one second. A session that is left out on purpose is listed with the reason, and no other is.
with counted_events as (
    select events.*
    from {{ source('learning', 'raw_events') }} as events
    left join {{ ref('int_learning__duplicate_events') }} as losers
        on
            events._batch_id = losers._batch_id
            and events._line_number = losers._line_number
            and not losers.is_winner
    where losers._batch_id is null
),

calculated as (
    select
        learner_id,
        session_id,
        {{ seconds_between('min(timestamp)', 'max(timestamp)') }} as calculated_duration
    from counted_events
    group by learner_id, session_id
),

stored as (
    select
        learner_id,
        session_id,
        duration_seconds as stored_duration
    from {{ ref('session_metrics') }}
),

left_out as (
    select * from {{ ref('int_learning__unpublished') }}
    where table_name = 'session_metrics'
)

select  -- noqa: ST06
    coalesce(calculated.learner_id, stored.learner_id) as learner_id,
    coalesce(calculated.session_id, stored.session_id) as session_id,
    calculated.calculated_duration,
    stored.stored_duration
from calculated
full outer join stored
    on calculated.learner_id = stored.learner_id and calculated.session_id = stored.session_id
left join left_out
    on calculated.learner_id = left_out.learner_id and calculated.session_id = left_out.session_id
where
    calculated.calculated_duration is null
    or (stored.stored_duration is null) is distinct from (calculated.calculated_duration >= 99999999.995)
    or (stored.stored_duration is null) is distinct from (left_out.session_id is not null)
    or abs(calculated.calculated_duration - stored.stored_duration) > 1
