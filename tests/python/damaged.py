"""Data tests can fail: what is shared by the tests that damage a small built warehouse and ask which claims notice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml
from engines import PROJECT

from strata.session import Session

# A test, the damage that it is there for, and other tests that make a wider claim about the same rows.
Case = tuple[str, str, set[str]]


@dataclass(frozen=True)
class Claims:
    """A built DuckDB file, and the compiled SQL of the singular tests about it by name."""

    path: Path
    tests: dict[str, str]

    def failing(self, *damage: str) -> set[str]:
        """Names of the tests that find something after the damage, which is undone."""
        with duckdb.connect(str(self.path)) as con:
            con.begin()
            for statement in damage:
                con.execute(statement)
            found = {name for name, sql in self.tests.items() if con.execute(sql).fetchone() is not None}
            con.rollback()
        return found


def claims_in(*files: str) -> set[str]:
    """Names of the singular tests that yml files below ``tests/`` describe."""
    read = (yaml.safe_load((PROJECT / "tests" / file).read_text(encoding="utf-8")) for file in files)
    return {claim["name"] for content in read for claim in content["data_tests"]}


def built_claims(session: Session, chosen: Iterable[str], names: Iterable[str], as_of: str) -> Claims:
    """Build what is chosen and the tests of these names, all of which pass; the tests as they were compiled."""
    names = sorted(names)
    left_out = ["--exclude-resource-types", "unit_test", "--indirect-selection", "empty"]
    nodes = session.build(["--select", *chosen, *names, *left_out], lambda name: None, {"as_of": as_of})
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    path = session.settings.duckdb_path
    return Claims(path, compiled_tests(path.parent / f"target-{session.settings.target}", names))


def compiled_tests(target: Path, names: Iterable[str]) -> dict[str, str]:
    """The SQL of singular tests by name, from the folder that dbt writes."""
    files = {file.stem: file for file in (target / "compiled" / "strata" / "tests").rglob("*.sql")}
    return {name: files[name].read_text(encoding="utf-8") for name in names}


def damaged_view(relation: str, replacement: str, rows: str = "true") -> str:
    """A table with some of the rows of a view, one column of which is another, in the view's place."""
    schema, name = relation.split(".")
    return (
        f"create table {schema}.damaged_rows as select * replace ({replacement}) from {relation} where {rows}; "
        f"drop view {relation}; alter table {schema}.damaged_rows rename to {name}"
    )
