{#- A run goes on from the state before the first touched instant, which an index finds: one row for each sequence. It is not
    the state before the first piece of evidence that is there now, since the touched piece itself may be gone. -#}
{% macro sequence_beginnings(evidence, parameters) -%}
    select
        sequences.learner_id,
        sequences.content_type,
        sequences.content_id,
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
        select * from {{ touched_rows('sequence_from') }} as touched
        {%- else %}
        select distinct
            learner_id,
            content_type,
            content_id
        from {{ evidence }}
        {%- endif %}
    ) as sequences
    inner join {{ parameters }} as parameters on sequences.content_type = parameters.content_type
    {%- if is_incremental() %}
    left join lateral (
        select
            states.evidence_number,
            states.scores,
            states.score_millionths_sum,
            states.odds
        from {{ this }} as states
        where
            states.learner_id = sequences.learner_id
            and states.content_type = sequences.content_type
            and states.content_id = sequences.content_id
            and states.timestamp < sequences.touched_from
        order by states.timestamp desc, states.evidence_number desc
        limit 1
    ) as before on true
    {%- endif %}
{%- endmacro %}
