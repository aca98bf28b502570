{#- A score is graded evidence: its likelihood lies between that of a right and that of a wrong answer, by its share. -#}
{% macro likelihood(score_millionths, right_answer, wrong_answer) -%}
    (
        (
            {{ score_millionths }} * ({{ right_answer }})
            + (1000000 - {{ score_millionths }}) * ({{ wrong_answer }})
        ) / 1000000
    )
{%- endmacro %}
