-- Arrays of a group joined into one text and split again: each element once, in binary order, none for null or empty.
with cases as (
    select
        'several' as name,
        array['b', 'a'] as given,
        'B|a|b|c d' as expected
    union all
    select
        'several' as name,
        array['B', 'a', 'c d'] as given,
        'B|a|b|c d' as expected
    union all
    select
        'several' as name,
        {{ empty_text_array() }} as given,
        'B|a|b|c d' as expected
    union all
    select
        'several' as name,
        cast(null as text[]) as given,
        'B|a|b|c d' as expected
    union all
    select
        'only empty' as name,
        {{ empty_text_array() }} as given,
        '' as expected
    union all
    select
        'only null' as name,
        cast(null as text[]) as given,
        '' as expected
),

joined as (
    select
        name,
        expected,
        {{ joined_arrays('given') }} as texts
    from cases
    group by name, expected
),

results as (
    select
        joined.*,
        array_to_string({{ split_sorted_distinct('joined.texts') }}, '|') as actual,
        {{ array_length_of(split_sorted_distinct('joined.texts')) }} as actual_length
    from joined
)

select *
from results
where actual is distinct from expected or (expected = '' and actual_length is distinct from 0)
