-- Which features are used, by how many of the day's users, and do they work? One row per feature, over the last 28 days
-- that product_daily shows. Days without a use count as days without users.
with days as (
    select
        date,
        dau
    from {{ ref('product_daily') }}
    where date > (select {{ add_days('max(shown.date)', -28) }} from {{ ref('product_daily') }} as shown)
),

all_days as (
    select sum(dau) as user_days
    from days
),

usage as (
    select features.*
    from {{ ref('feature_usage') }} as features
    inner join days on features.date = days.date
)

select
    usage.feature_name,
    sum(usage.usage_count) as uses,
    count(*) as days_of_use,
    {{ safe_ratio('sum(usage.unique_users)', 'max(all_days.user_days)') }} as share_of_user_days,
    min(usage.success_rate) as worst_success_rate,
    max(usage.avg_duration_ms) as longest_avg_duration_ms
from usage
cross join all_days
group by usage.feature_name
order by uses desc, usage.feature_name asc
