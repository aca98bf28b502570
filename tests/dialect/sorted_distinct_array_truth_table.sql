-- Elements of an array, each once, in binary order; no nulls; null and empty give an empty array.
with cases as (
    select
        'unsorted' as name,
        array['b', 'a', 'B', 'a'] as given,
        'B|a|b' as expected,
        3 as expected_length
    union all
    select
        'with null' as name,
        array['b', null, 'a'] as given,
        'a|b' as expected,
        2 as expected_length
    union all
    select
        'empty' as name,
        {{ empty_text_array() }} as given,
        '' as expected,
        0 as expected_length
    union all
    select
        'null' as name,
        cast(null as text[]) as given,
        '' as expected,
        0 as expected_length
),

results as (
    select
        name,
        expected,
        expected_length,
        array_to_string({{ sorted_distinct_array('given') }}, '|') as actual,
        {{ array_length_of(sorted_distinct_array('given')) }} as actual_length
    from cases
)

select *
from results
where actual is distinct from expected or actual_length is distinct from expected_length
