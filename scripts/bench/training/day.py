"""What one more day costs on a ten-day and on a hundred-day history: load and build, tests included.

The same last day is added to both. dbt's own start-up is the same build on an empty warehouse, where every model and
test runs and finds nothing. All warehouses are put in one place before they are measured: dbt parses the project anew
when the path in its profile changes, and that is no part of a day.

    PYTHONPATH=scripts/bench python scripts/bench/training/day.py [--events-a-day 20000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb
from measure import environment, strata

from strata.areas.training.sample import write_training_sample

_LAST_DAY = date(2026, 10, 30)  # a Friday, a day like most
_HISTORIES = (10, 100)
_EVENT_TIMES = {"event_log": "timestamp", "interaction_log": "timestamp", "session_log": "startTime"}


def main() -> None:
    """Generate, cut, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events-a-day", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strata-bench-") as name:
        folder = Path(name)
        days = max(_HISTORIES) + 1
        write_training_sample(
            folder / "sample",
            last_day=_LAST_DAY,
            days=days,
            events=arguments.events_a_day * days,
            single_file=True,
            damaged=0,
        )
        _cut(folder / "sample", folder / "day", _LAST_DAY, _LAST_DAY + timedelta(days=2))
        built = {"none": _built(folder, "none")}
        for history in _HISTORIES:
            _cut(folder / "sample", folder / f"history-{history}", _LAST_DAY - timedelta(days=history), _LAST_DAY)
            built[f"{history} days"] = _built(folder, f"history-{history}")
        seconds: dict[str, list[float]] = {name: [] for name in built}
        for number in range(arguments.rounds):
            # In turns, so that what else the machine does is shared alike.
            for name, warehouse in built.items():
                seconds[name].append(_seconds(folder, warehouse, "build" if name == "none" else "run"))
            shown = ", ".join(f"{name} {runs[-1]:.1f} s" for name, runs in seconds.items())
            print(f"  round {number + 1}, history of: {shown}", flush=True)
        start_up, *runs = (statistics.median(measured) for measured in seconds.values())
        print(f"start-up of dbt, the build of an empty warehouse: {start_up:.1f} s")
        for history, run in zip(_HISTORIES, runs, strict=True):
            print(f"one more day on {history} days: {run - start_up:.1f} s beyond start-up")
        print(f"a hundred-day history costs {(runs[1] - start_up) / (runs[0] - start_up):.2f} times a ten-day history")


def _built(folder: Path, landing: str) -> Path:
    """A warehouse of that landing folder, loaded, built and tested."""
    place = _place(folder)
    if landing == "none":
        strata("build", environment=place)
    else:
        strata("run", environment={**place, "STRATA_LANDING": str(folder / landing)})
    return Path(shutil.move(folder / "place", folder / f"built-{landing}"))


def _seconds(folder: Path, built: Path, verb: str) -> float:
    """Seconds of a command on a copy of a warehouse, with the new day in its landing folder."""
    place = _place(folder, built)
    os.sync()  # the copy must not be written to the disk while the command is measured
    started = time.perf_counter()
    strata(verb, environment={**place, "STRATA_LANDING": str(folder / "day")})
    return time.perf_counter() - started


def _place(folder: Path, built: Path | None = None) -> dict[str, str]:
    """The environment of the one place where warehouses are measured, empty or with a copy of one in it."""
    place = folder / "place"
    shutil.rmtree(place, ignore_errors=True)
    if built:
        shutil.copytree(built, place)
    else:
        place.mkdir()
    return environment(place, DBT_TARGET_PATH=str(folder / "target"), DBT_LOG_PATH=str(folder / "logs"))


def _cut(sample: Path, target: Path, first: date, before: date) -> None:
    """The records of some days, with the whole organisation."""
    con = duckdb.connect()
    shutil.copytree(sample / "training" / "org_scope", target / "training" / "org_scope")
    for table, event_time in _EVENT_TIMES.items():
        (target / "training" / table).mkdir(parents=True)
        source = next((sample / "training" / table).glob("*.ndjson"))
        con.execute(
            f"""
            copy (
                select line from read_csv('{source}', columns = {{line: 'varchar'}}, header = false, quote = '',
                    escape = '', delim = '\x01', auto_detect = false)
                where left(json_extract_string(line, '$.{event_time}'), 10) >= '{first}'
                    and left(json_extract_string(line, '$.{event_time}'), 10) < '{before}'
            ) to '{target}/training/{table}/part.ndjson' (format csv, header false, quote '', escape '', delim '\x01')
            """
        )


if __name__ == "__main__":
    main()
