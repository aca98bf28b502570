-- Widths found by bisection of the incomplete beta function (scripts/numerics/beta_interval.py), to 0.00002.
with cases as (
    select
        cast(cases.a as float8) as a,
        cast(cases.b as float8) as b,
        cast(cases.expected as float8) as expected
    from (
        values
        ('1', '1', '0.900000'),
        ('1', '2', '0.751073'),
        ('2', '1', '0.751073'),
        ('5.5', '1.5', '0.464357'),
        ('1', '101', '0.028717'),
        ('41', '61', '0.159004'),
        ('1', '1001', '0.002937'),
        ('300.25', '801.75', '0.044099'),
        ('20', '20', '0.257278'),
        (null, '20', null)
    ) as cases (a, b, expected)
),

widths as (
    select
        *,
        {{ beta_interval_width('a', 'b') }} as actual
    from cases
)

select *
from widths
where
    abs(actual - expected) > 0.00002
    or (actual is null) <> (expected is null)
