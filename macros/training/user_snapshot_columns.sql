{% macro user_snapshot_columns(period) -%}
    {%- do return(period + [
        'user_id', 'module_completed', 'quiz_completed', 'saleslab_sessions', 'xp_total', 'badges_owned',
        'latest_module_version', 'latest_scenario_version', 'latest_prompt_version',
        'region_id', 'country_id', 'branch_id', 'team_id'
    ]) -%}
{%- endmacro %}
