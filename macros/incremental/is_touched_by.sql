{% macro is_touched_by(kind, alias, column, batches) -%}
    {%- set dated = alias ~ '.' ~ column -%}
    {%- if kind.macro -%}
        {{ context['is_touched__' ~ kind.name](alias, column, batches) }}
    {%- elif kind.match == [kind.day] -%}
        {{ date_is_one_of(dated, touched_dates(kind, batches), kind.days_before, kind.days_after) }}
    {%- elif kind.from -%}
        (
            {{ dated }} >= {{ first_touched_date(kind, batches) }}
            {%- if kind.match %}
            and exists (
                select 1
                from {{ touched_rows(kind, batches) }} as touched
                where
                    touched.touched_from <= {{ dated }}
                    {%- for name in kind.match %}
                    and touched.{{ name }} = {{ alias }}.{{ name }}
                    {%- endfor %}
            )
            {%- endif %}
        )
    {%- else -%}
        (
            {%- set columns = [] -%}
            {%- for name in kind.match -%}
                {%- do columns.append(dated if name == kind.day else alias ~ '.' ~ name) -%}
            {%- endfor -%}
            {%- if kind.day in kind.match %}
            {{ date_is_one_of(dated, touched_dates(kind, batches)) }} and
            {%- endif %}
            ({{ columns | join(', ') }}) in {{ touched_rows(kind, batches) }}
        )
    {%- endif -%}
{%- endmacro %}
