{% macro version_label(column) -%}
    case when count(distinct {{ column }}) > 1 then 'mixed' else max({{ column }}) end
{%- endmacro %}
