{#- Query of one row per document and member that is not null. DuckDB writes a number anew, PostgreSQL as it was sent. -#}
{% macro members_of_documents(documents, column) -%}
    {{ return(adapter.dispatch('members_of_documents', 'strata')(documents, column)) }}
{%- endmacro %}

{% macro default__members_of_documents(documents, column) -%}
    select
        documents.{{ column }},
        members.key,
        members.value #>> '{}' as text,
        json_typeof(members.value) = 'number' as is_number
    from {{ documents }} as documents
    cross join lateral json_each(cast(documents.{{ column }} as json)) as members (key, value)
    where json_typeof(members.value) <> 'null'
{%- endmacro %}

{% macro duckdb__members_of_documents(documents, column) -%}
    select
        documents.{{ column }},
        members.key,
        json_extract_string(members.value, '$') as text,
        members.type in ('UBIGINT', 'BIGINT', 'DOUBLE') as is_number
    from {{ documents }} as documents, json_each(cast(documents.{{ column }} as json)) as members
    where members.type <> 'NULL'
{%- endmacro %}
