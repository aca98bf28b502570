{#- Each user agent is judged once, since few of them are many events'. -#}
{% macro user_agent_rules(events) -%}
    select
        agents.user_agent,
        min({{ binary_order('rules.rule') }}) as bot_rule
    from (select distinct user_agent from {{ events }}) as agents
    inner join {{ ref('product_bot_rules') }} as rules
        on
            rules.kind = 'user_agent'
            and rules.is_enabled
            and strpos({{ ascii_lower('agents.user_agent') }}, {{ ascii_lower('rules.pattern') }}) > 0
    group by agents.user_agent
{%- endmacro %}
