-- The four examples of R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (Wilson's score interval),
-- to its four decimals; and the ends, which are exactly 0 and 1. A row here is a case that came out otherwise.
with cases as (
    select
        cast(cases.successes as bigint) as successes,
        cast(cases.trials as bigint) as trials,
        cast(cases.expected_lower as decimal(6, 4)) as expected_lower,
        cast(cases.expected_upper as decimal(6, 4)) as expected_upper
    from (
        values
        (81, 263, '0.2553', '0.3662'),
        (15, 148, '0.0624', '0.1605'),
        (0, 20, '0.0000', '0.1611'),
        (1, 29, '0.0061', '0.1718'),
        (20, 20, '0.8389', '1.0000'),
        (1, 1, '0.2065', '1.0000'),
        (0, 0, null, null),
        (null, 10, null, null),
        (3, null, null, null)
    ) as cases (successes, trials, expected_lower, expected_upper)
),

intervals as (
    select
        *,
        {{ wilson_lower('successes', 'trials') }} as actual_lower,
        {{ wilson_upper('successes', 'trials') }} as actual_upper
    from cases
)

select *
from intervals
where
    round(cast(actual_lower as decimal(18, 12)), 4) is distinct from expected_lower
    or round(cast(actual_upper as decimal(18, 12)), 4) is distinct from expected_upper
    or (successes = 0 and actual_lower <> 0)
    or (successes = trials and actual_upper <> 1)
