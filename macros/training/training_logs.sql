{% macro training_logs() -%}
    {%- do return([
        ('event_log', 'event_id', 'timestamp'),
        ('interaction_log', 'interaction_id', 'timestamp'),
        ('session_log', 'session_id', 'start_time')
    ]) -%}
{%- endmacro %}
