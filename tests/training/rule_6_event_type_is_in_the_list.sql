-- Section 6, allowed event types: every loaded event has a type that the seed training_event_types names.
select
    events.event_type,
    events._batch_id,
    events._line_number
from {{ tested_rows(source('training', 'event_log')) }} as events
left join {{ ref('training_event_types') }} as event_types
    on events.event_type = event_types.event_type
where event_types.event_type is null
