{#- With a highest score, the score is its share of it, at most 1. Without one, the score is taken to be one of 100,
    and is null where it cannot be one of 100. -#}
{% macro score_millionths(score, max_score) -%}
    case
        when {{ score }} is null
            then null
        when {{ max_score }} > 0
            then cast(floor(least(greatest({{ score }} / {{ max_score }}, 0), 1) * 1000000 + cast('0.5' as float8)) as bigint)
        when {{ max_score }} is null and {{ score }} between 0 and 100
            then cast(floor({{ score }} * 10000 + cast('0.5' as float8)) as bigint)
    end
{%- endmacro %}
