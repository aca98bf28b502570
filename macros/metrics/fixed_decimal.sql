{#- Multiplying, adding a half and cutting is the same on every engine; casting a double to a decimal is not. -#}
{% macro fixed_decimal(value, precision, scale) -%}
    {%- set unit = '0.' ~ '0' * (scale - 1) ~ '1' -%}
    cast(
        cast(floor(({{ value }}) * 1{{ '0' * scale }} + cast('0.5' as float8)) as bigint)
        * cast('{{ unit }}' as numeric({{ scale + 1 }}, {{ scale }})) as numeric({{ precision }}, {{ scale }})
    )
{%- endmacro %}
