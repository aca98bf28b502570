{% macro first_raw_date(node) -%}
    {#- Looks through all models upstream. Of several raw tables, the earliest day that any of them still holds. -#}
    {%- set found = [] -%}
    {%- set seen = [] -%}
    {%- set todo = node.depends_on.nodes | list -%}
    {%- for step in range(1000) if todo -%}
        {%- set unique_id = todo.pop() -%}
        {%- if unique_id not in seen -%}
            {%- do seen.append(unique_id) -%}
            {%- set raw = graph.sources.get(unique_id) -%}
            {%- if raw and raw.config.meta.get('event_time') -%}
                {%- do found.append('select min(_event_date) as day from ' ~ relation_of(raw)) -%}
            {%- elif unique_id in graph.nodes -%}
                {%- do todo.extend(graph.nodes[unique_id].depends_on.nodes) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return('(select min(day) from (' ~ (found | join(' union all ')) ~ ') as raw_days)') -%}
{%- endmacro %}
