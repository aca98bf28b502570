{% macro check_first_build() -%}
    {#- The strategy checks what an incremental run is about to write; a first build or full refresh has no strategy, so
        its rows are checked here, before the commit. -#}
    {%- if execute and model.config.meta.get('duplicate_code') and not is_incremental() -%}
        {%- do fail_on_duplicates(this, model.config.meta.key, model.config.meta.duplicate_code) -%}
    {%- endif -%}
{%- endmacro %}
