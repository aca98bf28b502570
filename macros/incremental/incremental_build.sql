{% macro incremental_build() -%}
    {%- set standing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set is_swapped = standing is not none and (should_full_refresh() or standing.is_view) -%}
    {%- set made = make_intermediate_relation(target) if is_swapped else target -%}
    {%- set backup = make_backup_relation(target, standing.type if is_swapped else 'table') -%}
    {#- What a run that was killed may have left. -#}
    {%- if is_swapped -%}
        {%- do drop_relation_if_exists(load_cached_relation(made)) -%}
    {%- endif -%}
    {%- do drop_relation_if_exists(load_cached_relation(backup)) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {#- The transaction begins here. -#}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if standing is none or is_swapped -%}
        {%- call statement('main') -%}
            {{ get_create_table_as_sql(False, made, compiled_code) }}
        {%- endcall -%}
        {%- do create_indexes(made) -%}
        {%- if is_swapped -%}
            {%- do adapter.rename_relation(target, backup) -%}
            {%- do adapter.rename_relation(made, target) -%}
        {%- endif -%}
    {%- else -%}
        {%- set columns = standing_columns(target, compiled_code) -%}
        {%- set computed = make_temp_relation(target) -%}
        {%- do run_query(get_create_table_as_sql(True, computed, compiled_code)) -%}
        {%- call statement('main') -%}
            {{ replace_partitions(target, computed, columns) }}
        {%- endcall -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {%- if is_swapped -%}
        {%- do adapter.drop_relation(backup) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {%- do return({'relations': [target]}) -%}
{%- endmacro %}
