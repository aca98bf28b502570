{% macro touched_rows(kind, batches=none) -%}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    {%- set kind = kind if kind is mapping else work_kind(kind) -%}
    {%- set columns = 'work.' ~ (kind.match | join(', work.')) -%}
    (
        select
            {{ columns }}
            {%- if kind.from %},
            min(work.{{ kind.from }}) as touched_from
            {%- endif %}
        from {{ kind.list }} as work
        where {{ is_in_work(kind, 'work', batches or batch_range()) }}
        group by {{ columns }}
    )
{%- endmacro %}
