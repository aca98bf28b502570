{% macro user_agent_rule(alias) -%}
    (
        select min({{ binary_order('rules.rule') }})
        from {{ ref('product_bot_rules') }} as rules
        where
            rules.kind = 'user_agent'
            and rules.is_enabled
            and strpos(
                {{ ascii_lower(json_text(alias ~ '.context', 'user_agent')) }}, {{ ascii_lower('rules.pattern') }}
            ) > 0
    )
{%- endmacro %}
