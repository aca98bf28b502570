-- One row per event_id, with those loaded since the last build. Of several copies, the one that was built counts until
-- the next build decides.
with types as (
    select * from {{ ref('learning_event_types') }}
),

built as (
    select * from {{ ref('stg_learning__events') }}
),

waiting as (
    select
        records.*,
        row_number() over (
            partition by records.event_id
            order by records.timestamp, records._batch_id, records._line_number
        ) as preference
    from {{ source('learning', 'raw_events') }} as records
    where records._batch_id > {{ batch_up_to('stg_learning__events') }}
),

added as (
    select {{ learning_event('waiting', 'types') }}
    from waiting
    inner join types on waiting.event_type = types.event_type
    left join built on waiting.event_id = built.event_id
    where waiting.preference = 1 and built.event_id is null
)

{% for relation in ['built', 'added'] %}
select
    event_id,
    learner_id,
    session_id,
    event_type,
    counts_as,
    timestamp,
    at_microseconds,
    page,
    lesson_id,
    assessment_id,
    skill_id,
    has_score,
    score_millionths,
    tenant_id,
    partition_date,
    _batch_id,
    _line_number
from {{ relation }}
{{ 'union all' if not loop.last }}
{%- endfor %}
