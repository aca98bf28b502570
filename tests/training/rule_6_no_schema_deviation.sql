-- Section 6, no schema deviation (E_SCHEMA_MISMATCH): every raw table has exactly the columns of its contract.
-- depends_on: {{ source('training', 'event_log') }}
-- depends_on: {{ source('training', 'interaction_log') }}
-- depends_on: {{ source('training', 'org_scope') }}
-- depends_on: {{ source('training', 'session_log') }}
{{ deviating_columns('training', 'source') }}
