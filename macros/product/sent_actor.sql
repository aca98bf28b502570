{% macro sent_actor(alias) -%}
    case
        when {{ alias }}.user_id is not null then 'u:' || {{ alias }}.user_id
        when {{ alias }}.session_id is not null then 's:' || {{ alias }}.session_id
        else ''
    end
{%- endmacro %}
