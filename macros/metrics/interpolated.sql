{#- As numpy does it: from the nearer neighbour. Neighbours less than 1e-290 apart count as equal, since PostgreSQL
    refuses a product that is too small for a double. -#}
{% macro interpolated(lower, upper, share) -%}
    case
        when {{ upper }} - {{ lower }} < cast('1e-290' as float8) then {{ lower }}
        when {{ share }} < cast('0.5' as float8)
            then {{ lower }} + ({{ upper }} - {{ lower }}) * {{ share }}
        else {{ upper }} - ({{ upper }} - {{ lower }}) * (1 - {{ share }})
    end
{%- endmacro %}
