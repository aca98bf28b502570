-- Every period is what its values say: counted and added up from the values, with percentiles from their row numbers.
-- Those of merged histograms lie within 1 %.
{% set quantiles = {'p50': '0.5', 'p90': '0.9', 'p99': '0.99'} %}
with touched_hours as (
    select hours.* from {{ tested_rows(ref('int_product__touched_metrics')) }} as hours
),

touched_periods as (
    select distinct in_periods.*
    from ({{ in_metric_periods('touched_hours') }}) as in_periods
),

metric_values as (
    select metric_values.*
    from {{ ref('stg_product__metrics') }} as metric_values
    where
        metric_values.timestamp < {{ horizon_of('int_product__metric_periods') }}
        and metric_values.metric_date >= (select min(periods.period_start) from touched_periods as periods)
        and exists (
            select 1
            from touched_hours
            where touched_hours.name = metric_values.name and touched_hours.tags_key = metric_values.tags_key
        )
),

ranked as (
    select
        in_periods.*,
        row_number() over of_the_period - 1 as number,
        count(*) over (
            partition by in_periods.name, in_periods.tags_key, in_periods.period_type, in_periods.period_start
        ) as value_count
    from ({{ in_metric_periods('metric_values', ['tags', 'metric_type', 'value']) }}) as in_periods
    inner join touched_periods
        on
            in_periods.name = touched_periods.name
            and in_periods.tags_key = touched_periods.tags_key
            and in_periods.period_type = touched_periods.period_type
            and in_periods.period_start = touched_periods.period_start
    window of_the_period as (
        partition by in_periods.name, in_periods.tags_key, in_periods.period_type, in_periods.period_start
        order by in_periods.value
    )
),

counted as (
    select
        name,
        tags,
        tags_key,
        period_type,
        period_start,
        {%- for percentile, quantile in quantiles.items() %}
        {%- set position = percentile_position('value_count', quantile) %}
        min(case when number = floor({{ position }}) then value end) as lower_{{ percentile }},
        min(case when number = least(floor({{ position }}) + 1, value_count - 1) then value end)
            as upper_{{ percentile }},
        max({{ position }} - floor({{ position }})) as share_{{ percentile }},
        {%- endfor %}
        count(*) as count,
        sum({{ decimal_of_double('value') }}) as decimal_sum,
        min(value) as min,
        max(value) as max,
        count(case when metric_type = 'counter' then 1 end) as counters
    from ranked
    group by name, tags, tags_key, period_type, period_start
),

expected as (
    select
        counted.*,
        md5(concat_ws(chr(31), counted.name, counted.tags_key, counted.period_type, cast(counted.period_start as text)))
            as id,
        {{ double_of_decimal('counted.decimal_sum') }} as sum,
        {{ double_of_decimal('counted.decimal_sum') }} / counted.count as avg
    from counted
),

actual as (
    select
        aggregates.*,
        touched_periods.tags_key,
        periods.is_exact
    from {{ ref('metric_aggregates') }} as aggregates
    inner join touched_periods
        on
            aggregates.name = touched_periods.name
            and md5(aggregates.tags) = touched_periods.tags_key
            and aggregates.period_type = touched_periods.period_type
            and aggregates.period_start = touched_periods.period_start
    left join {{ ref('int_product__metric_periods') }} as periods on aggregates.id = periods.id
),

findings as (
    {{ reconciled(
        'metric_aggregates', 'expected', 'actual', ['name', 'tags_key', 'period_type', 'period_start'],
        ['id', 'tags', 'count', 'sum', 'min', 'max', 'avg']
    ) }}
)

select
    name,
    tags_key,
    period_type,
    period_start,
    finding
from findings
{%- for percentile in quantiles %}
union all
select
    expected.name,
    expected.tags_key,
    expected.period_type,
    expected.period_start,
    '{{ percentile }}' as finding
from expected
inner join actual
    on
        expected.name = actual.name
        and expected.tags_key = actual.tags_key
        and expected.period_type = actual.period_type
        and expected.period_start = actual.period_start
where
    (expected.counters = 0) <> (actual.{{ percentile }} is not null)
    or (
        expected.counters = 0
        and abs(actual.{{ percentile }} - {{ interpolated(
            'expected.lower_' ~ percentile, 'expected.upper_' ~ percentile, 'expected.share_' ~ percentile
        ) }}) > case
            when actual.is_exact then 0
            else 0.01 * (abs(expected.lower_{{ percentile }}) + abs(expected.upper_{{ percentile }})) + 1e-12
        end
    )
{%- endfor %}
