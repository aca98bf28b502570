{% macro moved_horizon(name, recorded=false) -%}
    {%- set known = remembered('horizons of ' ~ name) -%}
    {%- if recorded not in known -%}
        {%- set horizons = source('ops', 'horizons') -%}
        {%- set before, now = ('previous_horizon', 'horizon') if recorded else ('horizon', as_of_end()) -%}
        {%- call statement('moved_horizon', fetch_result=true) -%}
            select
                cast(least({{ before }}, {{ now }}) as text),
                cast(greatest({{ before }}, {{ now }}) as text),
                {{ before }} = {{ now }}
            from {{ horizons }}
            where model_name = '{{ name }}'
        {%- endcall -%}
        {%- set rows = load_result('moved_horizon').data -%}
        {%- if not rows or rows[0][2] is none -%}
            {%- do known.update({recorded: 'all'}) -%}
        {%- elif rows[0][2] -%}
            {%- do known.update({recorded: none}) -%}
        {%- else -%}
            {%- do known.update({recorded: {'first': rows[0][0], 'end': rows[0][1]}}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(known[recorded]) -%}
{%- endmacro %}
