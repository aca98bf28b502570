-- One row per place and first day of validity. Master data are corrected by sending them again: the last record counts.
with records as (
    select * from {{ source('training', 'org_scope') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by region_id, country_id, branch_id, team_id, valid_from
            order by _batch_id desc, _line_number desc
        ) as recency
    from records
)

select
    region_id,
    country_id,
    branch_id,
    team_id,
    timezone,
    valid_from,
    valid_to,
    _batch_id,
    _line_number
from numbered
where recency = 1
