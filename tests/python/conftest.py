"""What the tests of the door share: a project of their own, an empty warehouse, and a way to send it a file."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from strata.areas import read_areas
from strata.contract import Contract, read_contracts
from strata.door.files import DataFile
from strata.door.landing import find_files
from strata.intake.intake import Intake
from strata.reference import Seed, read_seeds
from strata.settings import Settings
from strata.warehouse.open import open_warehouse

pytest_plugins = ["engines", "proof_report"]
PROJECT = Path(__file__).parents[2]
# The area whose records the tests of the door use.
EXAMPLE = next(iter(read_areas(PROJECT)))
REJECTION = (
    "line_number", "code", "column_name", "reason", "message", "reasons", "record", "record_encoding", "file_name",
    "replayed_in_batch", "record_id",
)  # fmt: skip


# Folders whose modules take minutes: they begin first, so that no process ends long after the other.
_LONG = ("laws", "recovery", "end_to_end", "builds", "postgres", "areas")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules first."""
    items.sort(key=lambda item: not set(_LONG).intersection(item.path.relative_to(PROJECT).parts))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Names of tests that every process finds alike: packed bytes hold the time, and ``::`` ends a module's name."""
    if isinstance(val, bytes):
        return f"{len(val)} bytes"
    return val.replace("::", "..") if isinstance(val, str) and "::" in val else None


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    """No STRATA_* variable of the caller reaches a test; STRATA_PROOF chooses the length of the proofs."""
    # Started in the background, a shell has SIGINT ignored; commands under test must hear it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("STRATA_") and name != "STRATA_PROOF"]:
            patch.delenv(name)
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with the real contracts and seeds, which a test may change."""
    folder = tmp_path / "project"
    copy_project(folder)
    return folder


def copy_project(folder: Path) -> None:
    """Copies what the door reads of the project."""
    for pattern in ("models/*/contracts/*.yml", "seeds/*/*.csv"):
        for file in PROJECT.glob(pattern):
            target = folder / file.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    shutil.copyfile(PROJECT / "dbt_project.yml", folder / "dbt_project.yml")


@pytest.fixture
def settings(project: Path) -> Settings:
    """Settings of an empty warehouse and an empty landing folder beside the project."""
    return Settings(
        project=project,
        target="duckdb",
        duckdb_path=project / "warehouse" / "strata.duckdb",
        landing=project / "landing",
        schema_prefix="",
        memory_limit="1GB",
    )


@pytest.fixture(scope="session")
def contracts() -> dict[tuple[str, str], Contract]:
    """The real contracts."""
    return read_contracts(PROJECT)


@pytest.fixture(scope="session")
def seeds() -> dict[str, Seed]:
    """The real seeds; tests do not change them in place."""
    return read_seeds(PROJECT)


@pytest.fixture
def warehouse(settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> Iterator[Any]:
    """An open, empty warehouse."""
    with open_warehouse(settings, contracts, seeds) as opened:
        yield opened


@dataclass
class Outcome:
    """What became of one file: raw rows and rejections by line number, and the counts of its batch."""

    batch_id: int | None
    known_as: int | None
    records_in: int
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    rejected: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def reasons(self) -> dict[int, str]:
        """First reason of every rejection by line number."""
        return {number: rejection["reason"] for number, rejection in self.rejected.items()}

    @property
    def codes(self) -> dict[int, str]:
        """Code of every rejection by line number."""
        return {number: rejection["code"] for number, rejection in self.rejected.items()}


@dataclass
class Door:
    """Sends files of one area through the door of an open warehouse and looks at what came of them."""

    settings: Settings
    contracts: dict[tuple[str, str], Contract]
    warehouse: Any
    intake: Intake

    area: str = EXAMPLE

    def contract(self, table: str) -> Contract:
        """The contract of a table of the area."""
        return self.contracts[self.area, table]

    def put(self, content: bytes, name: str = "a.ndjson", table: str = "event_log") -> DataFile:
        """Writes a file into the landing folder."""
        path = self.settings.landing / self.area / table / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return find_files(self.settings.landing, self.contracts, [path])[0]

    def load(self, content: bytes, name: str = "a.ndjson", table: str = "event_log") -> Outcome:
        """Writes a file and takes it in; the counts must add up, in the ledger as in the tables."""
        loaded = self.intake.load(self.put(content, name, table))
        outcome = Outcome(loaded.batch_id, loaded.known_as, loaded.counts.records_in)
        if loaded.batch_id is not None:
            outcome.rows = self.rows(table, loaded.batch_id)
            outcome.rejected = self.rejections(loaded.batch_id)
            assert loaded.counts.loaded == len(outcome.rows)
            assert loaded.counts.rejected == len(outcome.rejected)
            assert loaded.counts.records_in == len(outcome.rows) + len(outcome.rejected)
        return outcome

    def rows(self, table: str, batch_id: int) -> dict[int, dict[str, Any]]:
        """Raw rows of a batch by line number, the contract's columns only."""
        contract = self.contract(table)
        names = [column.name for column in contract.columns]
        quoted = ", ".join(f'"{name}"' for name in names)
        rows = self.warehouse.query(
            f"select _line_number, {quoted} from {contract.relation} where _batch_id = {int(batch_id)}"
        )
        found = {number: dict(zip(names, values, strict=True)) for number, *values in rows}
        assert len(found) == len(rows), "a line number came twice"
        return found

    def rejections(self, batch_id: int) -> dict[int, dict[str, Any]]:
        """Rejections of a batch by line number."""
        rows = self.warehouse.query(
            f"select {', '.join(REJECTION)} from {{ops}}.rejections "
            f"join {{ops}}.rejected_records using (batch_id, line_number) where batch_id = {int(batch_id)}"
        )
        found = {row[0]: dict(zip(REJECTION, row, strict=True)) for row in rows}
        assert len(found) == len(rows), "a line number was rejected twice"
        return found

    def one(self, sql: str) -> Any:
        """The single value that a question has for an answer."""
        [(value,)] = self.warehouse.query(sql)
        return value


@pytest.fixture
def door(settings: Settings, contracts: dict[tuple[str, str], Contract], warehouse: Any) -> Door:
    """The door of an empty warehouse."""
    return Door(settings, contracts, warehouse, Intake(warehouse))
