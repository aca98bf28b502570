{% macro replace_partitions(target, computed, names) -%}
    {%- set meta = model.config.meta -%}
    {%- set columns = [] -%}
    {%- for name in names -%}
        {%- do columns.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {%- set columns = columns | join(', ') -%}
    {%- set touched = is_touched(
        meta.recompute_by, target.identifier, meta.get('partition_date'), recorded=true
    ) -%}
    {%- if meta.get('duplicate_code') -%}
        {%- do fail_on_duplicates(computed, meta.key, meta.duplicate_code) -%}
    {%- endif -%}
    {{ add_missing_constraints(target) }}
    {%- if meta.get('restate') %}
    {{ record_restatements(target, computed, touched, batch_range(recorded=true)) }};
    {%- endif %}
    delete from {{ target }} where {{ touched }};
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ computed }};
{%- endmacro %}
