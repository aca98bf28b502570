-- Section 7: every record that is turned away has a code of the seed rejection_codes and a sentence that says why.
select
    rejections.batch_id,
    rejections.line_number,
    rejections.code
from {{ tested_rows(ref('all_rejections')) }} as rejections
left join {{ ref('rejection_codes') }} as codes
    on rejections.code = codes.code
where
    codes.code is null
    or coalesce(rejections.reason, '') = ''
    or coalesce(rejections.message, '') = ''
