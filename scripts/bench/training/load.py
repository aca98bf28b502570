"""Load of generated events beside the bare statement of the engine, in one run.

DuckDB: `create table … as select * from read_json(…)` with declared types on the same file.
PostgreSQL (--postgres): the bare Arrow → COPY of the same typed rows into a plain table without an index, and into
one with the indexes of the raw table.

    PYTHONPATH=scripts/bench python scripts/bench/training/load.py [--events 2000000] [--rounds 3] [--postgres]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
from measure import Measured, in_process

from strata.areas.training.sample import write_training_sample
from strata.contract import Contract
from strata.embedded import embedded_postgres
from strata.intake.intake import Intake
from strata.session import Session
from strata.settings import read_settings
from strata.warehouse.engine import door_connection

_COLUMNS = """{
    eventId: 'UUID', timestamp: 'TIMESTAMP', userId: 'VARCHAR', eventType: 'VARCHAR',
    context: 'STRUCT(moduleId VARCHAR, quizId VARCHAR, scenarioId VARCHAR, turnIndex BIGINT, action VARCHAR)',
    version: 'STRUCT(moduleVersion VARCHAR, scenarioVersion VARCHAR, promptVersion VARCHAR)',
    scope: 'STRUCT(regionId VARCHAR, countryId VARCHAR, branchId VARCHAR, teamId VARCHAR)'}"""


def main() -> None:
    """Generate, measure in turns, print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true", default=os.environ.get("STRATA_TARGET") == "postgres")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strata-bench-") as name:
        folder = Path(name)
        landing = folder / "landing"
        made = in_process(lambda: _sample(landing, arguments.events))
        file = next((landing / "training" / "event_log").glob("*.ndjson"))
        size = file.stat().st_size / 1e6
        print(
            f"{arguments.events:,} events, {size:,.0f} MB, made in {made.seconds:.1f} s ({made.peak_mb:,.0f} MB memory)"
        )
        if arguments.postgres:
            # The server's own user must be able to pass through the folder.
            folder.chmod(0o755)
            with embedded_postgres(folder / "postgres") as variables:
                os.environ.update(variables)
                _compare_copies(folder, file, arguments.rounds)
        else:
            bare = {"read_json into a table": partial(_bare_json, folder, file)}
            _compare(bare, "duckdb", folder, file, arguments.rounds)


def _compare_copies(folder: Path, file: Path, rounds: int) -> None:
    bare = {
        "bare COPY into a plain table": partial(_bare_copy, folder, file, is_indexed=False),
        "bare COPY into an indexed one": partial(_bare_copy, folder, file, is_indexed=True),
    }
    _compare(bare, "postgres", folder, file, rounds)


def _compare(bare: dict[str, Callable[[int], Measured]], target: str, folder: Path, file: Path, rounds: int) -> None:
    """Everything in turns, so that what else the machine does is shared alike; then the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in [*bare, "strata load"]}
    peak = 0.0
    for number in range(rounds):
        for name, work in bare.items():
            seconds[name].append(work(number).seconds)
        loaded = in_process(lambda number=number: _load(folder, file, target, number))  # type: ignore[misc]
        seconds["strata load"].append(loaded.seconds)
        peak = max(peak, loaded.peak_mb)
        print(f"  round {number + 1}: " + ", ".join(f"{name} {runs[-1]:.2f} s" for name, runs in seconds.items()))
    door = statistics.median(seconds["strata load"])
    for name in bare:
        plain = statistics.median(seconds[name])
        print(f"median: {name} {plain:.2f} s, strata load {door:.2f} s = {plain / door:.0%} of its speed")
    print(f"peak memory of the load: {peak:,.0f} MB")


def _sample(landing: Path, events: int) -> None:
    write_training_sample(landing, last_day=date(2026, 10, 31), events=events, single_file=True, damaged=300)


def _bare_json(folder: Path, file: Path, number: int) -> Measured:
    # The same file without its damaged lines, which would end the bare statement.
    clean = folder / "clean.ndjson"
    if not clean.exists():
        in_process(lambda: _write_clean(folder, file, clean))

    def work() -> None:
        con = duckdb.connect(str(folder / f"bare-{number}.duckdb"), config={"memory_limit": "2GB"})
        con.execute(
            f"create table events as select * from read_json('{clean}', format = 'newline_delimited', "
            f"columns = {_COLUMNS})"
        )
        con.execute("checkpoint")
        con.close()

    return in_process(work)


def _write_clean(folder: Path, file: Path, clean: Path) -> None:
    os.environ.update(_variables(folder, "duckdb", "clean"))
    session = Session(read_settings())
    with session.warehouse() as warehouse:
        Intake(warehouse).load(session.files([file])[0])
        rejected = {row[0] for row in warehouse.query("select line_number from {ops}.rejections")}
    with file.open("rb") as source, clean.open("wb") as target:
        target.writelines(line for number, line in enumerate(source, 1) if number not in rejected and line.strip())


def _bare_copy(folder: Path, file: Path, number: int, *, is_indexed: bool) -> Measured:
    """The typed rows of one load, held as Arrow, sent to an unpartitioned copy of the raw table."""
    import adbc_driver_postgresql.dbapi

    from strata.warehouse.postgres import connection_uri

    os.environ.update(_variables(folder, "duckdb", "typed"))
    session = Session(read_settings())
    typed = folder / "typed.parquet"
    contract: Contract = session.contracts["training", "event_log"]
    if not typed.exists():

        def make() -> None:
            with session.warehouse() as warehouse:
                Intake(warehouse).load(session.files([file])[0])
                columns = ", ".join(
                    f"unhex(replace({column}::varchar, '-', '')) as {column}" if kind == "uuid" else f'"{column}"'
                    for column, kind in contract.all_columns().items()
                )
                warehouse.execute(f"copy (select {columns} from {contract.relation}) to '{typed}'")

        in_process(make)

    table = f"bare_{number}_{'indexed' if is_indexed else 'plain'}"

    def create() -> None:
        os.environ.update(_variables(folder, "postgres", "like"))
        like = Session(read_settings())
        with like.warehouse() as warehouse:
            model = like.contracts["training", "event_log"].relation
            warehouse.execute(f"create table {table} (like {model}{' including indexes' if is_indexed else ''})")

    def work() -> None:
        with adbc_driver_postgresql.dbapi.connect(connection_uri("bench")) as con, con.cursor() as cursor:
            rows = door_connection(session.settings, ":memory:").sql(f"from '{typed}'").to_arrow_reader(100_000)
            cursor.adbc_ingest(table, rows, mode="append")
            con.commit()

    in_process(create)

    return in_process(work)


def _variables(folder: Path, target: str, name: str) -> dict[str, str]:
    return {
        "STRATA_TARGET": target,
        "STRATA_DUCKDB_PATH": str(folder / f"{name}.duckdb"),
        "STRATA_LANDING": str(folder / "landing"),
        "STRATA_SCHEMA_PREFIX": f"{name}_" if target == "postgres" else "",
    }


def _load(folder: Path, file: Path, target: str, number: int) -> None:
    os.environ.update(_variables(folder, target, f"load{number}"))
    session = Session(read_settings())
    session.load(session.files([file]), lambda item: None)


if __name__ == "__main__":
    main()
