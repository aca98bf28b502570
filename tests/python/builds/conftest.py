"""A built toy on each engine, made once; every test takes it on from where the last one left it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builds.toy import Toy


@pytest.fixture(scope="package", params=["duckdb", "postgres"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    """The project of the toy, with records of both areas, built."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_server")
    with pytest.MonkeyPatch.context() as patch:
        toy = Toy.made(request.param, tmp_path_factory.mktemp(request.param), patch)
        toy.load("shop", 1, 2)
        toy.load("club", 1)
        toy.build()
        yield toy


@pytest.fixture
def toy(made: Toy) -> Iterator[Toy]:
    """The toy, up to date before the test and with its files put back after it."""
    project: Path = made.session.settings.project
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file() and "target" not in path.parts}
    made.build()
    yield made
    for path, content in before.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
