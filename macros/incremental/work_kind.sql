{% macro work_kind(name, area=none) -%}
    {%- if name == 'batch' -%}
        {%- do return({'name': 'batch', 'match': [], 'backfill': 'none', 'macro': true}) -%}
    {%- endif -%}
    {%- set area = area or area_of(model) -%}
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
    {%- if name not in kinds -%}
        {%- do exceptions.raise_compiler_error(
            'no work list of ' ~ area ~ ' declares the kind ' ~ name ~ '; there are ' ~ (kinds | sort | join(', '))
        ) -%}
    {%- endif -%}
    {%- do return(kinds[name]) -%}
{%- endmacro %}
