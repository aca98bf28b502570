{% macro contract_indexes(source, relation) -%}
    {{ adapter.dispatch('contract_indexes', 'strata')(source, relation) }}
{%- endmacro %}

{% macro default__contract_indexes(source, relation) -%}
{%- endmacro %}

{% macro postgres__contract_indexes(source, relation) -%}
    {%- set meta = source.config.meta -%}
    {%- set is_raw = meta.get('format') != 'none' -%}
    {%- set indexes = [{'name': 'key', 'columns': meta.key, 'unique': not is_raw}] -%}
    {%- if is_raw -%}
        {#- A unique index of a partitioned table must hold what it is partitioned by. -#}
        {%- set day = ['_event_date'] if meta.get('partition') == 'month' else [] -%}
        {%- do indexes.append({'name': 'line', 'columns': ['_batch_id', '_line_number'] + day, 'unique': true}) -%}
        {%- if meta.get('event_time') -%}
            {%- do indexes.append({'name': 'day', 'columns': ['_event_date'], 'unique': false}) -%}
        {%- endif -%}
        {%- for columns in meta.get('lookups', []) -%}
            {%- do indexes.append({'name': 'lookup_' ~ loop.index, 'columns': columns, 'unique': false}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for index in indexes %}
        create {{ 'unique ' if index.unique }}index if not exists {{ source.identifier }}_{{ index.name }}
        on {{ relation }} ({{ index.columns | map('string') | map('trim') | join(', ') }});
    {%- endfor -%}
{%- endmacro %}
