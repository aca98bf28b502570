-- Each id stands once in what people read, with the content of one of its records: of events the earliest, of funnels
-- the latest; of several at that instant the one with the smallest digest.
{%- set tables = {'analytics_events': ['timestamp', 'min'], 'funnels': ['created_at', 'max']} %}
with touched as (
    {%- for table in tables %}
    select
        '{{ table }}' as table_name,
        records.id
    from {{ tested_rows(source('product', table)) }} as records
    group by records.id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

instants as (
    {%- for table, rule in tables.items() %}
    select
        touched.table_name,
        records.id,
        {{ rule[1] }}(records.{{ rule[0] }}) as instant
    from {{ source('product', table) }} as records
    inner join touched on touched.table_name = '{{ table }}' and records.id = touched.id
    group by touched.table_name, records.id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

digests as (
    {%- for table, rule in tables.items() %}
    select
        instants.table_name,
        records.id,
        min({{ record_digest(table, 'records') }}) as digest
    from {{ source('product', table) }} as records
    inner join instants
        on
            instants.table_name = '{{ table }}'
            and records.id = instants.id
            and records.{{ rule[0] }} = instants.instant
    group by instants.table_name, records.id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

shown as (
    {%- for table in tables %}
    select
        touched.table_name,
        touched.id,
        {{ record_digest(table, 'published') }} as digest
    from {{ ref(table) }} as published
    inner join touched on touched.table_name = '{{ table }}' and published.id = touched.id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

{{ reconciled('what people read', 'digests', 'shown', ['table_name', 'id'], ['digest']) }}
