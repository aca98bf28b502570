{% test constraints_hold(model) %}
{#- The argument hides dbt's own `model`, which is the test. -#}
{%- set relation_id = context['model'].depends_on.nodes | first -%}
{%- set owner = graph.nodes.get(relation_id) or graph.sources.get(relation_id) if execute else {'columns': {}} -%}
{%- set claims = column_claims(owner) -%}
{%- if execute and not claims -%}
    {{ exceptions.raise_compiler_error("constraints_hold on " ~ owner.name ~ ": no column has a constraint") }}
{%- endif -%}
{%- set key = owner.config.meta.get('key') or [owner.columns | first] if execute else [] -%}
with counted as (
    select
        {%- for claim in claims %}
        count(case when not ({{ claim }}) then 1 end) as broken_{{ loop.index }},
        min(case when not ({{ claim }}) then {{ key_in_words(key, 'tested') }} end) as example_{{ loop.index }},
        {%- endfor %}
        count(*) as tested_rows
    from (select * from {{ model }}) as tested
)
{% for claim in claims %}
select
    '{{ claim | replace("'", "''") }}' as claim,
    broken_{{ loop.index }} as broken_rows,
    example_{{ loop.index }} as example_key
from counted
where broken_{{ loop.index }} > 0
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endtest %}
