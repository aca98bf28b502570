{% macro work_kinds(area) -%}
    {%- set known = remembered('kinds of work') -%}
    {%- if area not in known -%}
        {%- set kinds = {} -%}
        {%- for node in (graph.nodes.values() | list) + (graph.sources.values() | list)
            if node.resource_type in ['model', 'source'] and node.config.meta.work_list and area_of(node) == area -%}
            {%- set list = node.config.meta.work_list -%}
            {%- for kind, rule in list.kinds.items() -%}
                {%- if kind in kinds -%}
                    {%- do exceptions.raise_compiler_error(
                        'the kind ' ~ kind ~ ' is declared by ' ~ kinds[kind].list.identifier ~ ' and by ' ~ node.name
                    ) -%}
                {%- endif -%}
                {%- do kinds.update({kind: {
                    'name': kind,
                    'list': relation_of(node),
                    'batch_column': '_batch_id' if node.resource_type == 'source' else 'batch_id',
                    'day': list.get('day'),
                    'match': rule.get('match', []),
                    'from': rule.get('from'),
                    'days_before': rule.get('days_before', 0) | int,
                    'days_after': rule.get('days_after', 0) | int,
                    'backfill': rule.get('backfill', 'day'),
                    'tested_as': rule.get('tested_as'),
                    'macro': rule.get('macro', false),
                    'instants': list.get('instants'),
                }}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do known.update({area: kinds}) -%}
    {%- endif -%}
    {%- do return(known[area]) -%}
{%- endmacro %}
