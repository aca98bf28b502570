-- One row per reward code that was claimed and is not in the seed training_rewards; such a claim earns nothing.
with claims as (
    select *
    from {{ ref('stg_training__event_log') }}
    where event_type = 'reward_claim'
),

rewards as (
    select * from {{ ref('training_rewards') }}
)

select
    'training' as area,
    claims.action as reward_code,
    count(*) as claims,
    count(distinct claims.user_id) as users,
    min(claims.business_date) as first_date,
    max(claims.business_date) as last_date
from claims
left join rewards
    on claims.action = rewards.reward_code
where rewards.reward_code is null
group by claims.action
