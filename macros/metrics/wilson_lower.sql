{#- Written over the counts instead of the rate: 0 of n gives exactly 0, on every engine. -#}
{% macro wilson_lower(successes, trials) -%}
    {%- set s = 'cast(' ~ successes ~ ' as float8)' -%}
    {%- set n = 'nullif(cast(' ~ trials ~ ' as float8), 0)' -%}
    {%- set z = wilson_z() -%}
    (case
        when {{ successes }} = 0 and {{ trials }} > 0 then cast(0 as float8)
        else (
            {{ s }} + {{ z }} * {{ z }} / 2
            - {{ z }} * sqrt({{ s }} * ({{ n }} - {{ s }}) / {{ n }} + {{ z }} * {{ z }} / 4)
        ) / ({{ n }} + {{ z }} * {{ z }})
    end)
{%- endmacro %}
