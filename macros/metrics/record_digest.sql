{% macro record_digest(table, alias) -%}
    {%- set parts = [] -%}
    {%- if execute -%}
        {%- for source in graph.get('sources', {}).values()
            if source.source_name == 'training' and source.name == table -%}
            {%- for column in source.columns.values() -%}
                {%- do parts.append(
                    canonical_text(alias ~ '.' ~ adapter.quote(column.name), column.data_type)
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ binary_order('md5(' ~ (parts | join(' || chr(31) || ') or "''") ~ ')') }}
{%- endmacro %}
