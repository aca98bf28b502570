{#- The zeros behind the last digit go, then a point that stands alone. least() and greatest() leave nulls out. -#}
{% macro trimmed_decimal(number) -%}
    {%- set bounded = 'greatest(least(cast(' ~ number ~ " as float8), cast('1e16' as float8)), cast('-1e16' as float8))" -%}
    case when {{ number }} is not null then rtrim(rtrim(cast({{ decimal_of_double(bounded) }} as text), '0'), '.') end
{%- endmacro %}
