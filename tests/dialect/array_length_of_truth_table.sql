-- Number of elements: null elements count, an empty array has none, null has no number.
with cases as (
    select
        'two' as name,
        array['a', 'b'] as given,
        2 as expected
    union all
    select
        'null element' as name,
        array['a', null] as given,
        2 as expected
    union all
    select
        'empty' as name,
        {{ empty_text_array() }} as given,
        0 as expected
    union all
    select
        'null' as name,
        cast(null as text[]) as given,
        null as expected
),

results as (
    select
        name,
        expected,
        {{ array_length_of('given') }} as actual
    from cases
)

select *
from results
where actual is distinct from expected
