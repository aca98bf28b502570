{# Overrides dbt-duckdb's own: `indexes` in a model's yml are for engines that have use for them. On DuckDB a
   unique index made a delete and insert of 500,000 rows go from 0.3 to 5.5 seconds. #}
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
    {%- do return(none) -%}
{%- endmacro %}

{# On PostgreSQL a unique index would meet duplicates first and say so in its own words; the model's code comes before. #}
{% macro postgres__get_create_index_sql(relation, index_dict) -%}
    {%- if index_dict.get('unique') and model.config.meta.get('duplicate_code') -%}
        {%- do fail_on_duplicates(relation, index_dict['columns'], model.config.meta.duplicate_code) -%}
    {%- endif -%}
    {%- set index = adapter.parse_index(index_dict) %}
    create {{ 'unique ' if index.unique }}index if not exists "{{ index.render(relation) }}"
    on {{ relation }} ({{ index.columns | join(', ') }})
{%- endmacro %}
