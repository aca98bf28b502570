-- What ops says of training's records: sessions whose length is not what their sender says, taken from their instants;
-- interactions of a stranger, by the users that each session has in the log; reward codes that no seed knows, by claim.
{% set mismatch = [
    'area', 'table_name', 'user_id', 'business_date', 'start_time', 'end_time', 'duration_sec', 'batch_id', 'line_number',
] %}
{% set stray = ['area', 'table_name', 'user_id', 'session_user_id', 'business_date', 'batch_id', 'line_number'] %}
with lengths as (
    select
        sessions.*,
        {{ seconds_between('sessions.start_time', 'sessions.end_time') }} as counted_seconds
    from {{ tested_rows(ref('stg_training__session_log'), 'user_day', 'business_date') }} as sessions
    where sessions.duration_sec is not null
),

expected_mismatches as (
    select
        'training' as area,
        'session_log' as table_name,
        lengths.user_id,
        lengths.business_date,
        lengths.start_time,
        lengths.end_time,
        lengths.duration_sec,
        lengths._batch_id as batch_id,
        lengths._line_number as line_number,
        cast(lengths.session_id as text) as session_id,
        lengths.counted_seconds as duration_seconds,
        lengths.duration_sec - lengths.counted_seconds as difference_seconds
    from lengths
    where lengths.duration_sec > lengths.counted_seconds + 1 or lengths.duration_sec < lengths.counted_seconds - 1
),

actual_mismatches as (
    select
        cast(actual.session_id as text) as session_id,
        actual.duration_seconds,
        actual.difference_seconds,
        actual.{{ mismatch | join(',\n        actual.') }}
    from {{ tested_rows(ref('duration_mismatches'), 'user_day', 'business_date') }} as actual
),

expected_strays as (
    select
        'training' as area,
        'interaction_log' as table_name,
        interactions.user_id,
        owners.user_id as session_user_id,
        interactions.business_date,
        interactions._batch_id as batch_id,
        interactions._line_number as line_number,
        cast(interactions.interaction_id as text) as interaction_id,
        cast(interactions.session_id as text) as session_id
    from {{ tested_rows(ref('stg_training__interaction_log'), 'user_day', 'business_date') }} as interactions
    left join {{ ref('stg_training__session_log') }} as owners on interactions.session_id = owners.session_id
    where not coalesce(interactions.user_id = owners.user_id, true)
),

actual_strays as (
    select
        cast(actual.interaction_id as text) as interaction_id,
        cast(actual.session_id as text) as session_id,
        actual.{{ stray | join(',\n        actual.') }}
    from {{ tested_rows(ref('stray_interactions'), 'user_day', 'business_date') }} as actual
),

claims as (
    select
        events.action as reward_code,
        events.user_id,
        events.business_date,
        row_number() over (partition by events.action order by events.business_date) as number_of_claim,
        row_number() over (partition by events.action, events.user_id order by events.business_date) as number_of_user
    from {{ ref('stg_training__event_log') }} as events
    where
        events.event_type = 'reward_claim'
        and not exists (
            select 1
            from {{ ref('training_rewards') }} as rewards
            where rewards.reward_code = events.action
        )
),

expected_codes as (
    select
        'training' as area,
        claims.reward_code,
        max(claims.number_of_claim) as claims,
        sum(case when claims.number_of_user = 1 then 1 else 0 end) as users,
        max(case when claims.number_of_claim = 1 then claims.business_date end) as first_date,
        max(claims.business_date) as last_date
    from claims
    group by claims.reward_code
)

select
    relation,
    session_id as record,
    finding
from (
    {{ reconciled(
        'duration_mismatches', 'expected_mismatches', 'actual_mismatches', ['session_id'],
        mismatch + ['duration_seconds', 'difference_seconds']
    ) }}
) as found
union all
select
    relation,
    interaction_id as record,
    finding
from (
    {{ reconciled(
        'stray_interactions', 'expected_strays', 'actual_strays', ['interaction_id'], stray + ['session_id']
    ) }}
) as found
union all
select
    relation,
    reward_code as record,
    finding
from (
    {{ reconciled(
        'unknown_reward_codes', 'expected_codes', ref('unknown_reward_codes'), ['reward_code'],
        ['area', 'claims', 'users', 'first_date', 'last_date']
    ) }}
) as found
