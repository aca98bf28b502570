-- score_millionths takes a score for what it can be: a share of its highest score, else one of 100, else none.
with cases as (
    select
        cast(cases.score as float8) as score,
        cast(cases.max_score as float8) as max_score,
        cast(cases.expected as bigint) as expected
    from (
        values
        ('85', null, 850000),
        ('0', null, 0),
        ('100', null, 1000000),
        ('100.01', null, null),
        ('-1', null, null),
        ('5', '10', 500000),
        ('12', '10', 1000000),
        ('-2', '10', 0),
        ('1', '3', 333333),
        ('2', '3', 666667),
        ('66.66666666666667', null, 666667),
        ('30', '33.333333333333336', 900000),
        ('1e-99', '999999999999', 0),
        ('999999999999', '1e-99', 1000000),
        ('5', '0', null),
        ('5', '-10', null),
        (null, '10', null),
        (null, null, null)
    ) as cases (score, max_score, expected)
)

select
    score,
    max_score,
    expected,
    {{ score_millionths('score', 'max_score') }} as actual
from cases
where {{ score_millionths('score', 'max_score') }} is distinct from expected
