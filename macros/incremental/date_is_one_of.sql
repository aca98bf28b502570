{% macro date_is_one_of(column, dates, days_before=0, days_after=0) -%}
    {#- Up to 400 days as a list, so that one late record does not make an engine read all days since; more days as a
        span. -#}
    {%- set all_dates = [] -%}
    {%- for date in dates -%}
        {%- for shift in range(-days_before, days_after + 1) -%}
            {%- do all_dates.append(
                (modules.datetime.date.fromisoformat(date) + modules.datetime.timedelta(days=shift)) | string
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set all_dates = all_dates | unique | sort -%}
    {%- if not all_dates -%}
        false
    {%- elif all_dates | length <= 400 -%}
        {{ column }} in (
            {%- for date in all_dates %}cast('{{ date }}' as date){{ ', ' if not loop.last }}{% endfor -%}
        )
    {%- else -%}
        {{ column }} between cast('{{ all_dates | first }}' as date) and cast('{{ all_dates | last }}' as date)
    {%- endif -%}
{%- endmacro %}
