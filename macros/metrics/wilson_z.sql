{#- The 97.5 % quantile of the normal distribution, cast from text so that every engine reads the same double. -#}
{% macro wilson_z() -%}
    cast('1.959963984540054' as float8)
{%- endmacro %}
