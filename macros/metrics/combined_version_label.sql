{#- least() and greatest() ignore nulls on both engines, as the truth table shows. -#}
{% macro combined_version_label(labels) -%}
    case when least({{ labels | join(', ') }}) <> greatest({{ labels | join(', ') }}) then 'mixed'
        else greatest({{ labels | join(', ') }}) end
{%- endmacro %}
