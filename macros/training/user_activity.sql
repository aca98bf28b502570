{% macro user_activity(relation) -%}
    select
        activity.*,
        true as is_touched
    from {{ relation }} as activity
    where {{ is_touched('user_from', 'activity') }}
    {%- if is_incremental() %}
    union all
    select
        activity.*,
        false as is_touched
    from {{ relation }} as activity
    where {{ is_shortly_before('activity') }}
    {%- endif %}
{%- endmacro %}
