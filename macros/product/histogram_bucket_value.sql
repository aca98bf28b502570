{#- The middle of the bucket: its power of two times 1 + (part + 1/2) / 64, all of it exact in doubles. -#}
{% macro histogram_bucket_value(bucket) -%}
    case
        when {{ bucket }} = 0 then cast(0 as float8)
        else
            sign({{ bucket }})
            * {{ power_of_two('(' ~ integer_quotient('abs(' ~ bucket ~ ') - 1', 64) ~ ' - 40)') }}
            * (1 + (2 * ((abs({{ bucket }}) - 1) % 64) + 1) / cast(128 as float8))
    end
{%- endmacro %}
