{% macro touched_window_dates(batches=none) -%}
    {#- Every day whose trailing window holds a touched day. -#}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    {%- set window_dates = [] -%}
    {%- for date in touched_dates(batches) -%}
        {%- for shift in range(longest_window_days()) -%}
            {%- do window_dates.append(
                (modules.datetime.date.fromisoformat(date) + modules.datetime.timedelta(days=shift)) | string
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set window_dates = window_dates | unique | sort -%}
    {%- if not window_dates -%}
    (select cast(null as date) as date where false)
    {%- else -%}
    (
        select cast(dates.date as date) as date
        from (
            values {% for date in window_dates %}('{{ date }}'){{ ', ' if not loop.last }}{% endfor %}
        ) as dates(date)
    )
    {%- endif -%}
{%- endmacro %}
