-- json_string_array keeps the order, escapes like json_string and writes null as an empty array.
with cases as (
    select
        1 as case_number,
        cast(null as text[]) as value,
        '[]' as expected
    union all
    select
        2 as case_number,
        {{ empty_text_array() }} as value,
        '[]' as expected
    union all
    select
        3 as case_number,
        cast(array['b', 'a'] as text[]) as value,
        '["b","a"]' as expected
    union all
    select
        4 as case_number,
        cast(array['"', ''] as text[]) as value,
        '["\"",""]' as expected
)

select
    case_number,
    expected,
    {{ json_string_array('value') }} as actual
from cases
where {{ json_string_array('value') }} is distinct from expected
