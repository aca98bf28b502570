"""The two warehouses that `strata parity` compares: how they are named, and where they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from strata.errors import UsageError
from strata.settings import TARGETS, Settings

_FORMS = "Write duckdb or postgres for a warehouse of these settings, or the path of a DuckDB file."


@dataclass(frozen=True)
class Place:
    """One warehouse: the name that heads its column, and the settings under which it opens."""

    name: str
    settings: Settings

    def describe(self, is_embedded: bool) -> str:
        """The engine, and the file or the server, as people know them."""
        prefix = self.settings.schema_prefix
        schemas = f", schemas that begin with {prefix}" if prefix else ""
        if self.settings.target == "duckdb":
            return f"DuckDB, {self.settings.duckdb_path}{schemas}"
        if is_embedded:
            server = f"embedded server with its data in {self.settings.duckdb_path.parent / 'postgres'}"
        else:
            database = os.environ.get("PGDATABASE") or os.environ.get("PGUSER") or "of the user's name"
            server = f"{os.environ.get('PGHOST', '')}:{os.environ.get('PGPORT', '5432')}, database {database}"
        return f"PostgreSQL, {server}{schemas}"


def read_places(settings: Settings, words: Sequence[str]) -> tuple[Place, Place]:
    """The two warehouses that the words name; without any, the DuckDB and the PostgreSQL one of the settings.

    Raises:
        UsageError: there is one word, or more than two; both are the same; or a file is missing.
    """
    words = list(words) or list(TARGETS)
    if len(words) != len(TARGETS):
        raise UsageError(f"Name two warehouses to compare, not {len(words)}. {_FORMS}")
    left, right = (_read_place(settings, word) for word in words)
    if left.settings == right.settings:
        raise UsageError(f"{words[0]} and {words[1]} are the same warehouse. {_FORMS}")
    if left.name == right.name:
        return replace(left, name=words[0]), replace(right, name=words[1])
    return left, right


def _read_place(settings: Settings, word: str) -> Place:
    if word in TARGETS:
        return Place(word, replace(settings, target=word))
    path = Path(word).expanduser().absolute()
    if not path.is_file():
        raise UsageError(f"There is no warehouse file {path}. {_FORMS}")
    return Place(path.name, replace(settings, target="duckdb", duckdb_path=path))
