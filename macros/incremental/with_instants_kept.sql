{#- CTE with_instants_kept: computed rows with created_at and updated_at. When a row was first made is kept, and when it
    was changed is kept where nothing is: in a full refresh too, which replaces the table after it has read it. -#}
{% macro with_instants_kept(computed, key, content) -%}
{%- if has_standing_rows(key + content + ['created_at', 'updated_at']) -%}
standing as (
    select
        {%- for column in key + content %}
        before.{{ column }},
        {%- endfor %}
        before.created_at,
        before.updated_at
    from {{ this }} as before
    inner join {{ computed }} as computed
        on {% for column in key %}before.{{ column }} = computed.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
),

with_instants_kept as (
    select
        computed.*,
        coalesce(standing.created_at, {{ run_instant() }}) as created_at,
        case
            when standing.{{ key[0] }} is null
                {%- for column in content %}
                or computed.{{ column }} is distinct from standing.{{ column }}
                {%- endfor %}
                then {{ run_instant() }}
            else standing.updated_at
        end as updated_at
    from {{ computed }} as computed
    left join standing
        on {% for column in key %}computed.{{ column }} = standing.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
)
{%- else -%}
with_instants_kept as (
    select
        computed.*,
        {{ run_instant() }} as created_at,
        {{ run_instant() }} as updated_at
    from {{ computed }} as computed
)
{%- endif -%}
{%- endmacro %}
