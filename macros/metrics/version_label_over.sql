{#- max() of the one version is that version; of several, min() and max() differ. -#}
{% macro version_label_over(column, window) -%}
    case when min({{ column }}) over {{ window }} <> max({{ column }}) over {{ window }} then 'mixed'
        else max({{ column }}) over {{ window }} end
{%- endmacro %}
