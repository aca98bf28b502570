-- percentile_of_sorted gives the doubles of numpy.percentile, to the last digit, on every engine.
with cases as (
    select
        cases.sorted_values,
        cases.value_count,
        cast(cases.p50 as float8) as p50,
        cast(cases.p90 as float8) as p90,
        cast(cases.p99 as float8) as p99
    from (
        values
        (
            array[
                cast('7.5' as float8)
            ],
            1, '7.5', '7.5', '7.5'
        ),
        (
            array[
                cast('0.1' as float8), cast('0.2' as float8)
            ],
            2, '0.15000000000000002', '0.19', '0.199'
        ),
        (
            array[
                cast('0.1' as float8), cast('0.2' as float8), cast('0.3' as float8)
            ],
            3, '0.2', '0.28', '0.298'
        ),
        (
            array[
                cast('1e-300' as float8), cast('2e-300' as float8)
            ],
            2, '1e-300', '1e-300', '1e-300'
        ),
        (
            array[
                cast('-1e+16' as float8), cast('1e+16' as float8)
            ],
            2, '0.0', '8000000000000000.0', '9800000000000000.0'
        ),
        (
            array[
                cast('-0.931378367720707' as float8), cast('-0.25915453769343405' as float8),
                cast('0.09470803828730423' as float8), cast('0.9923772805192402' as float8),
                cast('1.2500243810835503' as float8)
            ],
            5, '0.09470803828730423', '1.1469655408578263', '1.2397184970609778'
        ),
        (
            array[
                cast('6.832' as float8), cast('9.938' as float8), cast('27.314' as float8),
                cast('35.225' as float8), cast('37.651' as float8), cast('175.351' as float8),
                cast('182.103' as float8), cast('669.557' as float8)
            ],
            8, '36.438', '328.3391999999999', '635.4352199999998'
        )
    ) as cases (sorted_values, value_count, p50, p90, p99)
)

select
    value_count,
    {{ percentile_of_sorted('sorted_values', 'value_count', '0.5') }} as p50,
    {{ percentile_of_sorted('sorted_values', 'value_count', '0.9') }} as p90,
    {{ percentile_of_sorted('sorted_values', 'value_count', '0.99') }} as p99
from cases
where
    {{ percentile_of_sorted('sorted_values', 'value_count', '0.5') }} is distinct from p50
    or {{ percentile_of_sorted('sorted_values', 'value_count', '0.9') }} is distinct from p90
    or {{ percentile_of_sorted('sorted_values', 'value_count', '0.99') }} is distinct from p99
