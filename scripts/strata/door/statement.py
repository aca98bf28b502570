"""The statements of the door: a fast pass that types what it can prove, and a careful one for the doubtful rest."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from strata.contract import Column, Contract
from strata.door.checks import ContractSql, json_doubt
from strata.door.strict_json import PLAIN_KEY, StrictJsonError, parse
from strata.door.template import Template
from strata.grammars import grammar_of

Keys = list[list[str] | None]
# Column, reason, sentence, and whether it ends the matter.
Finding = tuple[str | None, str, str, bool]

# DuckDB's parser accepts these, RFC 8259 does not (or no text column can hold them): the strict parser decides.
_LENIENT = r"regexp_matches(line, ',\s*[}\]]') or contains(line, '\u0000')"
# NaN, Infinity and 1e400 come out as doubles; RFC 8259 knows none of them, or no double holds them.
_NOT_A_NUMBER = (
    "coalesce(t[{0}] = 'DOUBLE' and not (regexp_matches(w[{0}], '^-?[0-9]') "
    "and coalesce(isfinite(try_cast(w[{0}] as double)), false)), false)"
)


def fast_values(contract: Contract, records: str) -> str:
    """JSON lines with every value as text in a column ``s_<name>``, parsed once; null where missing or not JSON."""
    structure = json.dumps(_structure(contract))
    columns = ", ".join(f'{_field(column.path)} as "s_{column.name}"' for column in contract.columns)
    return (
        f"select line_number, line, {columns} from (select *, try(from_json(line, '{structure}')) as j from {records})"
    )


def text_values(contract: Contract, records: str) -> str:
    """Records that came as columns of text, named like those of ``fast_values``."""
    columns = ", ".join(f'"{column.name}" as "s_{column.name}"' for column in contract.columns)
    return f"select line_number, line, {columns} from {records}"


def careful_values(sql: ContractSql, records: str) -> str:
    """JSON lines as lists: values ``w``, JSON types ``t``, keys of the objects ``k``; null where not JSON."""
    every = ["$" + "".join(f".{part}" for part in path) for path in sql.paths]
    columns, objects = every[: len(sql.contract.columns)], every[len(sql.contract.columns) :]
    return (
        f"select line_number, line, try(json_extract_string(line, {columns})) as w, "
        f"try(json_type(line, {every})) as t, try(json_keys(line, {objects})) as k from {records}"
    )


def typed(sql: ContractSql, values: str) -> str:
    """What ``values`` gives, with every column in its type (``c_<name>``; null where it does not fit)."""
    pairs = zip(sql.contract.columns, sql.typed_columns(), strict=True)
    columns = ", ".join(f'{expression} as "c_{column.name}"' for column, expression in pairs)
    return f"select *, {columns} from ({values})"


def is_clean(sql: ContractSql, templates: Sequence[Template] | None) -> str:
    """SQL that is true only where a record can be loaded without a second look."""
    proof = "true"
    if templates is not None:
        proof = " or ".join(f"line = {template.sql(sql.contract)}" for template in templates) or "false"
    return f"coalesce(({proof}) and not ({' or '.join(check.doubt or check.bad for check in sql.checks)}), false)"


def once(condition: str) -> str:
    """A condition that the engine leaves where it stands.

    It moves other conditions below the columns that they name, and then computes every value a second time for them.
    """
    return f"({condition}) and random() >= 0"


def is_unsure(sql: ContractSql) -> str:
    """SQL that is true where only the strict parser can tell whether a line is JSON. ``$keys`` are known to be good."""
    if sql.contract.has_grammar:
        return "true"
    objects = [json_doubt(sql.value(column)) for column in sql.contract.columns if column.data_type == "json"]
    if not sql.is_json:
        return f"({' or '.join(objects) or 'false'})"
    numbers = [_NOT_A_NUMBER.format(position + 1) for position in range(len(sql.contract.columns))]
    return f"({' or '.join(['w is null', 'not list_contains($keys::varchar[][][], k)', _LENIENT, *numbers, *objects])})"


def failed_checks(sql: ContractSql) -> str:
    """SQL for the list of the numbers (from 0) of all checks that a record fails.

    Over JSON the first check is whether the record is an object at all; where it is not, nothing else is worth saying.
    """
    cases = ", ".join(f"case when {check.bad} then {number} end" for number, check in enumerate(sql.checks))
    failed = f"list_filter([{cases}]::integer[], lambda number: number is not null)"
    return f"case when {sql.checks[0].bad} then [0]::integer[] else {failed} end" if sql.is_json else failed


def raw_columns(contract: Contract, batch: str, line: str, *, is_replay: bool = False) -> str:
    """Select list of the raw table: contract columns and technical columns, in the table's order.

    What the door fills in comes from ``$file`` and ``$load_time``; a replayed record says itself which file it was in.
    """
    columns = [_raw_column(contract, column, is_replay) for column in contract.columns] + [batch, line]
    if contract.event_time:
        columns.append(f'cast("c_{contract.event_time}" as date)')
    return ", ".join(columns)


def _raw_column(contract: Contract, column: Column, is_replay: bool) -> str:
    match column.filled:
        case "file":
            return f'coalesce("c_{column.name}", $file::varchar)' if is_replay else "$file::varchar"
        case "load_time":
            return "$load_time::timestamp"
        case "event_date":
            return f'cast("c_{contract.event_time}" as date)'
    return f'"c_{column.name}"'


def has_good_keys(sql: ContractSql, keys: Keys) -> bool:
    """Whether a record with these keys (one list an object) names none twice, in any case, and none unknown."""
    for path, names in zip(sql.objects, keys, strict=True):
        if len({name.lower() for name in names or []}) < len(names or []):
            return False
        # Below an unknown key anything may stand, so only the strict parser can tell.
        if not set(names or []) <= sql.children(path):
            return False
    return True


def objects(sql: ContractSql) -> list[str]:
    """Names of the columns that hold objects."""
    return [column.name for column in sql.contract.columns if column.data_type == "json"]


def verdict(sql: ContractSql, line: str) -> list[Finding]:
    """What the strict parser has against a line; a line that is no JSON has no other reason."""
    try:
        document = parse(line.strip(" \t\r\n"))
    except StrictJsonError as error:
        return [(None, error.reason, f"the record {error}", True)]
    found = [
        finding
        for column in sql.contract.columns
        if column.grammar
        for finding in _broken_grammar(sql, column, _value_at(document, column.path))
    ]
    if not sql.contract.is_unknown_rejected:
        return found
    names = [_said(path) for path in unknown_fields(sql, document)]
    return found + [(name, "unknown_field", f"{name or 'a key'} is not in the contract", False) for name in names]


def _broken_grammar(sql: ContractSql, column: Column, value: Any) -> list[Finding]:
    """What the grammar of a column has against its value. What is neither object nor list was said already."""
    rule = column.grammar
    if rule is None or not isinstance(value, dict | list):
        return []
    allowed = {row[rule.field] for row in sql.seeds[rule.seed]}
    problem = grammar_of(sql.contract.area, rule.grammar)(value, allowed)
    return [(column.name, f"bad_{rule.grammar}", f"{column.name}: {problem}", False)] if problem else []


def _said(key: str) -> str | None:
    """A path as a sentence may name it; null where it may not."""
    return key if PLAIN_KEY.fullmatch(key) else None


def verdict_of_objects(sql: ContractSql, texts: Sequence[str | None]) -> list[Finding]:
    """What the strict parser has against the objects of a record that came as columns of text."""
    found: list[Finding] = []
    for name, text in zip(objects(sql), texts, strict=True):
        try:
            value = parse((text or "{}").strip(" \t\r\n"))
        except StrictJsonError as error:
            found.append((name, error.reason, f"{name} {error}", False))
        else:
            found += _broken_grammar(sql, sql.contract.column(name), value if text else None)
    return found


def without_words(finding: Finding) -> Finding:
    """The same finding without the words of the record, which may name a person."""
    name, reason, message, is_structural = finding
    if reason == "unknown_field":
        return (None, reason, "a key is not in the contract", is_structural)
    words = re.sub(r"the (key|number) .*", r"a \1 that cannot be", message, flags=re.DOTALL)
    return (name, reason, words, is_structural)


def unknown_fields(sql: ContractSql, document: Any) -> list[str]:
    """Paths of the keys of a parsed record that the contract does not know."""
    unknown = []
    for path in sql.objects:
        value = _value_at(document, path)
        if isinstance(value, dict):
            unknown += [".".join((*path, key)) for key in value if key not in sql.children(path)]
    return unknown


def _value_at(document: Any, path: Sequence[str]) -> Any:
    """The value that objects hold at a path; none where there is none."""
    for part in path:
        document = document.get(part) if isinstance(document, dict) else None
    return document


def _structure(contract: Contract) -> dict[str, Any]:
    structure: dict[str, Any] = {}
    for column in contract.columns:
        level = structure
        for part in column.path[:-1]:
            level = level.setdefault(part, {})
        level[column.path[-1]] = "JSON" if column.data_type == "json" else "VARCHAR"
    return structure


def _field(path: Sequence[str]) -> str:
    return "j" + "".join(f'."{part}"' for part in path)
