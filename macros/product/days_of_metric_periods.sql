{#- Every day of the weeks and months in which the days lie, as texts. -#}
{% macro days_of_metric_periods(dates) -%}
    {%- set one_day = modules.datetime.timedelta(days=1) -%}
    {%- set days = [] -%}
    {%- for date in dates -%}
        {%- set day = modules.datetime.date.fromisoformat(date) -%}
        {%- set month_start = day.replace(day=1) -%}
        {%- set next_month = (month_start + 31 * one_day).replace(day=1) -%}
        {%- for shift in range((next_month - month_start).days) -%}
            {%- do days.append((month_start + shift * one_day) | string) -%}
        {%- endfor -%}
        {%- for shift in range(7) -%}
            {%- do days.append((day + (shift - day.weekday()) * one_day) | string) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(days | unique | list) -%}
{%- endmacro %}
