"""What a SQLite file costs: a first load, a load of a thousand new rows, and one of nothing new.

    python scripts/bench/product/database.py [--events 1000000] [--more 1000]

Three files are made: a small one of ``--more`` events, for comparison, and one of ``--events`` that then grows by
``--more``. The figures are seconds of the door (DuckDB), apart from the start of the command.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from strata.contract import read_contracts
from strata.door.landing import find_files
from strata.intake.intake import Intake
from strata.intake.take import take_in
from strata.reference import read_seeds
from strata.settings import Settings, project_folder
from strata.track.migration import migrate
from strata.warehouse.base import Warehouse
from strata.warehouse.open import open_warehouse

_INSERT = (
    "insert into analytics_events (id, event_type, event_name, timestamp, session_id, user_id, properties, context, "
    "page_url) values (?, 'track', ?, ?, ?, ?, ?, ?, ?)"
)
_NAMES = ("opened", "searched", "chosen", "ordered")


def write(path: Path, first: int, count: int) -> None:
    """Append events to a SQLite file, in WAL mode."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
        migrate(connection)
        connection.executemany(_INSERT, map(_event, range(first, first + count)))
        connection.commit()


def _event(number: int) -> tuple[str, ...]:
    day, second = number // 86_400 % 28 + 1, number % 86_400
    at = f"2026-03-{day:02} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    properties = json.dumps({"number": number, "kind": _NAMES[number % 4]})
    context = json.dumps({"device_type": "phone", "app_version": f"2.{number % 3}.0"})
    ids = f"session-{number // 12}", f"user-{number // 100}"
    return f"{number:032x}", _NAMES[number % 4], at, *ids, properties, context, f"/page/{number % 20}"


def load(warehouse: Warehouse, path: Path) -> tuple[float, int]:
    """Seconds of a load of one file, and the rows that it brought."""
    began = time.perf_counter()
    [file] = find_files(path.parent.parent, warehouse.contracts, [path])
    rows = sum(taken.counts.loaded for taken in take_in(warehouse, Intake(warehouse), file))
    return time.perf_counter() - began, rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--more", type=int, default=1_000)
    wanted = parser.parse_args()
    project = project_folder()
    with tempfile.TemporaryDirectory() as name:
        landing = Path(name) / "landing"
        (landing / "product").mkdir(parents=True)
        large, small = landing / "product" / "large.db", landing / "product" / "small.db"
        settings = Settings(project, "duckdb", Path(name) / "bench.duckdb", landing, "", "2GB")
        write(large, 0, wanted.events)
        write(small, 2 * wanted.events, wanted.more)
        with open_warehouse(settings, read_contracts(project), read_seeds(project)) as warehouse:
            figures = [("a new small file", *load(warehouse, small)), ("the large file", *load(warehouse, large))]
            write(large, wanted.events, wanted.more)
            figures.append(("the large file, grown", *load(warehouse, large)))
            figures.append(("the large file, nothing new", *load(warehouse, large)))
        size = large.stat().st_size / 1e6
    print(f"Large file: {wanted.events:,} events, {size:,.0f} MB.")
    for what, seconds, rows in figures:
        print(f"{what:<28}{rows:>12,} rows {seconds:>8.2f} s")


if __name__ == "__main__":
    main()
