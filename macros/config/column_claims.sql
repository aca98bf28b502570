{% macro column_claims(node) -%}
    {%- set claims = [] -%}
    {%- for column in node.columns.values() -%}
        {%- for constraint in column.constraints -%}
            {%- if constraint.type == 'not_null' -%}
                {%- do claims.append(column.name ~ ' is not null') -%}
            {%- elif constraint.type == 'check' -%}
                {%- do claims.append(constraint.expression) -%}
            {%- else -%}
                {%- do exceptions.raise_compiler_error(
                    node.name ~ '.' ~ column.name ~ ' has a constraint of the type ' ~ constraint.type
                    ~ '. Use not_null, check or a data test.'
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(claims) -%}
{%- endmacro %}
