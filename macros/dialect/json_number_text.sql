{#- A JSON number, given as the engine writes it, as text that is the same on every engine. Whole numbers keep their
    digits; others are written with at most twelve places, and count as 1e16 beyond that. -#}
{% macro json_number_text(number) -%}
    {{ return(adapter.dispatch('json_number_text', 'strata')(number)) }}
{%- endmacro %}

{#- PostgreSQL reads no number that is too small for a double; it counts as zero. -#}
{% macro default__json_number_text(number) -%}
    case
        when {{ number }} ~ '^-0+$' then '0'
        when {{ number }} ~ '^-?[0-9]+$' then {{ number }}
        when not pg_input_is_valid({{ number }}, 'float8') then '0'
        else {{ trimmed_decimal(number) }}
    end
{%- endmacro %}

{#- DuckDB writes 1e2 as 100.0. -#}
{% macro duckdb__json_number_text(number) -%}
    case
        when regexp_full_match({{ number }}, '-?[0-9]+') then {{ number }}
        else {{ trimmed_decimal(number) }}
    end
{%- endmacro %}
