"""How the engines read the events when one day more is built: the scans in the plans of the statements that run.

PYTHONPATH=tests/python python -m areas.product.plans [--events 200000]      writes docs/plans.md
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from engines import PROJECT, server_of_its_own, session_for

from strata.areas.product.sample import write_product_sample
from strata.session import Session
from strata.settings import TARGETS

MODELS = ("int_product__sessions", "int_product__funnel_entries")
_READ = "int_product__events"
_LAST_DAY = date(2026, 10, 30)
_TABLES = ["--select", *(f"+{name}" for name in MODELS), "--exclude-resource-types", "test", "unit_test"]


@dataclass(frozen=True)
class Scan:
    """One scan of the events: how, by which condition, and how many rows it gives on."""

    how: str
    condition: str
    rows: int


@dataclass(frozen=True)
class Plans:
    """The scans of the events by model, and the rows of the table and of its last day."""

    scans: dict[str, list[Scan]]
    rows: int
    rows_of_the_day: int


def plans_of_a_day(session: Session, folder: Path, *, events: int, days: int) -> Plans:
    """Build all days but one, then the last, and explain the statements that computed it."""
    write_product_sample(folder / "made", last_day=_LAST_DAY, events=events, days=days, single_file=True)
    for name, is_last in (("before", False), ("last", True)):
        _deliver(folder / "made", session.settings.landing, name, is_last=is_last)
        session.load(session.files([]), lambda item: None)
        nodes = session.build(_TABLES, lambda name: None, {"as_of": str(_LAST_DAY)})
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    compiled = folder / f"target-{session.settings.target}" / "compiled"
    explain = _explained_by_postgres if session.settings.target == "postgres" else _explained_by_duckdb
    scans = {}
    for model in MODELS:
        [file] = compiled.rglob(f"{model}.sql")
        scans[model] = list(explain(session, file.read_text(encoding="utf-8")))
    table = f"{session.settings.schema('product')}.{_READ}"
    with session.warehouse() as warehouse:
        [(rows, of_the_day)] = warehouse.query(
            f"select count(*), sum(case when event_date = date '{_LAST_DAY}' then 1 else 0 end) from {table}"
        )
    return Plans(scans, int(rows), int(of_the_day))


def _deliver(made: Path, landing: Path, name: str, *, is_last: bool) -> None:
    """Of each file the records before the last day, or those of it."""
    for file in made.rglob("*.ndjson"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        target = landing / file.relative_to(made).with_name(f"{name}.ndjson")
        target.parent.mkdir(parents=True, exist_ok=True)
        chosen = [line for line in lines if (_day(line) >= str(_LAST_DAY)) == is_last]
        target.write_text("".join(chosen), encoding="utf-8")


def _day(line: str) -> str:
    record = json.loads(line)
    return str(record.get("timestamp") or record["created_at"])[:10]


def _explained_by_postgres(session: Session, sql: str) -> Iterator[Scan]:
    with closing(psycopg2.connect("")) as con, con.cursor() as cursor:
        cursor.execute(f"explain (analyze, timing off, buffers off, format json) {sql}")
        [(plan,)] = cursor.fetchall()
    for node in _nodes(plan[0]["Plan"], "Plans"):
        if node.get("Relation Name") == _READ:
            condition = node.get("Index Cond") or node.get("Recheck Cond") or node.get("Filter", "")
            yield Scan(node["Node Type"], condition, round(node["Actual Rows"] * node["Actual Loops"]))


def _explained_by_duckdb(session: Session, sql: str) -> Iterator[Scan]:
    with duckdb.connect(str(session.settings.duckdb_path)) as con:
        [(_, plan)] = con.execute(f"explain (analyze, format json) {sql}").fetchall()
    for node in (node for root in json.loads(plan)["operator"] for node in _nodes(root, "children")):
        said = node["extra_info"]
        if said.get("Table", "").endswith(f".{_READ}"):
            filters = said.get("Filters", [])
            condition = " AND ".join([filters] if isinstance(filters, str) else filters)
            groups = f"{node['row_groups_scanned']} of {node['total_row_groups_to_scan']} row groups"
            yield Scan(f"{said['Type']}, {groups}", condition, node["intermediate_rows"])


def _nodes(node: dict[str, Any], below: str) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get(below, []):
        yield from _nodes(child, below)


def report(found: dict[str, Plans]) -> str:
    """The page docs/plans.md."""
    lines = []
    for target, plans in found.items():
        lines += [f"## {target}", "", f"{plans.rows:,} events in all, {plans.rows_of_the_day:,} on the day.", ""]
        lines += ["| statement | scan | condition | rows |", "|---|---|---|---:|"]
        for model, scans in plans.scans.items():
            lines += [f"| `{model}` | {scan.how} | `{scan.condition}` | {scan.rows:,} |" for scan in scans]
        lines.append("")
    return _PAGE + "\n".join(lines)


_PAGE = """# Plans of one more day

Written by `PYTHONPATH=tests/python python -m areas.product.plans`: sixty days of the sample of product are built, then
one day more. Below are the scans of the events in `EXPLAIN ANALYZE` of the two statements that computed the day: the
sessions, and the entries of funnels. `tests/python/areas/product/test_plans.py` asks the same of a small history.

- Sessions read the days that the work list names: the day, and those next to it whose sessions go on over a midnight.
- Funnels read from one window (at most seven days here) before the first touched day on.
- PostgreSQL reads these rows by the index on `event_date`.
- DuckDB has no index. It can leave out groups of 122,880 rows whose dates all lie outside. A first build or full
  refresh does not write the events in the order of their dates, so nearly all groups are scanned (4 of 5 on a history
  of 500,000 events that was built at once), and the date filters rows. Rows of a scan with an `optional` condition are
  counted before that filter.

"""


def main() -> None:
    """Measure both engines and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    wanted, found = parser.parse_args(), {}
    for target in TARGETS:
        with tempfile.TemporaryDirectory(prefix="strata-plans-") as name, pytest.MonkeyPatch.context() as patch:
            folder = Path(name)
            with server_of_its_own(patch) if target == "postgres" else nullcontext():
                session = session_for(target, folder, folder / "landing", patch)
                found[target] = plans_of_a_day(session, folder, events=wanted.events, days=61)
    (PROJECT / "docs" / "plans.md").write_text(report(found), encoding="utf-8")


if __name__ == "__main__":
    main()
