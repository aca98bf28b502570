{#- Coefficients by power of 1/min(a, b) (rows) and of min(a, b)/max(a, b) (columns); scripts/numerics/beta_interval.py
    makes them and says how good they are. Plain arithmetic on doubles: the same on every engine, to the last bit. -#}
{% macro beta_interval_width(a, b) -%}
    {%- set coefficients = [
['3.2897073396', '-0.0000005349', '0.0000242446', '-0.0000600904', '0.0000646677', '-0.0000220044'],
        ['-0.3916855097', '1.4019333067', '-1.6741412471', '1.2827094851', '-0.6494209003', '0.1514559020'],
        ['0.0295308131', '-0.1133388477', '-1.1481517239', '1.5761659182', '-1.0087939331', '0.2650613592'],
        ['0.0189343090', '0.0834657108', '-0.0950502835', '-0.0268873804', '0.1350398836', '-0.0574159764'],
        ['0.0078321728', '0.0164589127', '0.1566601037', '-0.3493595511', '0.3340011513', '-0.0834139268'],
        ['-0.0121306765', '-0.0085330156', '-0.0984621515', '0.2552251056', '-0.1812811670', '0.0075875955'],
        ['0.0031588578', '0.0016506229', '0.0088173365', '-0.0189868725', '-0.0138319564', '0.0232035716'],
    ] -%}
    {%- set inverse = '(1 / least(' ~ a ~ ', ' ~ b ~ '))' -%}
    {%- set ratio = '(least(' ~ a ~ ', ' ~ b ~ ') / greatest(' ~ a ~ ', ' ~ b ~ '))' -%}
    {%- set sums = [] -%}
    {%- for row in coefficients -%}
        {%- set terms = [] -%}
        {%- for coefficient in row -%}
            {%- do terms.append("cast('" ~ coefficient ~ "' as float8)") -%}
        {%- endfor -%}
        {%- do sums.append(horner(terms, ratio)) -%}
    {%- endfor -%}
    (
        {{ horner(sums, inverse) }}
        * sqrt({{ a }} * {{ b }} / (({{ a }} + {{ b }}) * ({{ a }} + {{ b }}) * ({{ a }} + {{ b }} + 1)))
    )
{%- endmacro %}
