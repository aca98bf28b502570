{#- Where each chain is before its first touched instant; one row of the table a chain, found by its index. Not before the
    first evidence that is there now: what stood at the touched instant may have gone, and its state goes with it. -#}
{% macro chain_beginnings(evidence, parameters) -%}
    select
        chains.learner_id,
        chains.content_type,
        chains.content_id,
        {%- if is_incremental() %}
        coalesce(before.evidence_number, 0) as evidence_number,
        coalesce(before.scores, 0) as scores,
        coalesce(before.score_millionths_sum, 0) as score_millionths_sum,
        coalesce(before.odds, parameters.prior / (1 - parameters.prior)) as odds
        {%- else %}
        cast(0 as bigint) as evidence_number,
        cast(0 as bigint) as scores,
        cast(0 as bigint) as score_millionths_sum,
        parameters.prior / (1 - parameters.prior) as odds
        {%- endif %}
    from (
        {%- if is_incremental() %}
        select * from {{ touched_rows('chain_from') }} as touched
        {%- else %}
        select distinct
            learner_id,
            content_type,
            content_id
        from {{ evidence }}
        {%- endif %}
    ) as chains
    inner join {{ parameters }} as parameters on chains.content_type = parameters.content_type
    {%- if is_incremental() %}
    left join lateral (
        select
            states.evidence_number,
            states.scores,
            states.score_millionths_sum,
            states.odds
        from {{ this }} as states
        where
            states.learner_id = chains.learner_id
            and states.content_type = chains.content_type
            and states.content_id = chains.content_id
            and states.timestamp < chains.touched_from
        order by states.timestamp desc, states.evidence_number desc
        limit 1
    ) as before on true
    {%- endif %}
{%- endmacro %}
