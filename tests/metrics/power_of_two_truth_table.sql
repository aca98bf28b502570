-- power_of_two is exact, compared with 2^-60 doubled as often as it takes.
with recursive powers as (
    select
        -60 as exponent,
        1 / (cast(1073741824 as float8) * cast(1073741824 as float8)) as expected
    union all
    select
        exponent + 1 as exponent,
        expected * 2 as expected
    from powers
    where exponent < 60
)

select
    exponent,
    expected,
    {{ power_of_two('exponent') }} as actual
from powers
where {{ power_of_two('exponent') }} is distinct from expected
