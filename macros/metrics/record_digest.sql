{% macro record_digest(table, alias) -%}
    {#- Left out: columns that the door fills in, which differ between two deliveries, and pseudonyms of persons,
        which differ between two warehouses. Pseudonyms of ids are the same under one key. -#}
    {%- set parts = [] -%}
    {%- if execute -%}
        {%- for source in graph.get('sources', {}).values()
            if source.name == table and source.source_name == area_of(model) -%}
            {%- for column in source.columns.values()
                if not column.config.meta.get('filled') and column.config.meta.get('pseudonym') != 'subject' -%}
                {%- do parts.append(
                    canonical_text(alias ~ '.' ~ adapter.quote(column.name), column.data_type)
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ binary_order('md5(' ~ (parts | join(' || chr(31) || ') or "''") ~ ')') }}
{%- endmacro %}
