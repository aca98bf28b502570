"""Both engines for tests: a real PostgreSQL, started once a session on a socket, and warehouses of either kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from strata.dbt_runner import parse_project
from strata.embedded import embedded_postgres
from strata.session import Session
from strata.settings import Settings

PROJECT = Path(__file__).parents[2]
_NOT_COPIED = {"target", "logs", "warehouse", "landing", "tests"}


@contextmanager
def folder_of_a_server() -> Iterator[Path]:
    """An empty folder into which the embedded server can look: as root's child it runs as a user of its own.

    Not one of pytest's, which every session of pytest that starts meanwhile closes to other users.
    """
    folder = Path(tempfile.mkdtemp(prefix="strata-pg-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server_of_its_own(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """An embedded server with an empty data folder, which libpq's variables name for as long as it runs.

    It does not wait for the disk at each commit: no test of it takes the power away.
    """
    with folder_of_a_server() as folder, embedded_postgres(folder / "data") as variables:
        for name, value in variables.items():
            patch.setenv(name, value)
        with closing(psycopg2.connect("")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("alter system set fsync = off")
                cursor.execute("select pg_reload_conf()")
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[None]:
    """libpq's variables name a server: the user's own where PGHOST is set, else the embedded one."""
    patch = pytest.MonkeyPatch()
    with nullcontext() if os.environ.get("PGHOST") else server_of_its_own(patch):
        yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """dbt parses the project once a process and database; every other warehouse gets a copy under its own schemas.

    Prefixes of schemas are of one length, so that one takes the place of another in what dbt keeps of a parse. Projects
    that a test changes, and commands in a process of their own, are parsed as ever.
    """
    real, kept = PROJECT, dict[tuple[str, str, int], tuple[str, bytes]]()

    def parse(settings: Settings) -> Any:
        engine = (settings.target, os.environ.get("PGDATABASE", ""), len(settings.schema_prefix))
        if settings.project != real:
            return parse_project(settings)
        from dbt.contracts.graph.manifest import Manifest
        from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

        if engine not in kept:
            manifest = parse_project(settings)
            kept[engine] = settings.schema_prefix, manifest.to_msgpack(extended_mashumaro_encoder)
            return manifest
        prefix, content = kept[engine]
        content = content.replace(prefix.encode(), settings.schema_prefix.encode()) if prefix else content
        return Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("strata.session.parse_project", parse)
        yield


def session_for(target: str, folder: Path, landing: Path, patch: pytest.MonkeyPatch, *, prefix: str = "") -> Session:
    """A session on a warehouse of its own; dbt, which reads the environment, is told the same."""
    settings = Settings(
        project=PROJECT,
        target=target,
        duckdb_path=folder / "strata.duckdb",
        landing=landing,
        schema_prefix=prefix,
        memory_limit="1GB",
    )
    enter(settings, patch)
    return Session(settings)


def enter(settings: Settings, patch: pytest.MonkeyPatch) -> None:
    """Set the environment to these settings."""
    patch.setenv("STRATA_TARGET", settings.target)
    patch.setenv("STRATA_DUCKDB_PATH", str(settings.duckdb_path))
    patch.setenv("STRATA_LANDING", str(settings.landing))
    patch.setenv("STRATA_SCHEMA_PREFIX", settings.schema_prefix)
    patch.setenv("DBT_TARGET_PATH", str(settings.duckdb_path.parent / f"target-{settings.target}"))
    patch.setenv("DBT_LOG_PATH", str(settings.duckdb_path.parent / "logs"))


def new_prefix() -> str:
    """A schema prefix that nobody else has."""
    return f"t{uuid4().hex[:8]}_"


def other_landing(session: Session, landing: Path) -> Session:
    """The same warehouse with another landing folder."""
    return Session(replace(session.settings, landing=landing))


def _not_copied(folder: str, names: list[str]) -> set[str]:
    """What no copy needs: hidden files, what programs leave behind, and folders that hold no code."""
    left = {name for name in names if name.startswith(".") or name.endswith(".egg-info") or name == "__pycache__"}
    return left | (_NOT_COPIED if Path(folder) == PROJECT else set())


def copy_of_the_project(folder: Path, *, data_tests: bool = False) -> Path:
    """The project for a test that changes it: models, macros, seeds, docs and the fixtures of unit tests."""
    project = folder / "project"
    shutil.copytree(PROJECT, project, ignore=_not_copied)
    tests = "tests" if data_tests else "tests/fixtures"
    shutil.copytree(PROJECT / tests, project / tests, ignore=shutil.ignore_patterns("python"))
    return project
