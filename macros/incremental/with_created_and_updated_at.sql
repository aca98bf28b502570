{#- A row that is in the table already keeps its created_at, and its updated_at where nothing changed. That is so in
    a full refresh too, which reads the old table before it replaces it. -#}
{% macro with_created_and_updated_at(computed, key, content) -%}
    {%- if has_standing_rows(key + content + ['created_at', 'updated_at']) -%}
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
    left join {{ this }} as standing
        on {% for column in key %}computed.{{ column }} = standing.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- else -%}
    select
        computed.*,
        {{ run_instant() }} as created_at,
        {{ run_instant() }} as updated_at
    from {{ computed }} as computed
    {%- endif -%}
{%- endmacro %}
