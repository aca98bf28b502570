{% macro contract_indexes(source, relation) -%}
    {{ adapter.dispatch('contract_indexes', 'strata')(source, relation) }}
{%- endmacro %}

{% macro default__contract_indexes(source, relation) -%}
{%- endmacro %}

{#- As Contract.indexes() of the door has them, which says why; a test compares what the two make. -#}
{% macro postgres__contract_indexes(source, relation) -%}
    {%- set meta = source.config.meta -%}
    {%- set is_raw = meta.get('format') != 'none' -%}
    {%- set indexes = {'key': '(' ~ meta.key | join(', ') ~ ')'} -%}
    {%- if is_raw -%}
        {%- set arrival = ['_batch_id', '_line_number'] + (['_event_date'] if meta.get('event_time') else []) -%}
        {%- do indexes.update({'arrival': 'using brin (' ~ arrival | join(', ') ~ ')'}) -%}
        {%- for columns in meta.get('lookups', []) -%}
            {%- do indexes.update({'lookup_' ~ loop.index: '(' ~ columns | join(', ') ~ ')'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, what in indexes.items() %}
        create {{ 'unique ' if not is_raw }}index if not exists {{ source.identifier }}_{{ name }} on {{ relation }} {{ what }};
    {%- endfor -%}
{%- endmacro %}
