{% macro save_test_progress(results) -%}
    {%- set checked = {} -%}
    {%- for result in results if execute and result.node.resource_type == 'test' and result.status == 'pass' -%}
        {%- set seen = modules.re.findall('batches to ([0-9]+) [*]/', result.node.compiled_code or '') -%}
        {%- if seen -%}
            {%- do checked.update({result.node.unique_id: seen | map('int') | min}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if checked -%}
        delete from {{ source('ops', 'checks') }} where test_id in ('{{ checked | join("', '") }}');
        insert into {{ source('ops', 'checks') }} (test_id, batch_id, checked_at)
        select
            checks.test_id,
            checks.batch_id,
            timezone('UTC', now())
        from (
            values {% for test_id, batch_id in checked.items() %}('{{ test_id }}', {{ batch_id }})
            {{- ', ' if not loop.last }}{% endfor %}
        ) as checks (test_id, batch_id);
    {%- endif -%}
{%- endmacro %}
