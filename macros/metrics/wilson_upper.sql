{#- Written over the counts instead of the rate: n of n gives exactly 1, on every engine. -#}
{% macro wilson_upper(successes, trials) -%}
    {%- set s = 'cast(' ~ successes ~ ' as float8)' -%}
    {%- set n = 'nullif(cast(' ~ trials ~ ' as float8), 0)' -%}
    {%- set z = wilson_z() -%}
    (case
        when {{ successes }} = {{ trials }} and {{ trials }} > 0 then cast(1 as float8)
        else (
            {{ s }} + {{ z }} * {{ z }} / 2
            + {{ z }} * sqrt({{ s }} * ({{ n }} - {{ s }}) / {{ n }} + {{ z }} * {{ z }} / 4)
        ) / ({{ n }} + {{ z }} * {{ z }})
    end)
{%- endmacro %}
