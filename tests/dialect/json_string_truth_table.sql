-- json_string writes the same JSON string on every engine; a row here is a case that came out otherwise.
with cases as (
    select
        1 as case_number,
        cast(null as text) as value,
        'null' as expected
    union all
    select
        2 as case_number,
        '' as value,
        '""' as expected
    union all
    select
        3 as case_number,
        'plain ä 한' as value,
        '"plain ä 한"' as expected
    union all
    select
        4 as case_number,
        'say "hi" \ no / yes' as value,
        '"say \"hi\" \\ no / yes"' as expected
    union all
    select
        5 as case_number,
        'a' || chr(10) || chr(9) || chr(13) || chr(8) || chr(12) || 'b' as value,
        '"a\n\t\r\b\fb"' as expected
    union all
    select
        6 as case_number,
        chr(31) || chr(1) || '\u001F' as value,
        '"\u001f\u0001\\u001F"' as expected
)

select
    case_number,
    expected,
    {{ json_string('value') }} as actual
from cases
where {{ json_string('value') }} is distinct from expected
