{% macro is_of_touched_funnel(alias, batches) -%}
    {%- set ids = [] -%}
    {%- for id in touched_funnels(batches) -%}
        {%- do ids.append("'" ~ (id | replace("'", "''")) ~ "'") -%}
    {%- endfor -%}
    {{ alias ~ '.funnel_id in (' ~ ids | join(', ') ~ ')' if ids else 'false' }}
{%- endmacro %}
