{% macro percentile_position(value_count, quantile) -%}
    (cast({{ value_count }} - 1 as float8) * cast('{{ quantile }}' as float8))
{%- endmacro %}
