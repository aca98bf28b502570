{% macro protect_history() -%}
    {#- Aggregates are kept longer than the raw records behind them, so computing them again may lose days. -#}
    {%- set backfill = backfill_range() -%}
    {%- set day = model.config.meta.get('history', 'partition_date' if 'partition_date' in model.columns else 'none') -%}
    {%- if execute and (flags.FULL_REFRESH or backfill) and model.config.materialized == 'incremental'
        and day != 'none' and load_relation(this) is not none -%}
        {%- set column = 'cast(' ~ day ~ ' as date)' -%}
        {%- set row = run_query(
            'select (select min(' ~ column ~ ') from ' ~ this ~ '), '
            ~ first_raw_date(model)
        ).rows[0] -%}
        {%- set is_lost = row[0] is not none and (row[1] is none or row[0] < row[1]) -%}
        {%- if is_lost and backfill and (row[1] is none or backfill.first < row[1]) -%}
            {%- do exceptions.raise_compiler_error(
                this ~ ' holds days from ' ~ row[0] ~ ' on, the raw records begin on ' ~ (row[1] or 'no day at all')
                ~ '. A backfill from ' ~ backfill.first ~ ' would lose days, so nothing was written. Begin it later.'
            ) -%}
        {%- elif is_lost and not backfill -%}
            {%- do exceptions.raise_compiler_error(
                this ~ ' holds days from ' ~ row[0] ~ ' on, the raw records begin on ' ~ (row[1] or 'no day at all')
                ~ '. A full refresh would lose the days before that, so nothing was written. Use --no-full-refresh to keep the table: '
                ~ 'only new records are then computed with the code, seeds and variables of today.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
