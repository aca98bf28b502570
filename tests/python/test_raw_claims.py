"""The claims that every raw table of every area makes fail on the damage they are there for, and on no other.

Nobody may delete or add rows of raw beside the door, and a raw table has the columns of its contract. Each damage is
done to all raw tables at once; the tests of exactly that claim must fail, one for each table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from engines import new_prefix, session_for

from strata.contract import Contract
from strata.dbt_runner import run_dbt
from strata.rules import TABLE_CLAIMS
from strata.session import Session
from strata.settings import TARGETS

_TESTS = ["build", "--select", *(f"test_name:{claim}" for claim in TABLE_CLAIMS)]
# (claim, what is done to a raw table past the door)
_DAMAGES = [
    (
        "append_only",
        "insert into {batches} (batch_id, area, table_name, records_in, records_loaded, records_rejected) "
        "values ({number}, '{area}', '{name}', 2, 2, 0)",
    ),
    ("append_only", "insert into {table} (_batch_id, _line_number) values (7, 1)"),
    ("columns_as_declared", "alter table {table} add column mood varchar"),
    ("columns_as_declared", "alter table {table} drop column _line_number"),
]


def raw_tables(session: Session) -> list[Contract]:
    return [contract for contract in session.contracts.values() if contract.format != "none"]


def failing(session: Session) -> set[tuple[str, str]]:
    """Claim and raw table of each test that fails, by dbt alone; each claim must be tested for each table."""
    manifest = session.manifest
    nodes = [node for node in run_dbt(session.settings, _TESTS, lambda name: None, manifest) if node.kind == "test"]
    tests = {node.unique_id: manifest.nodes[node.unique_id] for node in nodes}
    named = {(test.test_metadata.name, table_of(test)) for test in tests.values()}
    tables = {f"{contract.area}.{contract.name}" for contract in raw_tables(session)}
    assert named == {(claim, table) for claim in TABLE_CLAIMS for table in tables}
    bad = [tests[node.unique_id] for node in nodes if node.is_bad]
    return {(test.test_metadata.name, table_of(test)) for test in bad}


def table_of(test: Any) -> str:
    """The raw table, as <area>.<table>, that a test is about; it may read tables of ops beside it."""
    sources = {name.split(".", 2)[2] for name in test.depends_on.nodes if name.startswith("source.")}
    [found] = {name for name in sources if not name.startswith("ops.")}
    return found


@contextmanager
def connected(session: Session) -> Iterator[Callable[[str], Any]]:
    """A connection past the command, which would refuse a damaged warehouse."""
    opened = duckdb.connect(str(session.settings.duckdb_path)) if session.settings.target == "duckdb" else None
    if opened:
        with opened:
            yield opened.execute
        return
    with closing(psycopg2.connect("")) as connection, connection, connection.cursor() as cursor:
        yield cursor.execute


@pytest.mark.parametrize("target", TARGETS)
def test_a_damage_fails_its_claim_at_every_raw_table(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    session = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    assert failing(session) == set()
    for claim, damage in _DAMAGES:
        with session.warehouse() as warehouse:
            batches = warehouse.ops("batches")
            for number, contract in enumerate(raw_tables(session), 1):
                names = {"table": contract.relation, "area": contract.area, "name": contract.name}
                warehouse.execute(damage.format(batches=batches, number=number, **names))
        damaged = {(claim, f"{contract.area}.{contract.name}") for contract in raw_tables(session)}
        assert failing(session) == damaged, damage
        # dbt makes tables that are missing.
        with connected(session) as execute:
            for relation in [batches, *(contract.relation for contract in raw_tables(session))]:
                execute(f"drop table {relation} cascade")
