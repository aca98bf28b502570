"""How a sender writes a record: key order and white space. What equals its template needs no second parser.

A template is the text of a record with holes for the values. The vectorised pass fills the holes with the values it
has read and compares the result with the line. If they are equal, the line is JSON, has exactly these keys, each once,
and every value has the JSON type of its hole: a text with an escape, a duplicate or unknown key, a trailing comma,
a number in quotes, all make the two differ. Lines that differ are doubtful, not wrong; they get a second look.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from strata.contract import Column, Contract
from strata.rules import NotNull

_MOST_TEMPLATES = 3
_UNQUOTED = ("bigint", "float8", "boolean", "text[]", "json")
_STYLES = ((",", ":"), (", ", ": "))

# One level of keys in their order; a key leads to a column's name or to the next level.
Keys = tuple[tuple[str, "str | Keys"], ...]


@dataclass(frozen=True)
class Layout:
    """A template as bytes. Each part is constant text and the name of the column whose value stands behind it.

    The quotes of a text that cannot be null belong to the constants. ``tail`` is what stands behind the last value,
    with the line end.
    """

    parts: tuple[tuple[bytes, str], ...]
    tail: bytes

    @property
    def constants(self) -> list[bytes]:
        """What stands before each value, and the tail."""
        return [*(constant for constant, _ in self.parts), self.tail]


@dataclass(frozen=True)
class Template:
    """The keys of a record in the order of the sender, its separators and its line end."""

    keys: Keys
    comma: str
    colon: str
    line_end: str

    def sql(self, contract: Contract) -> str:
        """SQL for the text of a record, written again from its columns ``s_<name>``."""
        parts = [*self._object(self.keys, contract), f"'{self.line_end}'"]
        merged: list[str] = []
        for part in parts:
            if part.startswith("'") and merged and merged[-1].startswith("'"):
                merged[-1] = merged[-1][:-1] + part[1:]
            else:
                merged.append(part)
        # Line ends cannot stand in a string literal of one line.
        return f"concat({', '.join(merged)})".replace("\\r", "' || chr(13) || '").replace("\\n", "' || chr(10) || '")

    def layout(self, contract: Contract) -> Layout:
        """The template as bytes with places for the values."""
        parts: list[tuple[bytes, str]] = []
        constant = ""
        for piece in [*self._pieces(self.keys, contract), _line_end(self.line_end)]:
            if isinstance(piece, Column):
                parts.append((constant.encode(), piece.name))
                constant = ""
            else:
                constant += piece
        return Layout(tuple(parts), constant.encode())

    def _pieces(self, keys: Keys, contract: Contract) -> list[str | Column]:
        pieces: list[str | Column] = ["{"]
        for number, (key, value) in enumerate(keys):
            pieces.append(f'{self.comma if number else ""}"{key}"{self.colon}')
            if not isinstance(value, str):
                pieces += self._pieces(value, contract)
                continue
            column = contract.column(value)
            pieces += ['"', column, '"'] if is_quoted(column) else [column]
        return [*pieces, "}"]

    def _object(self, keys: Keys, contract: Contract) -> list[str]:
        parts = ["'{'"]
        for number, (key, value) in enumerate(keys):
            parts.append(f"'{self.comma if number else ''}\"{key}\"{self.colon}'")
            parts += self._hole(contract.column(value)) if isinstance(value, str) else self._object(value, contract)
        return [*parts, "'}'"]

    def _hole(self, column: Column) -> list[str]:
        name = f'"s_{column.name}"'
        if column.data_type == "text[]" and self.comma != ",":
            # The engine renders a list without spaces; within a text no quote stands without a backslash before it.
            name = f"""replace({name}, '","', '"{self.comma}"')"""
        if column.data_type in _UNQUOTED:
            return [f"coalesce({name}, 'null')"]
        if is_quoted(column):
            return ["'\"'", name, "'\"'"]
        return [f"coalesce('\"' || {name} || '\"', 'null')"]


def is_quoted(column: Column) -> bool:
    """Whether every value of a column that keeps to its contract stands in quotes."""
    return column.data_type not in _UNQUOTED and NotNull() in column.rules


def _line_end(escaped: str) -> str:
    return escaped.replace("\\r", "\r").replace("\\n", "\n")


def find_templates(contract: Contract, lines: Iterable[str]) -> list[Template]:
    """The templates that some first lines of a file follow, most frequent first; at most three."""
    found = Counter(template for line in lines if (template := _template(contract, line)))
    return [template for template, _ in found.most_common(_MOST_TEMPLATES)]


def _template(contract: Contract, line: str) -> Template | None:
    text = line.rstrip("\r\n")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    keys = _keys(contract, document, ())
    if keys is None:
        return None
    used = set(_columns(keys))
    if any(column.is_presence_required and column.name not in used for column in contract.columns):
        return None
    line_end = line[len(text) :].replace("\r", "\\r").replace("\n", "\\n")
    for comma, colon in _STYLES:
        if json.dumps(document, separators=(comma, colon), ensure_ascii=False) == text:
            return Template(keys, comma, colon, line_end)
    return None


def _keys(contract: Contract, value: Any, path: tuple[str, ...]) -> Keys | None:
    """The keys of an object, or none where they are not all known."""
    if not isinstance(value, dict):
        return None
    keys: list[tuple[str, str | Keys]] = []
    for key, item in value.items():
        here = (*path, key)
        column = next((column.name for column in contract.columns if column.path == here), None)
        if column is not None:
            keys.append((key, column))
        elif any(known.path[: len(here)] == here for known in contract.columns):
            below = _keys(contract, item, here)
            if below is None:
                return None
            keys.append((key, below))
        else:
            return None
    return tuple(keys)


def _columns(keys: Keys) -> Iterable[str]:
    for _, value in keys:
        if isinstance(value, str):
            yield value
        else:
            yield from _columns(value)
