"""The rules of a contract that one record and the reference seeds can decide. Anything else is refused when read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strata.errors import ContractError


@dataclass(frozen=True)
class Rule:
    """A rule on one column. ``other_columns`` are the columns of the same record that it also reads."""

    @property
    def other_columns(self) -> tuple[str, ...]:
        """Columns besides its own that the rule reads."""
        return ()


@dataclass(frozen=True)
class NotNull(Rule):
    """The value is there."""


@dataclass(frozen=True)
class NotEmpty(Rule):
    """Text that is more than white space."""


@dataclass(frozen=True)
class MaxLength(Rule):
    """Text of at most so many characters."""

    characters: int


@dataclass(frozen=True)
class NotPrefixed(Rule):
    """Text that does not begin in this way."""

    prefix: str


@dataclass(frozen=True)
class JsonObject(Rule):
    """A JSON object; a flat one holds no objects and no lists."""

    is_flat: bool


@dataclass(frozen=True)
class AcceptedValues(Rule):
    """One of a list that the contract itself names."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class InSeed(Rule):
    """One of the values of a column of a reference seed (dbt: relationships)."""

    seed: str
    field: str


@dataclass(frozen=True)
class InRange(Rule):
    """A number within bounds, both included; a bound may be open."""

    min_value: float | None
    max_value: float | None


@dataclass(frozen=True)
class AtOrAfter(Rule):
    """Not before another column of the same record."""

    column: str

    @property
    def other_columns(self) -> tuple[str, ...]:
        """The column it is compared with."""
        return (self.column,)


@dataclass(frozen=True)
class FilledWhenRequired(Rule):
    """Not null where the seed row of another column's value carries a flag."""

    by: str
    seed: str
    field: str
    flag: str

    @property
    def other_columns(self) -> tuple[str, ...]:
        """The column that chooses the seed row."""
        return (self.by,)


@dataclass(frozen=True)
class IsTimezone(Rule):
    """The name of a time zone."""


@dataclass(frozen=True)
class FollowsGrammar(Rule):
    """JSON that follows a grammar of the area; ``field`` of the seed lists the words that the grammar allows."""

    grammar: str
    seed: str
    field: str


# Tests of a table as it stands, which tell the door nothing about a record.
TABLE_CLAIMS = ("append_only", "columns_as_declared")
# How the names of tests begin that ask for a grammar; what follows names the grammar.
GRAMMAR = "grammar_"
# Tests of a table that are rules of some of its columns, and the argument beside those columns.
_TABLE_RULES = {"max_length": "characters", "json_objects": "flat"}
_REF = re.compile(r"ref\(\s*['\"]([a-z][a-z0-9_]{0,62})['\"]\s*\)")


def read_rule(test: str | Mapping[str, Any], where: str) -> Rule:
    """A dbt data test of a contract as a rule.

    Raises:
        ContractError: the door does not know the test or one of its arguments.
    """
    name, arguments = _name_and_arguments(test, where)
    try:
        match name:
            case "not_null":
                return NotNull(**arguments)
            case "accepted_values":
                return AcceptedValues(tuple(str(value) for value in arguments.pop("values")), **arguments)
            case "relationships":
                return InSeed(seed=_ref(arguments.pop("to")), **arguments)
            case "filled_when_required":
                return FilledWhenRequired(seed=_ref(arguments.pop("to")), **arguments)
            case "is_timezone":
                return IsTimezone(**arguments)
            case grammar if grammar.startswith(GRAMMAR):
                return FollowsGrammar(grammar.removeprefix(GRAMMAR), seed=_ref(arguments.pop("to")), **arguments)
    except (TypeError, KeyError, ValueError) as error:
        raise ContractError(f"{where}: the arguments of the rule {name} do not fit ({error}).") from error
    raise ContractError(f"{where}: the door does not understand the rule {name!r}.")


def read_constraint(constraint: Mapping[str, Any], column: str, where: str) -> Rule:
    """A constraint of a column as a rule.

    Raises:
        ContractError: the door does not know the constraint.
    """
    rule: Rule | None = None
    match dict(constraint):
        case {"type": "not_null", **more} if not more:
            rule = NotNull()
        case {"type": "check", "expression": str(expression), **more} if not more:
            rule = _checked(expression, column)
    if rule is not None:
        return rule
    raise ContractError(
        f"{where}: the door does not understand the constraint {dict(constraint)}. It knows not_null, and as a check: "
        f'"trim({column}) <> \'\'", "{column} not like \'word%\'", "{column} >= 0 and {column} <= 9" or one half of '
        f'it, and "{column} >= another_column".'
    )


def _checked(expression: str, column: str) -> Rule | None:
    """The rule that a check says; none where the door knows no such check."""
    if expression == f"trim({column}) <> ''":
        return NotEmpty()
    if found := re.fullmatch(rf"{column} not like '([\w:.-]+)%'", expression):
        return None if "_" in found[1] else NotPrefixed(found[1])
    if found := re.fullmatch(rf"{column} >= ([a-z]\w*)", expression):
        return AtOrAfter(found[1])
    number = r"(-?\d+(?:\.\d+)?)"
    low, high = rf"{column} >= {number}", rf"{column} <= {number}"
    if found := re.fullmatch(f"{low} and {high}", expression):
        return InRange(_number(found[1]), _number(found[2]))
    if found := re.fullmatch(low, expression):
        return InRange(_number(found[1]), None)
    if found := re.fullmatch(high, expression):
        return InRange(None, _number(found[1]))
    return None


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)


def read_table_rules(tests: Sequence[str | Mapping[str, Any]], where: str) -> dict[str, list[Rule]]:
    """The data tests of a table as rules by column: a limit that many columns share costs dbt one test.

    Raises:
        ContractError: the door does not know the test or one of its arguments.
    """
    found: dict[str, list[Rule]] = defaultdict(list)
    for test in tests:
        name, arguments = _name_and_arguments(test, where)
        if name in (*TABLE_CLAIMS, "constraints_hold"):
            continue
        rule = _table_rule(name, arguments, where)
        for column in arguments["columns"]:
            found[column].append(rule)
    return found


def _table_rule(name: str, arguments: Mapping[str, Any], where: str) -> Rule:
    """The rule that a data test of a table makes for each of its columns."""
    match name, {key: value for key, value in arguments.items() if key != "columns"}:
        case "max_length", {"characters": int(characters), **more} if not more and "columns" in arguments:
            return MaxLength(characters)
        case "json_objects", {"flat": bool(is_flat), **more} if not more and "columns" in arguments:
            return JsonObject(is_flat)
    if name in _TABLE_RULES:
        raise ContractError(f"{where}: the rule {name} has the arguments columns and {_TABLE_RULES[name]}.")
    raise ContractError(f"{where}: the door does not understand the rule {name!r} on a table.")


def _name_and_arguments(test: str | Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    if isinstance(test, str):
        return test, {}
    if len(test) != 1:
        raise ContractError(f"{where}: a data test must have one name, not {sorted(test)}.")
    name, body = next(iter(test.items()))
    if unknown := set(body) - {"arguments", "name"}:
        raise ContractError(f"{where}: the door does not understand {sorted(unknown)} of the rule {name!r}.")
    return name, dict(body.get("arguments", {}))


def _ref(text: str) -> str:
    found = _REF.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not ref('<seed>')")
    return found.group(1)
