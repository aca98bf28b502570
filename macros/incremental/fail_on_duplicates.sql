{% macro fail_on_duplicates(relation, key, code) -%}
    {%- set columns = key | map('trim') | join(', ') -%}
    {%- set found = run_query(
        'select ' ~ columns ~ ', count(*) as copies from ' ~ relation
        ~ ' group by ' ~ columns ~ ' having count(*) > 1 order by ' ~ columns ~ ' limit 1'
    ).rows -%}
    {%- if found | length > 0 -%}
        {%- do exceptions.raise_compiler_error(
            code ~ ': ' ~ this ~ ' would hold two rows for one key (' ~ columns ~ '), for example '
            ~ (found[0] | map('string') | join(', ')) ~ ' copies. Nothing was written. '
            ~ 'Look for a model upstream whose grain is broken, correct it and run again.'
        ) -%}
    {%- endif -%}
{%- endmacro %}
