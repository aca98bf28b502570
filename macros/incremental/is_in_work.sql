{% macro is_in_work(kind, alias, batches) -%}
    {%- set backfill = backfill_range() -%}
    {%- set moved = moved_horizon(batches.of_model, batches.recorded)
        if kind.instants and batches.of_model is defined and not backfill else none -%}
    {%- if backfill and kind.instants -%}
        (
            {{ alias }}.{{ kind.instants[1] }} >= cast('{{ backfill.first }}' as timestamp)
            and {{ alias }}.{{ kind.instants[0] }} < cast({{ add_days("cast('" ~ backfill.last ~ "' as date)", 1) }} as timestamp)
        )
    {%- elif backfill -%}
        {{ alias }}.{{ kind.day }} between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
    {%- elif moved == 'all' -%}
        {{ alias }}.{{ kind.batch_column }} <= {{ batches.high }}
    {%- elif moved -%}
        (
            {{ is_touched__batch(alias, kind.batch_column, batches) }}
            or (
                {{ alias }}.{{ kind.batch_column }} <= {{ batches.high }}
                and {{ alias }}.{{ kind.instants[1] }} >= cast('{{ moved.first }}' as timestamp)
                and {{ alias }}.{{ kind.instants[0] }} < cast('{{ moved.end }}' as timestamp)
            )
        )
    {%- else -%}
        {{ is_touched__batch(alias, kind.batch_column, batches) }}
    {%- endif -%}
{%- endmacro %}
