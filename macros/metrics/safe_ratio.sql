{% macro safe_ratio(numerator, denominator) -%}
    (cast({{ numerator }} as float8) / nullif(cast({{ denominator }} as float8), 0))
{%- endmacro %}
