-- One row per batch, user and local day whose numbers the batch may change: the work list of every model after it.
-- Others than its own records change too: copies of its ids, later starts of its attempts, its interactions' sessions.
-- Not materialized: each step reads only the part of the history it asks for.
with logs as not materialized (
    {{ records_of_training_logs() }}
),

arrivals as (
    select
        logs._batch_id as cause,
        logs.*
    from logs
    where {{ is_touched('batch', 'logs', '_batch_id') }}
),

changed_places as (
    select distinct
        places._batch_id as cause,
        places.region_id,
        places.country_id,
        places.branch_id,
        places.team_id
    from {{ source('training', 'org_scope') }} as places
    where {{ is_touched('batch', 'places', '_batch_id') }}
),

moved as (
    select
        logs.*,
        changed_places.cause
    from changed_places
    inner join logs
        on
            changed_places.region_id = logs.region_id
            and changed_places.country_id = logs.country_id
            and changed_places.branch_id = logs.branch_id
            and changed_places.team_id = logs.team_id
            and changed_places.cause > logs._batch_id
),

repeated as (
    select * from {{ ref('int_training__duplicate_records') }}
),

-- an id may have another winner when a copy of it comes, and when a copy comes into scope or goes out of it
judged_again as (
    select
        repeated._batch_id as cause,
        repeated.record_table,
        repeated.record_id
    from repeated
    where {{ is_touched('batch', 'repeated', '_batch_id') }}
    union
    select
        cause,
        record_table,
        record_id
    from moved
),

copies as (
    select distinct
        judged_again.cause,
        logs.*
    from judged_again
    inner join repeated
        on
            judged_again.record_table = repeated.record_table
            and judged_again.record_id = repeated.record_id
            and judged_again.cause >= repeated._batch_id
    inner join logs
        on
            repeated.record_table = logs.record_table
            and repeated._batch_id = logs._batch_id
            and repeated._line_number = logs._line_number
),

changed as (
    {{ changes_of(['arrivals', 'copies', 'moved']) }}
),

-- a start or completion that comes, goes or moves can move the attempt of the records after it; after it may mean
-- by the local clock only, where a user changes time zone between start and completion
same_attempt as (
    select distinct
        changed.cause,
        logs.*
    from changed
    inner join logs
        on
            changed.user_id = logs.user_id
            and changed.module_id = logs.module_id
            and changed.module_version = logs.module_version
            and changed.cause >= logs._batch_id
    where
        changed.event_type in ('module_start', 'module_complete')
        and logs.event_type in ('module_start', 'module_complete')
        and (
            logs.event_time > changed.event_time
            or (
                logs.event_time > changed.event_time - interval '2 days'
                and (logs.region_id, logs.country_id, logs.branch_id, logs.team_id)
                <> (changed.region_id, changed.country_id, changed.branch_id, changed.team_id)
            )
        )
),

their_sessions as (
    select distinct
        changed.cause,
        logs.*
    from changed
    inner join logs on changed.of_session_id = logs.record_id and changed.cause >= logs._batch_id
    where logs.record_table = 'session_log'
),

concerned as (
    select * from arrivals
    union all
    select * from copies
    union all
    select * from same_attempt
    union all
    select * from their_sessions
),

scoped as (
    {{ resolve_scope('concerned', 'event_time') }}
)

select
    concerned.cause as batch_id,
    concerned.user_id,
    scoped.business_date
from concerned
inner join scoped
    on concerned._batch_id = scoped._batch_id and concerned._line_number = scoped._line_number
union
-- where the organisation changes, the day a record had before is not known any more: it is at most one off the UTC date
select
    moved.cause as batch_id,
    moved.user_id,
    {{ add_days('moved._event_date', 'shifts.days') }} as business_date
from moved
cross join (values (-1), (0), (1)) as shifts (days)
