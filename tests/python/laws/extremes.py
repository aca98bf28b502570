"""Records at the extremes of what a contract accepts, drawn from the contract: a new table takes part by itself."""

from __future__ import annotations

import csv
import importlib
import io
import json
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from strata.contract import Column, Contract
from strata.door.payload import AllowedKey, read_allow_list
from strata.reference import Seed
from strata.rules import (
    AcceptedValues,
    AtOrAfter,
    FilledWhenRequired,
    FollowsGrammar,
    InRange,
    InSeed,
    IsTimezone,
    MaxLength,
    NotEmpty,
    NotNull,
    Rule,
)

FIRST, LAST = datetime(2000, 1, 1), datetime(2100, 12, 31, 23, 59, 59, 999_999)
# Today, and the instant that many records share.
NOW = datetime(2026, 3, 5, 12, 0, 0)
_ZONES = ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "Asia/Kathmandu")
_LONGEST_FREE_TEXT = 50_000
_LONGEST_LIST = 2_000
_GREATEST_DOUBLE = 1.7976931348623157e308
_FEW_IDS = 3
# Not to be made shorter by an engine that compresses what it stores.
_WIDE = [chr(code) for code in range(0x20000, 0x2A6D0)]
_PLAIN = string.ascii_letters + string.digits
_FORMS: dict[str, Callable[[Random], list[Any]]] = {
    "path": lambda chance: ["/" + "/".join(_text(chance, string.ascii_lowercase, 8) for _ in range(22)), "/"],
    "identifier": lambda chance: [_text(chance, _PLAIN, 200), "a", _text(chance, _PLAIN, 200)],
    "number": lambda chance: [999_999_999_999, -999_999_999_999, 1e-99, 0, 66.66666666666667, "10", 1e300],
}


def _text(chance: Random, alphabet: Sequence[str], length: int) -> str:
    return "".join(chance.choices(alphabet, k=length))


@dataclass
class Extremes:
    """Draws records of all tables; in an area, columns of one name take their values from one pool: records meet."""

    contracts: list[Contract]
    seeds: dict[str, Seed]
    chance: Random

    def __post_init__(self) -> None:
        """The pools of texts by area and name of the column."""
        self._pools: dict[str, dict[str, list[str]]] = {contract.area: {} for contract in self.contracts}
        self._drawn: dict[tuple[str, str], list[Any]] = {}

    def records(self, contract: Contract, count: int) -> list[dict[str, Any]]:
        """Records by column, each with an extreme in every place."""
        return [self._record(contract) for _ in range(count)]

    def crowd(self, contract: Contract, count: int) -> list[dict[str, Any]]:
        """Records at one instant and with the same texts: the longest where there is a limit, else short ones."""
        shared: dict[str, Any] = {}
        for column in contract.columns:
            if column.filled:
                continue
            if column.data_type == "timestamp":
                shared[column.name] = NOW
            elif column.data_type == "text[]":
                shared[column.name] = []
            elif column.data_type == "json" and not column.grammar and not column.allow_list:
                shared[column.name] = {}
            elif column.data_type == "string" and column.name in self._pools[contract.area]:
                limited = any(isinstance(rule, MaxLength) for rule in column.rules)
                shared[column.name] = self._pools[contract.area][column.name][0 if limited else 1]
        drawn = [self._record(contract) | shared for _ in range(count)]
        return [record | {name: self._own_key(contract, name)() for name in contract.key} for record in drawn]

    def _own_key(self, contract: Contract, name: str) -> Callable[[], Any]:
        if contract.column(name).data_type == "uuid":
            return lambda: UUID(int=self.chance.getrandbits(128))
        return lambda: _text(self.chance, _PLAIN, 30)

    def _record(self, contract: Contract) -> dict[str, Any]:
        place = self.chance.randrange(_FEW_IDS)
        record: dict[str, Any] = {}
        for column in contract.columns:
            if column.filled:
                continue
            if contract.key == (column.name,) and self.chance.random() < 0.8:
                record[column.name] = self._own_key(contract, column.name)()
                continue
            if (contract.name, column.name) not in self._drawn:
                self._drawn[contract.name, column.name] = self._candidates(contract, column)
            candidates = self._drawn[contract.name, column.name]
            # Texts of one place in all columns, mostly: ids that belong together are those of an organisation.
            stay = column.data_type == "string" and self.chance.random() < 0.9
            value = candidates[place % len(candidates)] if stay else self.chance.choice(candidates)
            may_be_null = NotNull() not in column.rules and not column.is_presence_required
            record[column.name] = None if may_be_null and self.chance.random() < 0.2 else value
        for column in contract.columns:
            for rule in column.rules:
                self._keep(rule, contract, column, record)
        return record

    def _keep(self, rule: Rule, contract: Contract, column: Column, record: dict[str, Any]) -> None:
        """Put right what a rule on two columns forbids."""
        match rule:
            case AtOrAfter(other):
                if record[column.name] is not None and record[column.name] < record[other]:
                    record[column.name] = record[other]
            case FilledWhenRequired() if record[column.name] is None:
                record[column.name] = self._candidates(contract, column)[0]
            case _:
                pass

    def _candidates(self, contract: Contract, column: Column) -> list[Any]:
        for rule in column.rules:
            match rule:
                case AcceptedValues(values):
                    return list(values)
                case InSeed(seed, field):
                    return [row[field] for row in self.seeds[seed]]
                case IsTimezone():
                    return list(_ZONES)
                case FollowsGrammar(grammar):
                    drawn = getattr(importlib.import_module(f"areas.{contract.area}.extremes"), grammar)
                    return list(drawn(self._pools[contract.area]))
                case InRange(low, high) if column.data_type in ("bigint", "float8"):
                    return self._numbers(column, low, high)
                case _:
                    pass
        match column.data_type:
            case "string":
                return self._texts(contract, column)
            case "uuid":
                return [UUID(int=0), UUID(int=2**128 - 1), UUID(int=7)]
            case "timestamp":
                near = [NOW, NOW + timedelta(microseconds=1), NOW - timedelta(days=1, microseconds=1)]
                return [FIRST, LAST, *near, *near]
            case "date":
                return [FIRST.date(), LAST.date(), FIRST.date()]
            case "bigint" | "float8":
                return self._numbers(column, None, None)
            case "boolean":
                return [True, False]
            case "text[]":
                wide = [_text(self.chance, _WIDE, 20) for _ in range(_LONGEST_LIST)]
                return [[], wide, ["", "a", "a"], [_text(self.chance, _WIDE, _LONGEST_FREE_TEXT)]]
            case "json":
                return [self._payload(column) for _ in range(8)]
        raise AssertionError(column.data_type)

    def _numbers(self, column: Column, low: float | None, high: float | None) -> list[Any]:
        if column.data_type == "bigint":
            return [int(low if low is not None else -(2**63)), int(high if high is not None else 2**63 - 1), 1]
        least, greatest = low if low is not None else -_GREATEST_DOUBLE, high if high is not None else _GREATEST_DOUBLE
        return [float(least), float(greatest), 5e-324 if least <= 0 else float(least)]

    def _texts(self, contract: Contract, column: Column) -> list[str]:
        pools = self._pools[contract.area]
        if column.name not in pools:
            limits = [rule.characters for rule in column.rules if isinstance(rule, MaxLength)]
            longest = min(limits, default=_LONGEST_FREE_TEXT)
            alphabet = _WIDE if longest < _LONGEST_FREE_TEXT else _PLAIN
            pools[column.name] = [
                _text(self.chance, alphabet, longest), "\u200b\U0001f600'\"\\", _text(self.chance, alphabet, longest),
            ]  # fmt: skip
            if NotEmpty() not in column.rules and not column.is_presence_required:
                pools[column.name].append("")
        return pools[column.name]

    def _payload(self, column: Column) -> dict[str, Any]:
        longest = min((rule.characters for rule in column.rules if isinstance(rule, MaxLength)), default=None)
        if longest is not None:
            room = longest - len('{"12345":"","\\\\":0.1}')
            return {_text(self.chance, _PLAIN, 5): _text(self.chance, _WIDE, room), "\\": 0.1}
        if not column.allow_list:
            return {_text(self.chance, _PLAIN, 60): _text(self.chance, _WIDE, 200) for _ in range(50)}
        keys: list[AllowedKey] = read_allow_list(self.seeds[column.allow_list], column.name)
        forms = {item.key: _FORMS[item.form](self.chance) for item in keys if item.form in _FORMS}
        return {key: self.chance.choice(values) for key, values in forms.items()}


def content_of(contract: Contract, records: list[dict[str, Any]]) -> tuple[str, bytes]:
    """A file with the records: the ending of its name, and its content."""
    if contract.format == "table":
        text = io.StringIO()
        writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _plain(value) for name, value in record.items()} for record in records)
        return "csv", text.getvalue().encode()
    lines = (json.dumps(_nested(contract, record), ensure_ascii=False, separators=(",", ":")) for record in records)
    return "ndjson", "".join(line + "\n" for line in lines).encode()


def _nested(contract: Contract, record: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in record.items():
        *parents, last = contract.column(name).path
        part = nested
        for parent in parents:
            part = part.setdefault(parent, {})
        part[last] = _plain(value)
    return nested


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S.%f}Z"
    return str(value) if isinstance(value, date | UUID) else value
