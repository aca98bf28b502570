"""Damages a built warehouse, one damage after the other, and runs the data tests that read what was damaged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from mutants.damage import Damage, Relation, damages, relations


@dataclass
class DataTest:
    """A data test: its compiled SQL, the models that it reads, and how it did so far."""

    name: str
    sql: str
    reads: frozenset[str]
    noticed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What became of one damage: the first test that noticed it, or none."""

    damage: Damage
    noticed_by: str | None


@dataclass
class Measured:
    """The outcomes of all damages that changed something."""

    outcomes: list[Outcome] = field(default_factory=list)

    def of(self, area: str) -> list[Outcome]:
        """The outcomes of one area."""
        return [outcome for outcome in self.outcomes if outcome.damage.relation.area == area]

    @property
    def areas(self) -> list[str]:
        """The areas that were damaged."""
        return sorted({outcome.damage.relation.area for outcome in self.outcomes})

    @property
    def survivors(self) -> list[Outcome]:
        """The damages that nobody noticed."""
        return [outcome for outcome in self.outcomes if outcome.noticed_by is None]

    def share(self, area: str) -> float:
        """The share of an area's damages that was noticed."""
        found = self.of(area)
        return sum(outcome.noticed_by is not None for outcome in found) / len(found)


def data_tests(manifest: Mapping[str, Any], compiled: Mapping[str, str]) -> list[DataTest]:
    """The data tests that fail a build, with the models that they read: by themselves, and through views."""
    nodes = manifest["nodes"]
    found = []
    for test_id, sql in compiled.items():
        if nodes[test_id]["config"]["severity"].lower() == "error":
            found.append(DataTest(nodes[test_id]["name"], sql, frozenset(_read_by(test_id, nodes))))
    return found


def _read_by(node_id: str, nodes: Mapping[str, Any]) -> Iterator[str]:
    for parent in nodes[node_id]["depends_on"]["nodes"]:
        if parent in nodes and nodes[parent]["resource_type"] == "model":
            yield parent
            if nodes[parent]["config"]["materialized"] == "view":
                yield from _read_by(parent, nodes)


def quiet_tests(path: Path, tests: Iterable[DataTest]) -> list[DataTest]:
    """The tests that pass on the undamaged warehouse; how long each takes is kept with it.

    Raises:
        AssertionError: a test fails before anything is damaged.
    """
    failing, tests = [], list(tests)
    with duckdb.connect(str(path)) as connection:
        for test in tests:
            started = time.perf_counter()
            if _fires(connection, test):
                failing.append(test.name)
            test.seconds = time.perf_counter() - started
    if failing:
        raise AssertionError(f"These tests fail on the undamaged warehouse: {', '.join(failing)}")
    return tests


def measure(
    path: Path,
    manifest: Mapping[str, Any],
    tests: list[DataTest],
    *,
    seed: int = 7,
    every: int = 1,
    chosen: Callable[[Relation], bool] = lambda relation: True,
) -> Measured:
    """Damage the warehouse's relations one by one; each damage is undone before the next.

    Args:
        path: the DuckDB file; it is the same afterwards.
        manifest: dbt's manifest.
        tests: the tests to run.
        seed: chooses the rows that are damaged alone.
        every: take only every so-many-th damage.
        chosen: which relations to damage.
    """
    measured = Measured()
    number = 0
    with duckdb.connect(str(path)) as connection:
        for relation in filter(chosen, relations(manifest)):
            reading = [test for test in tests if relation.node_id in test.reads]
            with _as_table(connection, relation):
                for damage in damages(relation, seed):
                    number += 1
                    if number % every == 0 and connection.execute(damage.counts).fetchall()[0][0]:
                        measured.outcomes.append(Outcome(damage, _noticed_by(connection, damage, reading)))
    return measured


@contextmanager
def _as_table(connection: duckdb.DuckDBPyConnection, relation: Relation) -> Iterator[None]:
    """A view cannot be damaged: for a while a table with its rows stands in its place."""
    if not relation.is_view:
        yield
        return
    name = f'"{relation.schema}"."{relation.name}"'
    [(definition,)] = connection.execute(
        "select sql from duckdb_views() where schema_name = ? and view_name = ?", [relation.schema, relation.name]
    ).fetchall()
    connection.execute(f'create table "{relation.schema}"."mutants_rows" as select * from {name}')
    connection.execute(f"drop view {name}")
    connection.execute(f'alter table "{relation.schema}"."mutants_rows" rename to "{relation.name}"')
    try:
        yield
    finally:
        connection.execute(f"drop table {name}")
        connection.execute(definition)


def _noticed_by(connection: duckdb.DuckDBPyConnection, damage: Damage, tests: list[DataTest]) -> str | None:
    """The first test that notices; those that notice much for their time are asked first."""
    connection.begin()
    try:
        try:
            connection.execute(damage.statement)
        except duckdb.ConstraintException:
            return "the table refuses it"
        for test in sorted(tests, key=lambda test: test.seconds / (test.noticed + 1)):
            if _fires(connection, test):
                test.noticed += 1
                return test.name
    finally:
        connection.rollback()
    return None


def _fires(connection: duckdb.DuckDBPyConnection, test: DataTest) -> bool:
    """Whether a test fails: it returns rows, or it cannot be computed (JSON that is none, say)."""
    try:
        return connection.execute(test.sql).fetchone() is not None
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException):
        return True
