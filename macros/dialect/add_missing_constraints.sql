{#- A table that older code made lacks constraints that were added since; without a full refresh it would never get them. -#}
{% macro add_missing_constraints(relation) -%}
    {%- if is_constrained(model) -%}
        {{ adapter.dispatch('add_missing_constraints', 'strata')(relation) }}
    {%- endif -%}
{%- endmacro %}

{#- DuckDB adds no check to a table that is there, so the rows move to a new one. -#}
{% macro duckdb__add_missing_constraints(relation) -%}
    {%- set counts = remembered('constraints') -%}
    {%- if not counts -%}
        {%- for row in run_query(
            "select schema_name, table_name, count(*) from duckdb_constraints() "
            ~ "where constraint_type in ('NOT NULL', 'CHECK') group by all"
        ).rows -%}
            {%- do counts.update({row[0] ~ '.' ~ row[1]: row[2]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if counts.get(relation.schema ~ '.' ~ relation.identifier, 0) < column_claims(model) | length -%}
        {%- set made = relation.incorporate(path={'identifier': relation.identifier ~ '__constrained'}) -%}
        create table {{ made }} {{ get_table_columns_and_constraints() }};
        insert into {{ made }} by name select * from {{ relation }};
        drop table {{ relation }};
        alter table {{ made }} rename to {{ adapter.quote(relation.identifier) }};
    {%- endif -%}
{%- endmacro %}

{% macro postgres__add_missing_constraints(relation) -%}
    {%- set table = "'" ~ relation.include(database=false) ~ "'::regclass" -%}
    {%- set found = run_query(
        "select conname from pg_constraint where contype = 'c' and conrelid = " ~ table
        ~ " union all select attname || ' is not null' from pg_attribute where attnotnull and attrelid = " ~ table
    ).columns[0].values() -%}
    {%- for claim in column_claims(model) if claim[:63] not in found %}
        {%- if claim.endswith(' is not null') %}
        alter table {{ relation }} alter column {{ adapter.quote(claim[:-12]) }} set not null;
        {%- else %}
        alter table {{ relation }} add constraint {{ adapter.quote(claim[:63]) }} check ({{ claim }});
        {%- endif %}
    {%- endfor -%}
{%- endmacro %}
