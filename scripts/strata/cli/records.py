"""Verbs that make records and take them in."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from strata.cli.options import Paths, Strict, Wait
from strata.errors import ExitCode
from strata.settings import DEFAULT_WAIT_SECONDS

if TYPE_CHECKING:
    from strata.session import Session


def start() -> Session:
    """A session with the settings of the environment."""
    from strata.session import Session

    return Session.start()


def sample(
    events: Annotated[int, typer.Option(min=500, help="How many events.")] = 60_000,
    days: Annotated[int, typer.Option(min=14, help="How many days.")] = 90,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 7,
    last_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.", show_default="yesterday, by UTC")
    ] = None,
    single_file: Annotated[bool, typer.Option("--single-file", help="One uncompressed file for each table.")] = False,
    area: Annotated[
        str | None, typer.Option(help="Subject area.", show_default="the first that dbt_project.yml lists")
    ] = None,
) -> int:
    """Make records to try: they go to the landing folder, damaged ones among them."""
    from strata.areas import area_with_sample
    from strata.areas.area import SampleRequest
    from strata.demo import yesterday
    from strata.terminal import console, print_table

    session = start()
    started = time.monotonic()
    write = area_with_sample(session.areas, area).write_sample
    assert write is not None
    landing = session.settings.landing
    last = last_day.date() if last_day else yesterday()
    made = write(SampleRequest(landing, last, events, days, seed, single_file, session.settings.memory_limit))
    print_table("Sample", ("table", "records"), made.records.items())
    console.print(f"{made.files} files below {landing}, {made.people}, {time.monotonic() - started:.1f} s.")
    console.print(" ".join([*made.notes, "Next: `strata run`."]))
    return ExitCode.OK


def load(paths: Paths = None, strict: Strict = False, wait: Wait = DEFAULT_WAIT_SECONDS) -> int:
    """Take files in: every record is loaded, or rejected with its reason."""
    session = start()
    with session.writing("load", wait):
        return load_files(session, paths or [], strict)


def load_files(session: Session, paths: list[Path], strict: bool) -> int:
    """Load the files of these paths and say what came of them; the exit code."""
    from strata.terminal import print_loaded, progress

    files = session.files(paths)
    started = time.monotonic()
    with progress("Loading", len(files)) as advance:
        loaded = session.load(files, lambda file: advance(file.name))
    batches = [item.batch_id for item in loaded if item.batch_id]
    rejected: Counter[str] = Counter()
    not_stored: list[tuple[Any, ...]] = []
    if batches:
        with session.warehouse() as warehouse:
            for code, count in warehouse.query(
                "select code, count(*) from {ops}.rejections where batch_id >= ? group by code", [min(batches)]
            ):
                rejected[code] = count
            not_stored = warehouse.query(
                "select area || '.' || table_name, reason, cast(sum(records) as bigint) from {ops}.dropped_keys "
                "where batch_id >= ? group by 1, 2 order by 1, 2",
                [min(batches)],
            )
    print_loaded(loaded, rejected, not_stored, time.monotonic() - started)
    return ExitCode.REJECTED if strict and rejected else ExitCode.OK
