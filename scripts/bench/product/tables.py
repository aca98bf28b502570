"""Product: events and metrics from files to all tables, beside hand-written SQL, and what one more day costs.

PYTHONPATH=scripts/bench python scripts/bench/product/tables.py [--events 2000000] [--values 1000000]
    [--events-a-day 20000] [--rounds 3] [--only everything|tables|days]

The hand-written SQL (`by_hand_*.sql`) computes the same published tables for DuckDB, in one go over the same raw
tables; the rows of both are compared. Of the build counts what its models take beyond a build without records, which
is dbt's own part. CPU seconds are of all threads, and tell more than the clock where the machine does other work too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from string import Template

import duckdb
from measure import Measured, enter, in_process

from strata.session import Session
from strata.settings import read_settings

_HERE = Path(__file__).parent
_TABLES = ["--select", "path:models/product", "path:seeds/product", "--exclude-resource-types", "test", "unit_test"]
_FIRST_DAY = date(2026, 5, 3)
_LAST_DAY = _FIRST_DAY + timedelta(days=100)
_HISTORIES = (10, 100)
_EVENTS_OF_A_SESSION = 10
_PERIODS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
_STEPS = ("mission_created", "spec_created", "forge_item_created", "mission_completed", "plan_chosen")
_NUMBERS = ("one", "two", "three", "four", "five")


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--values", type=int, default=1_000_000)
    parser.add_argument("--events-a-day", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("everything", "tables", "days"), default="everything")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strata-bench-") as name:
        if arguments.only != "days":
            _tables(Path(name) / "tables", arguments.events, arguments.values)
        if arguments.only != "tables":
            _days(Path(name) / "days", arguments.events_a_day, arguments.rounds)


def _tables(folder: Path, events: int, values: int) -> None:
    """Files to tables, and the hand-written SQL on the same file of a warehouse."""
    enter(folder / "empty")
    in_process(lambda: _build(folder / "start_up.txt"))
    start_up = _read(folder / "start_up.txt")
    enter(folder)
    in_process(lambda: _make(folder / "landing", events, values, days=100))
    size = sum(file.stat().st_size for file in (folder / "landing").rglob("*.ndjson")) / 1e6
    print(f"{events:,} events and {values:,} values, {size:,.0f} MB of NDJSON, to all tables", flush=True)
    loaded = in_process(lambda: _load(folder / "landing"))
    print(f"  load: {loaded.seconds:.1f} s, CPU {loaded.cpu_seconds:.1f} s, {loaded.peak_mb:,.0f} MB", flush=True)
    built = in_process(lambda: _build(folder / "models.txt"))
    print(f"  build: {built.seconds:.1f} s, CPU {built.cpu_seconds:.1f} s, {built.peak_mb:,.0f} MB", flush=True)
    models = _beyond(_read(folder / "models.txt"), start_up)
    for of, is_of in (("metrics", True), ("events", False)):
        written = in_process(lambda of=of: _by_hand(of))  # type: ignore[misc]
        own = [spent for name, spent in models.items() if _is_of_metrics(name) == is_of]
        seconds, cpu_seconds = (sum(spent[place] for spent in own) for place in (0, 1))
        print(
            f"  {of}: models {seconds:.1f} s, CPU {cpu_seconds:.1f} s; by hand {written.seconds:.1f} s, "
            f"CPU {written.cpu_seconds:.1f} s, {written.peak_mb:,.0f} MB; "
            f"{seconds / written.seconds:.2f} times, CPU {cpu_seconds / written.cpu_seconds:.2f} times",
            flush=True,
        )
    for name, (seconds, cpu_seconds) in sorted(models.items(), key=lambda item: -item[1][1])[:12]:
        print(f"    {name:34}{seconds:6.1f} s  CPU {cpu_seconds:6.1f} s")
    in_process(_compare)


def _days(folder: Path, events_a_day: int, rounds: int) -> None:
    """The same day on both histories, in turns; dbt's own start-up is a build of a warehouse without records.

    The day is the eleventh of a month, so that its week and month hold the same days in both.
    """
    folder.mkdir(parents=True)
    days = max(_HISTORIES) + 1
    in_process(lambda: _make(folder / "made", days * events_a_day, days * events_a_day // 2, days=days))
    _cut(folder / "made", folder / "day", _LAST_DAY, 1)
    place = folder / "place"
    measured: dict[int, list[Measured]] = {history: [] for history in (0, *_HISTORIES)}
    for history in measured:
        enter(place)
        if history:
            _cut(folder / "made", folder / f"before-{history}", _LAST_DAY - timedelta(days=history), history)
            in_process(lambda history=history: _load(folder / f"before-{history}"))  # type: ignore[misc]
        in_process(_build)
        place.rename(folder / f"built-{history}")
    for _ in range(rounds):
        for history, seen in measured.items():
            shutil.copytree(folder / f"built-{history}", place)
            os.sync()  # the copy must not be written to the disk while the day is measured
            seen.append(in_process(_build if history == 0 else lambda: _load_and_build(folder / "day")))
            shutil.rmtree(place)
    print(f"one more day of {events_a_day:,} events and half as many values")
    for what, figure in (("wall clock", "seconds"), ("CPU", "cpu_seconds")):
        start_up, *runs = (median(getattr(item, figure) for item in seen) for seen in measured.values())
        costs = [run - start_up for run in runs]
        shown = ", ".join(f"{cost:.1f} s on {history} days" for history, cost in zip(_HISTORIES, costs, strict=True))
        print(f"  {what} beyond a start-up of {start_up:.1f} s: {shown}; {costs[1] / costs[0]:.2f} times", flush=True)


def _make(landing: Path, events: int, values: int, *, days: int) -> None:
    """NDJSON files of all three tables below the folder ``product``."""
    sessions = events // _EVENTS_OF_A_SESSION
    variables = {
        "sessions": sessions, "sessions_a_day": -(-sessions // days),
        "values": values, "values_a_day": -(-values // days), "first_day": f"timestamp '{_FIRST_DAY}'",
    }  # fmt: skip
    with duckdb.connect() as con:
        for name, value in variables.items():
            con.execute(f"set variable {name} = {value}")
        con.execute((_HERE / "records.sql").read_text(encoding="utf-8"))
        for table in ("analytics_events", "metrics", "funnels"):
            _write(con, f"made_{table}", landing, table)


def _write(con: duckdb.DuckDBPyConnection, query: str, landing: Path, table: str) -> None:
    folder = landing / "product" / table
    folder.mkdir(parents=True)
    con.execute(f"copy {query} to '{folder / 'records.ndjson'}' (format json)")


def _cut(made: Path, landing: Path, first: date, days: int) -> None:
    """The records of some days, and the funnel."""
    between = f"timestamp ->> '$' between '{first}' and '{first + timedelta(days=days)}'"
    with duckdb.connect() as con:
        for table in ("analytics_events", "metrics"):
            file = made / "product" / table / "records.ndjson"
            _write(con, f"(from read_json('{file}', maximum_depth = 1) where {between})", landing, table)
    shutil.copytree(made / "product" / "funnels", landing / "product" / "funnels")


def _load(landing: Path) -> None:
    session = Session(read_settings())
    for loaded in session.load(session.files([landing]), lambda item: None):
        assert not loaded.counts.rejected, f"{loaded.file.name}: {loaded.counts.rejected} records were rejected"


def _load_and_build(landing: Path) -> None:
    _load(landing)
    _build()


def _build(report: Path | None = None) -> None:
    """Build the area; a report gets one line for each model: its name, its seconds and its CPU seconds."""
    session, spent = Session.start(), dict[str, tuple[float, float]]()
    before = [time.perf_counter(), time.process_time()]

    def note(name: str) -> None:
        now = [time.perf_counter(), time.process_time()]
        spent[name] = now[0] - before[0], now[1] - before[1]
        before[:] = now

    nodes = session.build(_TABLES, note, {"as_of": str(_LAST_DAY)})
    if bad := [node for node in nodes if node.is_bad]:
        raise SystemExit(f"{bad[0].name}: {bad[0].message}")
    if report:
        models = {node.name for node in nodes if node.kind == "model"}
        lines = [f"{name} {seconds} {cpu}\n" for name, (seconds, cpu) in spent.items() if name in models]
        report.write_text("".join(lines), encoding="utf-8")


def _read(report: Path) -> dict[str, tuple[float, float]]:
    lines = report.read_text(encoding="utf-8").splitlines()
    return {name: (float(seconds), float(cpu)) for name, seconds, cpu in map(str.split, lines)}


def _beyond(
    models: dict[str, tuple[float, float]], start_up: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """What each model takes beyond what it takes without a row; the first to end has dbt's start in it.

    On a busy machine dbt's own part may have taken longer without rows; such a model counts as nothing.
    """
    return {
        name: (max(0.0, seconds - start_up[name][0]), max(0.0, cpu_seconds - start_up[name][1]))
        for name, (seconds, cpu_seconds) in models.items()
    }


def _is_of_metrics(model: str) -> bool:
    return "metric" in model and model != "dashboard_metrics"


def _by_hand(of: str) -> None:
    """Compute the tables of metrics or of events into the schema by_hand of the warehouse."""
    periods = " union all ".join(
        f"select name, tags, '{period_type}' as period_type, date_trunc('{unit}', timestamp) as period_start, "
        "count(*) as values, count(*) filter (metric_type = 'counter') as counters, "
        "sum(value::text::decimal(38, 12)) as total, min(value) as least, max(value) as greatest, "
        "quantile_cont(value, [0.5, 0.9, 0.99]) as percentiles from by_hand.metrics "
        "where timestamp < getvariable('as_of_end') group by all"
        for period_type, unit in _PERIODS.items()
    )
    keys = ("device_type", "browser", "os", "country", "city")
    values = [(f"(context ->> '{key}')", key) for key in keys] + [("referrer", "referrer")]
    first_values = ", ".join(
        f"min_by({value}, (timestamp, id)) filter ({value} is not null) as {name}" for value, name in values
    )
    next_places = ", ".join(
        f"min(case when event_name = '{step}' then place end) over later as place_of_{number}"
        for step, number in zip(_STEPS[1:], _NUMBERS[1:], strict=True)
    )
    step_joins = " ".join(
        f"left join steps as {this} on {before}.actor = {this}.actor and {before}.place_of_{this} = {this}.place "
        f"and {this}.timestamp <= one.timestamp + interval '7 days'"
        for before, this in pairwise(_NUMBERS)
    )
    script = Template((_HERE / f"by_hand_{of}.sql").read_text(encoding="utf-8")).substitute(
        periods=periods, first_values=first_values, next_places=next_places, step_joins=step_joins,
        names=", ".join(f"'{step}'" for step in _STEPS),
    )  # fmt: skip
    with duckdb.connect(os.environ["STRATA_DUCKDB_PATH"], config={"memory_limit": "2GB"}) as con:
        con.execute("set TimeZone = 'UTC'; create schema if not exists by_hand")
        con.execute(f"set variable as_of_end = timestamp '{_LAST_DAY + timedelta(days=1)}'")
        con.execute(script)


def _compare() -> None:
    """Say which tables differ; doubles are compared to nine digits, and JSON as text."""
    with duckdb.connect(os.environ["STRATA_DUCKDB_PATH"]) as con:
        tables = con.execute(
            "select table_name from information_schema.tables where table_schema = 'by_hand' order by 1"
        ).fetchall()
        different = []
        for (table,) in tables:
            columns = con.execute(f"describe by_hand.{table}").fetchall()
            shown = ", ".join(
                f"printf('%.9g', {column[0]}::double)" if "DOUBLE" in column[1] else f"{column[0]}::text"
                for column in columns
            )
            sides = [f"select {shown} from {schema}.{table}" for schema in ("by_hand", "product")]
            [(lost,)], [(more,)] = (
                con.execute(f"select count(*) from ({one} except all {other})").fetchall()
                for one, other in (sides, reversed(sides))
            )
            if lost or more:
                different.append(f"{table} ({lost:,} rows by hand only, {more:,} of the models only)")
    print(f"  {len(tables)} tables compared; different: {', '.join(different) or 'none'}")


if __name__ == "__main__":
    main()
