{#- Overrides dbt's own, which goes through all relations each time; a model asks a dozen times, and its table comes at its end. -#}
{% macro is_incremental() -%}
    {%- if not execute or 'nodes' not in graph -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set known = remembered('incremental models') -%}
    {%- if model.unique_id not in known -%}
        {%- set standing = load_relation(this) if model.config.materialized == 'incremental' else none -%}
        {%- do known.update({
            model.unique_id: standing is not none and standing.type == 'table' and not should_full_refresh()
        }) -%}
    {%- endif -%}
    {%- do return(known[model.unique_id]) -%}
{%- endmacro %}
