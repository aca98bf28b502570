{#- Whole numbers only, so that neither the order of a sum nor an engine decides the last digit. -#}
{% macro rounded_quotient(dividend, divisor, precision, scale) -%}
    {%- set unit = '0.' ~ '0' * (scale - 1) ~ '1' -%}
    cast(
        {{ integer_quotient(
            '(2 * ' ~ '1' ~ '0' * scale ~ ' * (' ~ dividend ~ ') + (' ~ divisor ~ '))', '(2 * (' ~ divisor ~ '))'
        ) }} * cast('{{ unit }}' as numeric({{ scale + 1 }}, {{ scale }})) as numeric({{ precision }}, {{ scale }})
    )
{%- endmacro %}
