"""Learning: two million events from Parquet to all tables, one more day, one more piece of evidence.

PYTHONPATH=scripts/bench python scripts/bench/learning/events.py [--events 2000000] [--events-a-day 20000]
    [--rounds 3] [--only all|days|sequence]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import duckdb
from measure import Measured, enter, in_process

from strata.areas.learning.sample import write_learning_sample
from strata.session import Session
from strata.settings import read_settings

_LAST_DAY = date(2026, 10, 30)
_TABLES = ["--exclude-resource-types", "test", "unit_test", "--select", "path:models/learning", "path:seeds/learning"]
_HISTORIES = (10, 100)
_SEQUENCES = (10, 10_000)


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--events-a-day", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("everything", "all", "days", "sequence"), default="everything")
    arguments = parser.parse_args()
    os.environ["STRATA_SUBJECT_KEY"] = "the key of the benchmark"
    with tempfile.TemporaryDirectory(prefix="strata-bench-") as name:
        folder = Path(name)
        if arguments.only in ("everything", "all"):
            _all(folder / "all", arguments.events)
        if arguments.only in ("everything", "days"):
            _days(folder / "days", arguments.events_a_day, arguments.rounds)
        if arguments.only in ("everything", "sequence"):
            _sequences(folder / "sequences")


def _all(folder: Path, events: int) -> None:
    enter(folder)
    made = write_learning_sample(folder / "landing", last_day=_LAST_DAY, events=events, days=100, single_file=True)
    size = made.files[0].stat().st_size / 1e6
    loaded = in_process(lambda: _load(folder / "landing"))
    built = in_process(_build)
    print(f"{made.records:,} events, {size:,.0f} MB of Parquet, to all tables", flush=True)
    for what, measured in (("load", loaded), ("build", built)):
        print(f"  {what}: {measured.seconds:.1f} s, {measured.peak_mb:,.0f} MB", flush=True)


def _days(folder: Path, events_a_day: int, rounds: int) -> None:
    """The same day on both histories, in turns; dbt's own start-up is the build of an empty warehouse."""
    days = max(_HISTORIES) + 1
    folder.mkdir(parents=True)
    made = write_learning_sample(
        folder / "made", last_day=_LAST_DAY, events=events_a_day * days, days=days, single_file=True
    )
    _cut(made.files[0], folder / "day", _LAST_DAY, _LAST_DAY + timedelta(days=2))
    place, measured = folder / "place", {}
    for history in (0, *_HISTORIES):
        enter(place)
        if history:
            _cut(made.files[0], folder / f"before-{history}", _LAST_DAY - timedelta(days=history), _LAST_DAY)
            in_process(lambda history=history: _load(folder / f"before-{history}"))  # type: ignore[misc]
        in_process(_build)
        place.rename(folder / f"built-{history}")
        measured[history] = []
    for _ in range(rounds):
        for history, seen in measured.items():
            shutil.copytree(folder / f"built-{history}", place)
            os.sync()  # the copy must not be written to the disk while the day is measured
            seen.append(in_process(_build if history == 0 else lambda: _load_and_build(folder / "day")))
            shutil.rmtree(place)
    for what, figure in (("wall clock", "seconds"), ("CPU", "cpu_seconds")):
        start_up, *runs = (median(getattr(item, figure) for item in seen) for seen in measured.values())
        costs = [run - start_up for run in runs]
        shown = ", ".join(f"{cost:.1f} s on {history} days" for history, cost in zip(_HISTORIES, costs, strict=True))
        print(f"one more day, {what} beyond a start-up of {start_up:.1f} s: {shown}; {costs[1] / costs[0]:.2f} times")


def _load_and_build(landing: Path) -> None:
    _load(landing)
    _build()


def _sequences(folder: Path) -> None:
    for length in _SEQUENCES:
        place = folder / str(length)
        enter(place)
        _write_sequence(place / "first", 0, length)
        _write_sequence(place / "next", length, 1)
        in_process(lambda place=place: _load(place / "first"))  # type: ignore[misc]
        in_process(_build)
        in_process(lambda place=place: _load(place / "next"))  # type: ignore[misc]
        measured: Measured = in_process(_build_states)
        print(f"one more piece of evidence on a sequence of {length:,}: {measured.seconds:.2f} s", flush=True)


def _write_sequence(folder: Path, first: int, count: int) -> None:
    target = folder / "learning" / "raw_events"
    target.mkdir(parents=True)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [
        {
            "learner_id": "learner_1",
            "event_type": "assessment_complete",
            "event_id": f"e{number}",
            "session_id": f"s{number // 10}",
            "timestamp": f"{begin + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}",
            "data": {"assessment_id": "q", "score": number * 37 % 101},
            "metadata": None,
            "version": "1.0",
        }
        for number in range(first, first + count)
    ]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (target / "events.ndjson").write_text(text, encoding="utf-8")


def _cut(file: Path, folder: Path, first: date, end: date) -> None:
    target = folder / "learning" / "raw_events"
    target.mkdir(parents=True)
    days = f"partition_date >= date '{first}' and partition_date < date '{end}'"
    duckdb.sql(f"copy (from '{file}' where {days}) to '{target / 'events.parquet'}' (format parquet, compression zstd)")


def _load(landing: Path) -> None:
    session = Session(read_settings())
    session.load(session.files([landing]), lambda item: None)


def _build() -> None:
    _run(_TABLES)


def _build_states() -> None:
    """The models up to mastery_deltas, and of these the seconds of the two that carry the sequence on."""
    _run(["--select", "+mastery_deltas", "--exclude-resource-types", "test", "unit_test", "seed"])
    results = json.loads((Path(os.environ["DBT_TARGET_PATH"]) / "run_results.json").read_text(encoding="utf-8"))
    seconds = {item["unique_id"].split(".")[-1]: item["execution_time"] for item in results["results"]}
    for name in ("int_learning__mastery_states", "mastery_deltas"):
        print(f"  {name}: {seconds[name]:.2f} s", flush=True)


def _run(arguments: list[str]) -> None:
    bad = [node for node in Session(read_settings()).build(arguments, lambda name: None) if node.is_bad]
    if bad:
        raise SystemExit(f"{bad[0].name}: {bad[0].message}")


if __name__ == "__main__":
    main()
