"""A warehouse on PostgreSQL for every test, in a schema prefix of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from engines import new_prefix

from strata.contract import Contract, read_contracts
from strata.settings import Settings
from strata.warehouse.postgres import PostgresWarehouse

PROJECT = Path(__file__).parents[3]
_UNPREFIXED = re.compile(r"(?<![\w.])(?=(raw_[a-z]+|ops)\.)")


@pytest.fixture
def prefix(postgres_server: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A schema prefix that nobody else has. Schemas are written without it in the tests, and get it here."""
    prefix = new_prefix()
    execute = PostgresWarehouse.execute

    def prefixed(self: PostgresWarehouse, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return execute(self, _UNPREFIXED.sub(prefix, sql), parameters)

    monkeypatch.setattr(PostgresWarehouse, "execute", prefixed)
    monkeypatch.setenv("STRATA_SCHEMA_PREFIX", prefix)
    return prefix


@pytest.fixture
def contracts(prefix: str) -> dict[tuple[str, str], Contract]:
    """The real contracts, under the prefix."""
    return read_contracts(PROJECT)


@pytest.fixture
def settings(project: Path, prefix: str) -> Settings:
    """Settings of an empty warehouse on PostgreSQL and an empty landing folder."""
    return Settings(
        project=project,
        target="postgres",
        duckdb_path=project / "warehouse" / "strata.duckdb",
        landing=project / "landing",
        schema_prefix=prefix,
        memory_limit="1GB",
    )
