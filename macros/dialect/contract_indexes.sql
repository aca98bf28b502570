{% macro contract_indexes(source, relation) -%}
    {{ adapter.dispatch('contract_indexes', 'strata')(source, relation) }}
{%- endmacro %}

{% macro default__contract_indexes(source, relation) -%}
{%- endmacro %}

{#- The same as Contract.indexes() of the door, which gives the reasons; a test compares the two. -#}
{% macro postgres__contract_indexes(source, relation) -%}
    {%- set meta = source.config.meta -%}
    {%- set is_raw = meta.get('format') != 'none' -%}
    {%- set key = [] -%}
    {%- for column in meta.key -%}
        {%- do key.append('md5(' ~ column ~ ')' if column in meta.get('long_key', []) else column) -%}
    {%- endfor -%}
    {%- set indexes = {'key': '(' ~ key | join(', ') ~ ')'} -%}
    {%- if is_raw -%}
        {%- set line = ['_batch_id', '_line_number'] + ([contract_partition_column(source)] if meta.get('partition') == 'month' else []) -%}
        {%- do indexes.update({'line': '(' ~ line | join(', ') ~ ')'}) -%}
        {%- if meta.get('event_time') -%}
            {%- do indexes.update({'day': 'using brin (_event_date)'}) -%}
        {%- endif -%}
        {%- for lookup in meta.get('lookups', []) -%}
            {%- set conditions = [] -%}
            {%- for column, values in lookup.get('only', {}).items() -%}
                {%- do conditions.append(column ~ " in ('" ~ values | join("', '") ~ "')") -%}
            {%- endfor -%}
            {%- set where = ' where ' ~ conditions | join(' and ') if conditions else '' -%}
            {%- do indexes.update({'lookup_' ~ loop.index: '(' ~ lookup.columns | join(', ') ~ ')' ~ where}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set unique = 'line' if is_raw else 'key' -%}
    {%- for name, what in indexes.items() %}
        create {{ 'unique ' if name == unique }}index if not exists {{ source.identifier }}_{{ name }}
        on {{ relation }} {{ what }};
    {%- endfor -%}
{%- endmacro %}
