-- Distinct texts of a group in binary order; nulls do not count, a group of nulls alone is an empty array.
with cases as (
    select given.* from (
        values
        ('mixed', 'b', 'B|a|b'),
        ('mixed', 'a', 'B|a|b'),
        ('mixed', 'B', 'B|a|b'),
        ('mixed', 'a', 'B|a|b'),
        ('mixed', null, 'B|a|b'),
        ('empty text', '', ''),
        ('nulls', null, 'none')
    ) as given (name, value, expected)
),

results as (
    select
        name,
        expected,
        case
            when {{ array_length_of(sorted_distinct_texts('value')) }} = 0 then 'none'
            else array_to_string({{ sorted_distinct_texts('value') }}, '|')
        end as actual
    from cases
    group by name, expected
)

select *
from results
where actual is distinct from expected
