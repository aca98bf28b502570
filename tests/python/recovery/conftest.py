"""Worlds to break, one an engine, for the tests of this folder; they set the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from engines import folder_of_a_server

from recovery.world import World, world_of

SEED = int(os.environ.get("STRATA_SEED", 2_000))


@pytest.fixture(scope="package")
def worlds() -> Iterator[Callable[[str], World]]:
    """The world of an engine, made when it is first asked for; every test puts it back before it begins."""
    made: dict[str, World] = {}
    with ExitStack() as stack:

        def of(engine: str) -> World:
            if engine not in made:
                made[engine] = stack.enter_context(world_of(engine, stack.enter_context(folder_of_a_server()), SEED))
            return made[engine]

        yield of
