{% macro reconciled(relation, expected, actual, key, columns, bounds={}) -%}
    select
        '{{ relation }}' as relation,
        {%- for column in key %}
        {{ column }},
        {%- endfor %}
        finding
    from (
        select
            {%- for column in key %}
            {{ column }},
            {%- endfor %}
            case
                when sum(is_actual) = 0 then 'the row is missing'
                when sum(1 - is_actual) = 0 then 'the row should not be there'
                when sum(is_actual) > 1 then 'the row is there twice'
                else concat_ws(
                    ', '
                    {%- for column in columns %},
                    case
                        when max(case when is_actual = 1 then {{ column }} end)
                            is distinct from max(case when is_actual = 0 then {{ column }} end)
                            then '{{ column }}'
                    end
                    {%- endfor %}
                    {%- for column, bound in bounds.items() %},
                    case
                        when coalesce(abs(
                            max(case when is_actual = 1 then {{ column }} end)
                            - max(case when is_actual = 0 then {{ column }} end)
                        ), 0) > {{ bound }} or count({{ column }}) = 1
                            then '{{ column }}'
                    end
                    {%- endfor %}
                )
            end as finding
        from (
            {%- for side in [expected, actual] %}
            select
                {%- for column in key + columns + bounds.keys() | list %}
                {{ column }},
                {%- endfor %}
                {{ loop.index0 }} as is_actual
            from {{ side }}
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as both_sides
        group by {{ key | join(', ') }}
    ) as compared
    where finding <> ''
{%- endmacro %}
