{#- Each text once, since few tags are many records'. -#}
{% macro canonical_flat_json(records, column) -%}
    select
        sent,
        '{' || string_agg(
            {{ json_string('key') }} || ':' || {{ json_string('text') }}, ',' order by {{ binary_order('key') }}
        ) || '}' as canonical
    from (
        select
            sent,
            key,
            case when is_number then {{ json_number_text('text') }} else text end as text
        from ({{ members_of_documents('(select distinct cast(' ~ column ~ ' as text) as sent from ' ~ records ~ ')', 'sent') }})
            as members
    ) as written_members
    group by sent
{%- endmacro %}
