"""A contract as SQL: how every column is typed, and every way in which one record can break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from strata.contract import Column, Contract
from strata.rules import (
    AcceptedValues,
    AtOrAfter,
    FilledWhenRequired,
    FollowsGrammar,
    InRange,
    InSeed,
    IsTimezone,
    JsonObject,
    MaxLength,
    NotEmpty,
    NotNull,
    NotPrefixed,
    Rule,
)

SCHEMA_CODE = "E_SCHEMA_MISMATCH"
FIRST_YEAR, LAST_YEAR = 2000, 2100

_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?"
_TIMESTAMP = rf"\d{{4}}-\d\d-\d\d[Tt ]{_TIME}([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?"
# What the JSON parser calls the values that a data type may come from.
_JSON_TYPES = {
    "bigint": ("UBIGINT", "BIGINT"),
    "float8": ("UBIGINT", "BIGINT", "DOUBLE"),
    "boolean": ("BOOLEAN",),
    "text[]": ("ARRAY",),
    "json": ("OBJECT",),
}
_NOUNS = {
    "string": "text",
    "uuid": "text",
    "timestamp": "text",
    "date": "text",
    "bigint": "a whole number",
    "float8": "a number",
    "boolean": "true or false",
    "text[]": "a list of texts",
    "json": "an object",
}
# JSON that follows a grammar may be a list.
_GRAMMAR_TYPES, _GRAMMAR_NOUN = ("OBJECT", "ARRAY"), "an object or a list"
# JSON knows one kind of number: 3.0 is the whole number 3, up to what a double holds exactly.
_WHOLE_FRACTION = r"-?\d{1,15}\.0+"
_END_OF_TIME = rf"9999-12-31([Tt ]{_TIME}([Zz]|[+-]\d\d:\d\d)?)?"
_BLANK = r"[\s\x0b\p{Z}]*"
_TEXT_FORMS = {
    "bigint": rf"-?\d{{1,30}}|{_WHOLE_FRACTION}",
    "float8": r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
    "boolean": r"(?i)true|false",
}


# JSON's own grammar for what stands without quotes, where nothing holds a backslash or a control character.
JSON_FORMS = {
    "bigint": r"-?(0|[1-9][0-9]{0,29})|-?(0|[1-9][0-9]{0,14})\.0+",
    "float8": r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?",
    "boolean": "true|false",
    "text[]": r'\[\]|\["[^"]*"(, ?"[^"]*")*\]',
}


def is_decoded(column: Column) -> bool:
    """Whether the values of a column are decoded where lines are cut, so that no check needs their text."""
    needs_text = any(isinstance(rule, (NotEmpty, MaxLength, IsTimezone)) for rule in column.rules)
    return column.data_type in ("uuid", "timestamp") and not column.is_end_of_time_null and not needs_text


@dataclass(frozen=True)
class Check:
    """One way to break the contract. ``bad`` is SQL that is true where a record breaks it, and never null.

    ``doubt`` is cheaper SQL that is true at least where ``bad`` is.
    """

    column: str | None
    code: str
    reason: str
    message: str
    bad: str
    doubt: str | None = None


@dataclass
class ContractSql:
    """The SQL of one contract over records that come as JSON (``is_json``) or as columns of text.

    Over JSON the expressions read two lists, ``w`` (values as text) and ``t`` (their JSON types), in the order of
    ``paths``; over text they read one column each, ``s_<name>``. ``parameters`` holds the bound values.

    Columns of text that were cut from lines of JSON (``is_cut``) hold no control characters, their numbers must follow
    JSON's grammar, and those that ``is_decoded`` names come in their type.
    """

    contract: Contract
    seeds: Mapping[str, list[dict[str, str]]]
    is_json: bool
    parameters: dict[str, Any] = field(default_factory=dict)
    is_cut: bool = False

    def __post_init__(self) -> None:
        """Build the checks once; they fill the parameters."""
        self.checks = list(self._checks())

    @property
    def objects(self) -> list[tuple[str, ...]]:
        """Paths of the objects that hold the columns, the record itself first."""
        prefixes = {column.path[:depth] for column in self.contract.columns for depth in range(1, len(column.path))}
        return [(), *sorted(prefixes)]

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """Paths of all columns, then of all objects."""
        return [column.path for column in self.contract.columns] + self.objects

    def children(self, path: tuple[str, ...]) -> set[str]:
        """Keys that the contract knows in the object at a path."""
        return {known[len(path)] for known in self.paths if len(known) > len(path) and known[: len(path)] == path}

    def typed_columns(self) -> list[str]:
        """One expression a column, in contract order: its value in its data type, null where it does not fit."""
        return [self._typed(column) for column in self.contract.columns]

    def value(self, column: Column) -> str:
        """SQL of a column's value as text, as the record holds it; null where what it holds means none."""
        held = f"w[{self.contract.columns.index(column) + 1}]" if self.is_json else f'"s_{column.name}"'
        if column.is_end_of_time_null:
            return f"(case when regexp_full_match({held}, '{_END_OF_TIME}') then null else {held} end)"
        return held

    def _kind(self, path: tuple[str, ...]) -> str:
        return f"t[{self.paths.index(path) + 1}]"

    def _typed(self, column: Column) -> str:
        value = self.value(column)
        if self.is_cut and is_decoded(column):
            return value
        match column.data_type:
            case "string":
                return f"case when {_is_blank(value)} then null else {value} end" if column.is_empty_null else value
            case "uuid":
                return f"try_cast({value} as uuid)"
            case "timestamp":
                # Casting text with an offset drops the offset, so it is taken off here and applied.
                local = f"try_cast(replace(upper(left({value}, length({value}) - 6)), ' ', 'T') as timestamp)"
                offset = f"to_minutes(try_cast({value}[-5:-4] as bigint) * 60 + try_cast({value}[-2:] as bigint))"
                return (
                    f"case when {value}[-6] = '+' then {local} - {offset} "
                    f"when {value}[-6] = '-' then {local} + {offset} "
                    f"else try_cast(upper({value}) as timestamp) end"
                )
            case "date":
                return f"try_cast({value} as date)"
            case "bigint":
                return f"try_cast(split_part({value}, '.', 1) as bigint)"
            case "float8":
                return f"try_cast({value} as double)"
            case "boolean":
                return f"try_cast({value} as boolean)"
            case "text[]":
                return f"try(json_extract_string({value}, '$[*]'))"
            case "json":
                return value
        raise AssertionError(column.data_type)

    def _checks(self) -> Iterator[Check]:
        if self.is_json:
            for path in self.objects:
                kind = self._kind(path)
                allowed = ("OBJECT", "NULL") if path else ("OBJECT",)
                bad = f"coalesce({kind} not in {_in(allowed)}, {'false' if path else 'true'})"
                name = ".".join(path) or None
                message = f"{name or 'the record'} must be an object"
                yield Check(name, SCHEMA_CODE, "wrong_type", message, bad)
        for column in self.contract.columns:
            yield from self._presence_checks(column)
            yield from self._type_checks(column)
            if column.filled == "event_date":
                yield self._event_date_check(column)
            for rule in column.rules:
                yield from self._rule_checks(column, rule)

    def _event_date_check(self, column: Column) -> Check:
        """What the sender says of the event's date must be true; it need not be said."""
        event_time = f'"c_{self.contract.event_time}"'
        bad = f'coalesce("c_{column.name}" <> cast({event_time} as date) and isfinite({event_time}), false)'
        label = ".".join(column.path)
        message = f"{label} must be the UTC date of {self.contract.event_time}"
        return Check(column.name, SCHEMA_CODE, "wrong_event_date", message, bad)

    def _presence_checks(self, column: Column) -> Iterator[Check]:
        label, code = ".".join(column.path), column.code or SCHEMA_CODE
        missing = f"{self._kind(column.path)} is null" if self.is_json else "false"
        if column.is_presence_required and self.is_json:
            yield Check(column.name, code, "missing_key", f"{label} is missing", missing)
        if NotNull() in column.rules:
            # A missing key that the contract demands was said above; do not say it twice.
            if self.is_json and column.is_presence_required:
                bad = f"coalesce({self._kind(column.path)} = 'NULL', false)"
            else:
                bad = f"{self.value(column)} is null"
            yield Check(column.name, code, "null_value", f"{label} must not be null", bad)

    def _type_checks(self, column: Column) -> Iterator[Check]:
        if self.is_cut and is_decoded(column):
            return
        label, value, typed = ".".join(column.path), self.value(column), f'"c_{column.name}"'
        noun = _GRAMMAR_NOUN if column.grammar else _NOUNS[column.data_type]
        fits = f"{value} is not null"
        if self.is_json:
            kind, allowed = self._kind(column.path), _JSON_TYPES.get(column.data_type, ("VARCHAR",))
            allowed = _GRAMMAR_TYPES if column.grammar else allowed
            fits = f"({value} is not null and coalesce({kind} in {_in(allowed)}, false))"
            if column.data_type == "bigint":
                is_whole = f"{kind} = 'DOUBLE' and regexp_full_match({value}, '{_WHOLE_FRACTION}')"
                fits = f"({fits} or coalesce({is_whole}, false))"
            bad = f"({value} is not null and not {fits})"
            message = f"{label} must be {noun}"
            yield Check(column.name, SCHEMA_CODE, "wrong_type", message, bad)
            if column.data_type == "text[]":
                elements = f"list_has_any(coalesce(json_type({value}, '$[*]'), []), {list(_NOT_TEXT)})"
                bad = f"case when {fits} then {elements} else false end"
                yield Check(column.name, SCHEMA_CODE, "wrong_type", f"every element of {label} must be text", bad)
        elif form := (JSON_FORMS if self.is_cut else _TEXT_FORMS).get(column.data_type):
            bad = f"coalesce(not regexp_full_match({value}, '{form}'), false)"
            fits = f"coalesce(regexp_full_match({value}, '{form}'), false)"
            yield Check(column.name, SCHEMA_CODE, "wrong_type", f"{label} must be {_NOUNS[column.data_type]}", bad)
        elif column.data_type == "json":
            allowed = _GRAMMAR_TYPES if column.grammar else _JSON_TYPES["json"]
            bad = f"({fits} and coalesce(try(json_type({value})), 'NULL') not in {_in(allowed)})"
            message = f"{label} must be {noun}"
            doubt = f"({bad} or {json_doubt(value)})"
            yield Check(column.name, SCHEMA_CODE, "wrong_type", message, bad, doubt)
        elif column.data_type == "text[]":
            elements = f"coalesce(try(json_type({value}, '$[*]')), ['NULL'])"
            is_array = f"coalesce(try(json_type({value})), 'NULL') = 'ARRAY'"
            texts = f"{is_array} and not list_has_any({elements}, {list(_NOT_TEXT)})"
            # DuckDB's parser takes a comma before the end for nothing.
            is_ended = rf"not regexp_full_match({value}, '(?s:.*,\s*\]\s*)')"
            is_surely_ended = f"({value} = '[]' or suffix({value}, '\"]'))"
            bad, doubt = (f"({value} is not null and not ({texts} and {end}))" for end in (is_ended, is_surely_ended))
            yield Check(column.name, SCHEMA_CODE, "wrong_type", f"{label} must be {_NOUNS['text[]']}", bad, doubt)
        match column.data_type:
            case "uuid":
                form = f"{value} like '________-____-____-____-____________'"
                bad = f"({fits} and not coalesce({form} and {typed} is not null, false))"
                yield Check(column.name, SCHEMA_CODE, "bad_uuid", f"{label} must be a UUID", bad)
            case "timestamp":
                form = f"coalesce(regexp_full_match({value}, '{_TIMESTAMP}') and {typed} is not null, false)"
                message = f"{label} must be a timestamp like 2026-01-31T08:00:00Z"
                yield Check(column.name, SCHEMA_CODE, "bad_timestamp", message, f"({fits} and not {form})")
                yield self._years_check(column, f"({fits} and {form} and not %s)")
            case "date":
                form = rf"coalesce(regexp_full_match({value}, '\d{{4}}-\d\d-\d\d') and {typed} is not null, false)"
                message = f"{label} must be a date like 2026-01-31"
                yield Check(column.name, SCHEMA_CODE, "bad_date", message, f"({fits} and not {form})")
                yield self._years_check(column, f"({fits} and {form} and not %s)")
            case "bigint" | "float8":
                held = f"{typed} is not null" + (f" and isfinite({typed})" if column.data_type == "float8" else "")
                bad = f"({fits} and not coalesce({held}, false))"
                yield Check(column.name, SCHEMA_CODE, "out_of_range", f"{label} is too large a number", bad)
        if column.data_type in ("string", "text[]") and not self.is_json and not self.is_cut:
            # The elements of a list stand in JSON, where the character is an escape.
            is_list = column.data_type == "text[]"
            text = f"array_to_string({typed}, '')" if is_list else value
            sign = r"'\u0000'" if is_list else "chr(0)"
            bad = f"coalesce(contains({text}, chr(0)), false)"
            doubt = f"coalesce(contains({value}, {sign}), false)"
            yield Check(column.name, SCHEMA_CODE, "nul_character", f"{label} holds the character U+0000", bad, doubt)

    def _years_check(self, column: Column, bad: str) -> Check:
        inside = f'coalesce(year("c_{column.name}") between {FIRST_YEAR} and {LAST_YEAR}, false)'
        message = f"{'.'.join(column.path)} must lie in the years {FIRST_YEAR} to {LAST_YEAR}"
        return Check(column.name, SCHEMA_CODE, "out_of_range", message, bad % inside)

    def _rule_checks(self, column: Column, rule: Rule) -> Iterator[Check]:
        label, value, typed = ".".join(column.path), self.value(column), f'"c_{column.name}"'
        code = column.code or SCHEMA_CODE
        match rule:
            case NotNull() | FollowsGrammar():
                return  # said with the presence, and by the strict parser
            case NotEmpty():
                yield Check(column.name, code, "empty_value", f"{label} must not be empty", _is_blank(value))
            case MaxLength(characters):
                bad = f"coalesce(length({value}) > {characters}, false)"
                message = f"{label} must not be longer than {characters} characters"
                yield Check(column.name, SCHEMA_CODE, "too_long", message, bad)
            case NotPrefixed(prefix):
                bad = f"coalesce(starts_with({value}, '{prefix}'), false)"
                yield Check(column.name, SCHEMA_CODE, "reserved", f"{label} must not begin with {prefix}", bad)
            case JsonObject(is_flat):
                # That it is an object at all is a matter of its type.
                if is_flat:
                    nested = f"list_has_any(coalesce(try(json_type({value}, '$.*')), []), ['OBJECT', 'ARRAY'])"
                    doubt = rf"coalesce(regexp_matches({value}, '(?s:.[{{\[])'), false)"
                    message = f"{label} must not hold objects or lists"
                    yield Check(column.name, SCHEMA_CODE, "nested_value", message, nested, doubt)
            case AcceptedValues(values):
                bad = f"coalesce(not list_contains({self._bind(list(values))}, {typed}::varchar), false)"
                message = f"{label} must be one of: {', '.join(values)}"
                yield Check(column.name, SCHEMA_CODE, "not_allowed", message, bad)
            case InSeed(seed, seed_field):
                listed = self._bind([row[seed_field] for row in self.seeds[seed]])
                bad = f"coalesce(not list_contains({listed}, {typed}::varchar), false)"
                message = f"{label} must be listed in the seed {seed}"
                yield Check(column.name, SCHEMA_CODE, "not_allowed", message, bad)
            case InRange(low, high):
                within = " and ".join(
                    f"{typed} {sign} {bound!r}" for sign, bound in ((">=", low), ("<=", high)) if bound is not None
                )
                said = " and ".join(
                    f"{word} {bound:g}" for word, bound in (("at least", low), ("at most", high)) if bound is not None
                )
                bad = f"coalesce(not ({within}), false)"
                yield Check(column.name, SCHEMA_CODE, "out_of_range", f"{label} must be {said}", bad)
            case AtOrAfter(other):
                # What is no proper instant was said already.
                bad = f'coalesce({typed} < "c_{other}" and isfinite({typed}) and isfinite("c_{other}"), false)'
                other_label = ".".join(self.contract.column(other).path)
                message = f"{label} must not be before {other_label}"
                yield Check(column.name, SCHEMA_CODE, f"before_{other}", message, bad)
            case FilledWhenRequired(by, seed, seed_field, flag):
                needing = self._bind([row[seed_field] for row in self.seeds[seed] if row[flag].lower() == "true"])
                chooser = f'list_contains({needing}, "c_{by}"::varchar)'
                # A missing key that the contract demands was said already.
                is_said = self.is_json and column.is_presence_required
                here = f"{self._kind(column.path)} is not null" if is_said else "true"
                bad = f"({here} and {typed} is null and coalesce({chooser}, false))"
                message = f"{label} must be filled for this {by}"
                yield Check(column.name, code, f"required_by_{by}", message, bad)
            case IsTimezone():
                zones = "(select name from pg_timezone_names())"
                bad = f"coalesce({value} not in {zones}, false)"
                yield Check(column.name, SCHEMA_CODE, "bad_timezone", f"{label} must be an IANA time zone", bad)
            case _:
                raise AssertionError(rule)

    def _bind(self, values: list[str]) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = values
        return f"${name}::varchar[]"


# An object in an object, an escape, a number that needs care, a comma before the end: the strict parser decides.
_DOUBTFUL_OBJECT = r"(?s:.[{\[]|\\u|:\s*-?(?:[nN]a[nN]|[iI]nf)|[0-9][eE]|[0-9]{16}|,\s*\})"


def json_doubt(value: str) -> str:
    """SQL that is true at least where a text, which may be an object, is not surely strict JSON; never null."""
    keys = f"try(json_keys({value}))"
    is_doubled = f"len({keys}) <> list_unique(list_transform({keys}, lambda key: lower(key)))"
    return f"coalesce(regexp_matches({value}, '{_DOUBTFUL_OBJECT}') or coalesce({is_doubled}, true), false)"


def _is_blank(value: str) -> str:
    """SQL that is true where a text is empty or white space; never null."""
    # Cheap for what begins with a visible ASCII character, which nearly everything does.
    is_visible = f"{value} between '!' and '~'"
    return f"case when {is_visible} then false else coalesce(regexp_full_match({value}, '{_BLANK}'), false) end"


_NOT_TEXT = ("NULL", "UBIGINT", "BIGINT", "DOUBLE", "BOOLEAN", "OBJECT", "ARRAY")


def _in(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"
