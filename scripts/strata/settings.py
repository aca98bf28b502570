"""Settings of one run, read from the environment only."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from strata.errors import UsageError

TARGETS = ("duckdb", "postgres")
DEFAULT_WAIT_SECONDS = 30
_SHORTEST_KEY = 16


@dataclass(frozen=True)
class Settings:
    """What the environment says. Relative paths are taken from the project folder, as dbt takes them."""

    project: Path
    target: str
    duckdb_path: Path
    landing: Path
    schema_prefix: str
    memory_limit: str

    @property
    def temp_directory(self) -> Path:
        """Folder for what does not fit in memory; beside the warehouse."""
        return self.duckdb_path.parent / ".spill"

    @property
    def parsed_folder(self) -> Path:
        """Where dbt keeps what it parsed for this engine, and strata what it made of it."""
        return self.project / (os.environ.get("DBT_TARGET_PATH") or "target") / f"parsed_{self.target}"

    def schema(self, name: str) -> str:
        """Name of a schema in this warehouse, with the prefix that tests use to stay apart."""
        return f"{self.schema_prefix}{name}"


def project_folder() -> Path:
    """The folder that holds dbt_project.yml: the current one or above it, else the one this package lies in."""
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).resolve().parents[2]):
        if (folder / "dbt_project.yml").is_file() and (folder / "models").is_dir():
            return folder
    raise UsageError("No Strata project here: dbt_project.yml is missing. Go to the project's folder and try again.")


def subject_key() -> bytes:
    """The secret from STRATA_SUBJECT_KEY, under which ids of persons lead to pseudonyms.

    Raises:
        UsageError: it is not set, or too short to be a secret.
    """
    key = os.environ.get("STRATA_SUBJECT_KEY", "")
    if len(key) < _SHORTEST_KEY:
        said = "is shorter than that" if key else "is not set"
        raise UsageError(
            "Records of persons are stored under pseudonyms only, and these need a secret: set STRATA_SUBJECT_KEY to "
            f"at least {_SHORTEST_KEY} characters; it {said}. Keep it: with another key every person would "
            "appear a second time. To load the other areas without it, name their folders."
        )
    return key.encode()


def read_settings() -> Settings:
    """Settings from STRATA_* variables.

    Raises:
        UsageError: a variable holds something that cannot be used.
    """
    project = project_folder()
    target = os.environ.get("STRATA_TARGET") or "duckdb"
    if target not in TARGETS:
        raise UsageError(f"STRATA_TARGET is {target!r}; it must be one of: {', '.join(TARGETS)}.")
    prefix = os.environ.get("STRATA_SCHEMA_PREFIX", "")
    if not re.fullmatch(r"([a-z][a-z0-9_]{0,20})?", prefix):
        raise UsageError(
            f"STRATA_SCHEMA_PREFIX is {prefix!r}; use up to 21 lower-case letters, digits and underscores."
        )
    memory_limit = os.environ.get("STRATA_MEMORY_LIMIT") or "2GB"
    if not re.fullmatch(r"\d+(\.\d+)?\s?[KMGT]i?B", memory_limit):
        raise UsageError(f"STRATA_MEMORY_LIMIT is {memory_limit!r}; write it like 2GB or 512MB.")
    return Settings(
        project=project,
        target=target,
        duckdb_path=project / (os.environ.get("STRATA_DUCKDB_PATH") or "warehouse/strata.duckdb"),
        landing=project / (os.environ.get("STRATA_LANDING") or "landing"),
        schema_prefix=prefix,
        memory_limit=memory_limit,
    )
