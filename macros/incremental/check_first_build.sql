{% macro check_first_build() -%}
    {#- An incremental run checks what it is about to write (replace_partitions); a first build or full refresh does not, so
        its rows are checked here, before the commit. -#}
    {%- if execute and model.config.meta.get('duplicate_code') and not is_incremental() -%}
        {%- do fail_on_duplicates(this, model.config.meta.key, model.config.meta.duplicate_code) -%}
    {%- endif -%}
{%- endmacro %}
