{#- A polynomial from its terms, the lowest power first, without a power function. -#}
{% macro horner(terms, variable) -%}
    {%- set nested = [terms | last] -%}
    {%- for term in (terms | reverse | list)[1:] -%}
        {%- do nested.append('(' ~ term ~ ' + ' ~ variable ~ ' * ' ~ nested.pop() ~ ')') -%}
    {%- endfor -%}
    {{ nested[0] }}
{%- endmacro %}
