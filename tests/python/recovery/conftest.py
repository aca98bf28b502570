"""Worlds to break, one an engine and module."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from recovery.world import World, world_of

SEED = int(os.environ.get("STRATA_SEED", 2_000))


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world an engine; every test puts it back before it begins."""
    with world_of(request.param, tmp_path_factory.mktemp("world"), SEED) as made:
        yield made
