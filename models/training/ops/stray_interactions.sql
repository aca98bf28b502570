-- One row per interaction whose session belongs to another user.
-- It counts for its own user and tells nothing of the session.
with interactions as (
    select * from {{ ref('stg_training__interaction_log') }}
),

sessions as (
    select * from {{ ref('stg_training__session_log') }}
)

select
    'training' as area,
    'interaction_log' as table_name,
    interactions.interaction_id,
    interactions.user_id,
    interactions.session_id,
    sessions.user_id as session_user_id,
    interactions.business_date,
    interactions._batch_id as batch_id,
    interactions._line_number as line_number
from interactions
inner join sessions
    on
        interactions.session_id = sessions.session_id
        and interactions.user_id <> sessions.user_id
