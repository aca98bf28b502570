{% macro for_each(names, template, between=none) -%}
    {%- set texts = [] -%}
    {%- for name in names -%}
        {%- do texts.append(template.format(name)) -%}
    {%- endfor -%}
    {{ texts | join(between or ',\n        ') }}
{%- endmacro %}
