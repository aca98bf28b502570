"""Warehouses for trials of the law, one an engine, for all tests of this package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from laws.trials import Trials


@pytest.fixture(scope="package")
def duckdb_trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    """On DuckDB."""
    with pytest.MonkeyPatch.context() as patch:
        yield Trials.start("duckdb", tmp_path_factory.mktemp("trials"), patch)


@pytest.fixture(scope="package")
def postgres_trials(tmp_path_factory: pytest.TempPathFactory, postgres_server: None) -> Iterator[Trials]:
    """On PostgreSQL."""
    with pytest.MonkeyPatch.context() as patch:
        yield Trials.start("postgres", tmp_path_factory.mktemp("trials"), patch)
