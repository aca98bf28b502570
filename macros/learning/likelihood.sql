{#- A score is graded evidence: between that of a right answer and that of a wrong one, by its share. -#}
{% macro likelihood(score_millionths, right_answer, wrong_answer) -%}
    (
        (
            {{ score_millionths }} * ({{ right_answer }})
            + (1000000 - {{ score_millionths }}) * ({{ wrong_answer }})
        ) / 1000000
    )
{%- endmacro %}
