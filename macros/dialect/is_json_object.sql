{% macro is_json_object(document, flat=false) -%}
    {{ adapter.dispatch('is_json_object', 'strata')(document, flat) }}
{%- endmacro %}

{% macro default__is_json_object(document, flat) -%}
    (
        case
            when {{ document }} is null then null
            when json_typeof({{ document }}) <> 'object' then false
            {%- if flat %}
            else not exists (
                select 1 from json_each({{ document }}) as pair where json_typeof(pair.value) in ('object', 'array')
            )
            {%- else %}
            else true
            {%- endif %}
        end
    )
{%- endmacro %}

{% macro duckdb__is_json_object(document, flat) -%}
    (
        json_type({{ document }}) = 'OBJECT'
        {%- if flat %}
        and not list_has_any(json_type({{ document }}, '$.*'), ['OBJECT', 'ARRAY'])
        {%- endif %}
    )
{%- endmacro %}
