-- json_object writes keys in the order given, not in the alphabet's, and nothing between them; objects nest.
{%- set inner_object = json_object([('z', json_number('cases.amount')), ('a', json_string('cases.word'))]) %}
with cases as (
    select
        cast(cases.amount as bigint) as amount,
        cast(cases.word as text) as word,
        cases.expected
    from (
        values
        ('1', 'x', '{"b":{"z":1,"a":"x"},"a":"x"}'),
        (null, null, '{"b":{"z":null,"a":null},"a":null}'),
        ('-2', 'say "hi"', '{"b":{"z":-2,"a":"say \"hi\""},"a":"say \"hi\""}')
    ) as cases (amount, word, expected)
),

results as (
    select
        cases.*,
        {{ json_object([('b', inner_object), ('a', json_string('cases.word'))]) }} as actual
    from cases
)

select *
from results
where actual is distinct from expected
