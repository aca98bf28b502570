"""Verbs that read: the state of the warehouse, KPIs, files for other systems, and the comparison of two engines."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from strata.cli.records import start
from strata.errors import ExitCode, UsageError
from strata.settings import DEFAULT_WAIT_SECONDS


def status() -> int:
    """Show what is loaded, what is rejected, and what waits to be built."""
    from strata.terminal import console, counted, print_table, print_unpublished
    from strata.unpublished import unpublished

    session = start()
    with session.reading("status") as warehouse:
        tables = warehouse.query(
            "select area || '.' || table_name, count(*), cast(sum(records_loaded) as bigint), "
            "cast(sum(records_rejected) as bigint), max(loaded_at) "
            "from {ops}.batches group by 1 order by 1"
        )
        codes = warehouse.query(
            "select area || '.' || table_name, code, count(*) from {ops}.rejections "
            "where replayed_in_batch is null group by 1, 2 order by 1, 2"
        )
        days = warehouse.query(
            "select area || '.' || table_name, min(partition_date), max(partition_date) "
            "from {ops}.touched_partitions group by 1"
        )
        today = datetime.now(UTC).date()
        ahead = warehouse.query(
            "select area || '.' || table_name, cast(sum(records) as bigint) from {ops}.touched_partitions "
            "where partition_date > ? group by 1 order by 1",
            [today],
        )
        behind = warehouse.batches_behind()
        said = [note for area in session.areas.values() if area.notes for note in area.notes(warehouse)]
        left_out = unpublished(warehouse)
    if not tables:
        console.print("Nothing was loaded yet. `strata sample` makes records to try; `strata run` loads and builds.")
        return ExitCode.OK
    spans = {name: f"{first} to {last}" for name, first, last in days}
    rows = [(name, *counts, spans.get(name), f"{at:%Y-%m-%d %H:%M}") for name, *counts, at in tables]
    print_table("Raw tables", ("table", "batches", "rows", "rejected", "days (UTC)", "last load (UTC)"), rows)
    if codes:
        print_table("Rejected and not replayed", ("table", "code", "records"), codes)
    for note in said:
        console.print(note)
    print_unpublished(left_out)
    if ahead:
        waiting = ", ".join(f"{name} {records:,}" for name, records in ahead)
        console.print(f"Records of days after today ({today}, UTC), which the marts do not show yet: {waiting}.")
    if behind:
        console.print(f"Not built yet: {counted(behind, 'batch')}. Run `strata build`.")
    else:
        console.print("All batches are built.")
    return ExitCode.OK


def kpis(
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Default: the last day.")] = None,
    area: Annotated[str | None, typer.Option(help="Only this subject area.")] = None,
) -> int:
    """Show the KPIs of one day, of all areas that have some or of one."""
    from strata.areas import print_kpis

    session = start()
    shown = [item for item in session.areas.values() if item.print_kpis and area in (None, item.name)]
    if not shown:
        raise UsageError(f"There are no KPIs of {area or 'any area'}.")
    with session.reading("kpis") as warehouse:
        print_kpis(shown, warehouse, day.date() if day else None)
    return ExitCode.OK


def export(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What to write, such as insights.")],
    day: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The day to write.")],
    output: Annotated[Path | None, typer.Option(help="Folder to write to.", show_default="exports")] = None,
) -> int:
    """Write marts of one day as a file for other systems."""
    from strata.areas import export_named
    from strata.terminal import console

    session = start()
    write = export_named(session.areas, what)
    with session.reading(f"export {what}") as warehouse:
        file, count = write(warehouse, day.date(), output or session.settings.project / "exports")
    console.print(f"Wrote {count:,} documents to {file}.", soft_wrap=True)
    return ExitCode.OK


def parity(
    warehouses: Annotated[
        list[str] | None,
        typer.Argument(
            help="Two of: duckdb, postgres, the path of a DuckDB file. Default: duckdb and postgres.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[list[str] | None, typer.Option(help="Only this table, as <area>.<table>; repeatable.")] = None,
) -> int:
    """Compare what two warehouses publish, row by row; builds nothing."""
    from strata.places import read_places
    from strata.session import start_embedded
    from strata.terminal import console, print_compared

    session = start()
    started = time.monotonic()
    places = read_places(session.settings, warehouses or [])
    needs_server = any(place.settings.target == "postgres" for place in places)
    is_embedded = session.is_embedded or (needs_server and start_embedded(session.settings))
    with session.writing("parity", DEFAULT_WAIT_SECONDS):
        compared = list(session.parity(places, table or []))
        is_equal = all(item.is_equal for item in compared)
        days = [] if is_equal else [session.built_as_of(place) or "an unknown day" for place in places]
    print_compared(
        compared,
        time.monotonic() - started,
        [place.name for place in places],
        [place.describe(is_embedded) for place in places],
    )
    if len(set(days)) > 1:
        console.print(
            f"{places[0].name} was built as of {days[0]}, {places[1].name} as of {days[1]}. Some tables depend on that "
            "day: build both with one --as-of, then compare again.",
            markup=False,
            soft_wrap=True,
        )
    return ExitCode.OK if is_equal else ExitCode.FAILED
