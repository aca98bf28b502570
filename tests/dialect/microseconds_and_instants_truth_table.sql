-- microseconds_of and instant_of are each other's inverse, to the last microsecond, before 1970 too.
with cases as (
    select
        cast(cases.instant as timestamp) as instant,
        cast(cases.microseconds as bigint) as microseconds
    from (
        values
        ('1970-01-01 00:00:00', 0),
        ('1970-01-01 00:00:00.000001', 1),
        ('1969-12-31 23:59:59.999999', -1),
        ('2026-03-05 23:59:59.999999', 1772755199999999),
        ('2100-12-31 23:59:59.999999', 4133980799999999),
        (null, null)
    ) as cases (instant, microseconds)
)

select
    instant,
    microseconds,
    {{ microseconds_of('instant') }} as actual_microseconds,
    {{ instant_of('microseconds') }} as actual_instant
from cases
where
    {{ microseconds_of('instant') }} is distinct from microseconds
    or {{ instant_of('microseconds') }} is distinct from instant
