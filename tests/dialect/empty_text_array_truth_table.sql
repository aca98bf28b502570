-- An empty array of texts: not null, without elements, and equal to what is left of an array of nothing.
with cases as (
    select
        {{ empty_text_array() }} as given,
        cast(null as text[]) as absent
)

select
    given,
    {{ array_length_of('given') }} as actual_length,
    {{ json_string_array('given') }} as actual_json
from cases
where
    given is null
    or {{ array_length_of('given') }} is distinct from 0
    or {{ json_string_array('given') }} is distinct from '[]'
    or {{ sorted_distinct_array('absent') }} is distinct from given
