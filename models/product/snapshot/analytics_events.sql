-- One row per event id, the copy that counts, with values as sent.
select
    id,
    event_type,
    event_name,
    timestamp,
    session_id,
    user_id,
    properties,
    context,
    page_url,
    referrer
from {{ ref('stg_product__events') }}
