{#- least() and greatest() pass over nulls on both engines; the truth table shows it. -#}
{% macro combined_version_label(labels) -%}
    case when least({{ labels | join(', ') }}) <> greatest({{ labels | join(', ') }}) then 'mixed'
        else greatest({{ labels | join(', ') }}) end
{%- endmacro %}
