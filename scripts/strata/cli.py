"""The verbs of the command, in the order of a day's work. What they do is in ``session``; here is how they speak."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from strata.builds.plan import Wanted
from strata.errors import ExitCode, Stopped, UsageError
from strata.settings import DEFAULT_WAIT_SECONDS
from strata.terminal import (
    console,
    counted,
    print_compared,
    print_loaded,
    print_plan,
    print_table,
    print_unpublished,
    progress,
    what_is_kept,
)

if TYPE_CHECKING:  # verbs import what they need when they run, so that help comes at once
    from strata.contract import Contract
    from strata.session import Session

EXIT_CODES = """\
Exit codes: 0 all went well · 1 something failed · 2 wrong usage · 3 records were rejected and --strict was given ·
75 try again later (another writer, a full disk) · 130 stopped by Ctrl-C or SIGTERM.
"""

_ORDER = ("sample", "load", "build", "run", "status", "rejects", "kpis", "export", "parity", "demo")


class _Verbs(TyperGroup):
    """The verbs in the order of a day's work; what a verb returns is the exit code."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(super().list_commands(ctx), key=_ORDER.index)

    def invoke(self, ctx: typer.Context) -> None:  # type: ignore[override]
        try:
            code = super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Stopped from error
        ctx.exit(int(code or 0))


app = typer.Typer(
    cls=_Verbs,
    help="Strata takes raw records in, guards the door, and builds KPIs that people can defend.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
rejects = typer.Typer(help="Look at the records that were turned away, and send them through the door again.")
export = typer.Typer(help="Write marts as files for other systems.")

Strict = Annotated[bool, typer.Option("--strict", help="Leave with exit code 3 when anything was rejected.")]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files or folders; without any, the landing folder.", show_default=False),
]
FullRefresh = Annotated[
    bool | None,
    typer.Option(
        "--full-refresh/--no-full-refresh",
        help="Compute every table anew from the raw records; or none, also where its code has changed: what stands "
        "stays. Without either, those that a change of code, variables or seeds reaches.",
        show_default=False,
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day that counts as today; without it, the real one."),
]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait while another process writes.")]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="With --to: compute only these local days again (a backfill)."),
]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of a backfill.")]
Select = Annotated[str | None, typer.Option(help="Build only these, in dbt's own words (e.g. +agg_region).")]


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        console.print(f"strata {version('strata')}")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Strata takes raw records in, guards the door, and builds KPIs that people can defend."""


def _start() -> Session:
    from strata.session import Session

    return Session.start()


@app.command()
def load(paths: Paths = None, strict: Strict = False, wait: Wait = DEFAULT_WAIT_SECONDS) -> int:
    """Take files in: every record is loaded, or rejected with its reason."""
    session = _start()
    with session.writing("load", wait):
        return _load(session, paths or [], strict)


@app.command()
def build(
    full_refresh: FullRefresh = None,
    everything: Annotated[bool, typer.Option("--all", help="Run every model, seed and test, unit tests too.")] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Only print what would run, and why.")] = False,
    unit_tests: Annotated[bool, typer.Option("--unit-tests", help="Run the unit tests of what is built, too.")] = False,
    select: Select = None,
    as_of: AsOf = None,
    first: From = None,
    last: To = None,
    wait: Wait = DEFAULT_WAIT_SECONDS,
) -> int:
    """Bring all tables up to date and test them: what new records, changes of the project or failures reach."""
    from strata.building import backfill_days, build_selected, build_what_is_new, day_of

    backfill = backfill_days(first, last, full_refresh)
    if (select or backfill) and (everything or only_plan or unit_tests):
        raise UsageError("--all, --plan and --unit-tests do not go with --select, --from and --to.")
    session = _start()
    wanted = Wanted(everything, full_refresh, unit_tests or everything)
    if only_plan:
        with session.reading("build --plan") as warehouse:
            print_plan(session.project, session.plan(warehouse, wanted, day_of(as_of)))
        return ExitCode.OK
    with session.writing("build", wait):
        if select or backfill:
            return build_selected(session, full_refresh, select, as_of, backfill)
        return build_what_is_new(session, wanted, as_of)


@app.command()
def run(paths: Paths = None, strict: Strict = False, as_of: AsOf = None, wait: Wait = DEFAULT_WAIT_SECONDS) -> int:
    """Load, then build: the whole day in one command."""
    from strata.building import build_what_is_new

    session = _start()
    with session.writing("run", wait):
        loaded = _load(session, paths or [], strict)
        return build_what_is_new(session, Wanted(), as_of) or loaded


@app.command()
def status() -> int:
    """Show what is loaded, what is rejected, and what waits to be built."""
    from strata.unpublished import unpublished

    with _start().reading("status") as warehouse:
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
        doubled = (
            warehouse.query("select count(*) from {ops}.scopes_with_two_parents")[0][0]
            if warehouse.has("ops", "scopes_with_two_parents")
            else 0
        )
        left_out = unpublished(warehouse)
    if not tables:
        console.print("Nothing was loaded yet. `strata sample` makes records to try; `strata run` loads and builds.")
        return ExitCode.OK
    spans = {name: f"{first} to {last}" for name, first, last in days}
    rows = [(name, *counts, spans.get(name), f"{at:%Y-%m-%d %H:%M}") for name, *counts, at in tables]
    print_table("Raw tables", ("table", "batches", "rows", "rejected", "days (UTC)", "last load (UTC)"), rows)
    if codes:
        print_table("Rejected and not replayed", ("table", "code", "records"), codes)
    if doubled:
        console.print(
            f"{counted(doubled, 'id')} of the organisation stood under several parents on one day and counted as one "
            "scope there. ops.scopes_with_two_parents lists them."
        )
    print_unpublished(left_out)
    if ahead:
        waiting = ", ".join(f"{name} {records:,}" for name, records in ahead)
        console.print(f"Records of days after today ({today}, UTC), which the marts do not show yet: {waiting}.")
    if behind:
        console.print(f"Still to be built: {counted(behind, 'batch')}. `strata build` does it.")
    else:
        console.print("All batches are built.")
    return ExitCode.OK


@rejects.command("list")
def rejects_list(
    table: Annotated[str | None, typer.Option(help="Only this table, as <area>.<table>.")] = None,
    code: Annotated[str | None, typer.Option(help="Only this code.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many.")] = 20,
) -> int:
    """List rejected records, the newest first."""
    session = _start()
    chosen = _table(session, table)
    conditions, values = ["replayed_in_batch is null"], []
    if chosen:
        conditions.append("area = ? and table_name = ?")
        values += [chosen.area, chosen.name]
    if code:
        conditions.append("code = ?")
        values.append(code)
    where = " and ".join(conditions)
    with session.reading("rejects list") as warehouse:
        total = warehouse.query(f"select count(*) from {{ops}}.rejections where {where}", values)[0][0]
        rows = warehouse.query(
            "select batch_id, line_number, file_name, code, message from {ops}.rejections "
            f"where {where} order by batch_id desc, line_number limit {limit}",
            values,
        )
    if not total:
        console.print("Nothing is rejected.")
        return ExitCode.OK
    shown = [(f"{batch}:{line}", file, reason_code, message[:200]) for batch, line, file, reason_code, message in rows]
    print_table(f"Rejected records ({len(rows):,} of {total:,})", ("id", "file", "code", "why"), shown)
    console.print("`strata rejects show ID` shows one; `strata rejects replay` tries them all again.")
    return ExitCode.OK


@rejects.command("show")
def rejects_show(
    rejection_id: Annotated[str, typer.Argument(metavar="ID", help="As `strata rejects list` names it: BATCH:LINE.")],
) -> int:
    """Show what is kept of one rejected record, with all its reasons."""
    batch, _, line = rejection_id.partition(":")
    if not (batch.isdigit() and line.isdigit()):
        raise UsageError(f"{rejection_id!r} is not an id. `strata rejects list` names them, like 3:120.")
    session = _start()
    with session.reading("rejects show") as warehouse:
        rows = warehouse.query(
            "select area || '.' || table_name, file_name, line_number, code, reason, message, replayed_in_batch, "
            "record_encoding, record from {ops}.rejections join {ops}.rejected_records using (batch_id, line_number) "
            "where batch_id = ? and line_number = ?",
            [int(batch), int(line)],
        )
    if not rows:
        raise UsageError(f"There is no rejection {rejection_id}. `strata rejects list` names them.")
    table, file, number, code, reason, message, replayed, encoding, record = rows[0]
    meaning = next(row for row in session.seeds["rejection_codes"] if row["code"] == code)
    console.print(f"[bold]{code}[/] ({reason}) · {table} · {file}, line {number}", soft_wrap=True)
    console.print(f"{message}.", markup=False, soft_wrap=True)
    console.print(f"What to do: {meaning['what_to_do']}.", markup=False, soft_wrap=True)
    if replayed:
        console.print(f"A replay has loaded it since, in batch {replayed}.")
    area, _, name = table.partition(".")
    contract = session.contracts.get((area, name))
    console.print(what_is_kept(encoding, is_private=contract is not None and contract.is_private, is_file=number == 0))
    if encoding != "withheld":
        console.print(record, markup=False, soft_wrap=True)
    return ExitCode.OK


@rejects.command("replay")
def rejects_replay(
    table: Annotated[str | None, typer.Option(help="Only this table, as <area>.<table>.")] = None,
    wait: Wait = DEFAULT_WAIT_SECONDS,
) -> int:
    """Send rejected records through the door again, under today's contracts and reference data."""
    session = _start()
    chosen = _table(session, table)
    with session.writing("rejects replay", wait):
        done = session.replay(chosen.area if chosen else None, chosen.name if chosen else None)
    tried = [item for item in done if item.tried]
    if not tried:
        console.print("Nothing is rejected that could be replayed.")
        return ExitCode.OK
    rows = [(f"{item.contract.area}.{item.contract.name}", item.tried, item.loaded) for item in tried]
    print_table("Replayed", ("table", "tried", "loaded now"), rows)
    if any(item.loaded for item in tried):
        console.print("`strata build` brings them into the tables.")
    return ExitCode.OK


@app.command()
def sample(
    events: Annotated[int, typer.Option(min=500, help="How many events.")] = 60_000,
    days: Annotated[int, typer.Option(min=14, help="How many days.")] = 90,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 7,
    last_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.", show_default="yesterday, by UTC")
    ] = None,
    single_file: Annotated[bool, typer.Option("--single-file", help="One plain file a table.")] = False,
    area: Annotated[str, typer.Option(help="Subject area: training or learning.")] = "training",
) -> int:
    """Make records to try: they go to the landing folder, damaged ones among them."""
    from strata.demo import yesterday
    from strata.sample import SAMPLES, write_learning_sample, write_training_sample

    session = _start()
    started = time.monotonic()
    if area not in SAMPLES:
        raise UsageError(f"There is no sample of {area!r}; --area is training or learning.")
    wanted: dict[str, Any] = {
        "last_day": last_day.date() if last_day else yesterday(),
        "events": events,
        "days": days,
        "seed": seed,
        "single_file": single_file,
        "memory_limit": session.settings.memory_limit,
    }
    if area == "learning":
        made = write_learning_sample(session.settings.landing, **wanted)
        print_table("Sample", ("table", "records"), [("learning.raw_events", made.records + made.damaged)])
        console.print(f"{len(made.files)} files below {session.settings.landing}, {made.learners} learners.")
        console.print("Set STRATA_SUBJECT_KEY to a secret of yours. Next: `strata run`.")
        return ExitCode.OK
    report = write_training_sample(session.settings.landing, **wanted)
    rows = [(name, counts.records) for name, counts in report.tables.items()]
    print_table("Sample", ("table", "records"), rows)
    console.print(f"{len(report.files)} files below {session.settings.landing}, {time.monotonic() - started:.1f} s.")
    console.print(f"{len(report.expected_rejections)} damaged records are among them. Next: `strata run`.")
    return ExitCode.OK


@export.command("insights")
def export_insights_command(
    day: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The day to write.")],
    output: Annotated[Path | None, typer.Option(help="Folder to write to.", show_default="exports")] = None,
) -> int:
    """Write the insights payloads of one day, one JSON document a user."""
    from strata.exports import export_insights

    session = _start()
    with session.reading("export insights") as warehouse:
        file, count = export_insights(warehouse, day.date(), output or session.settings.project / "exports")
    console.print(f"Wrote {count:,} documents to {file}.", soft_wrap=True)
    return ExitCode.OK


@app.command()
def kpis(
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Without it, the last.")] = None,
) -> int:
    """Show the five KPIs of every region for one day."""
    from strata.demo import print_kpis

    with _start().reading("kpis") as warehouse:
        print_kpis(warehouse, day.date() if day else None)
    return ExitCode.OK


@app.command()
def parity(
    warehouses: Annotated[
        list[str] | None,
        typer.Argument(
            help="Two of: duckdb, postgres, the path of a DuckDB file. Without any, duckdb and postgres.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[list[str] | None, typer.Option(help="Only this table, as <area>.<table>; repeatable.")] = None,
) -> int:
    """Compare what two warehouses publish, row by row; builds nothing."""
    from strata.places import read_places
    from strata.session import start_embedded

    session = _start()
    started = time.monotonic()
    places = read_places(session.settings, warehouses or [])
    needs_server = any(place.settings.target == "postgres" for place in places)
    is_embedded = session.is_embedded or (needs_server and start_embedded(session.settings))
    with session.writing("parity", DEFAULT_WAIT_SECONDS):
        compared = list(session.parity(places, table or []))
    print_compared(
        compared,
        time.monotonic() - started,
        [place.name for place in places],
        [place.describe(is_embedded) for place in places],
    )
    return ExitCode.OK if all(item.is_equal for item in compared) else ExitCode.FAILED


@app.command()
def demo() -> int:
    """Do all of the above once, on sample records: what `make demo` runs."""
    from strata.building import build_what_is_new
    from strata.demo import run_demo

    session = _start()
    with session.writing("demo", DEFAULT_WAIT_SECONDS):
        load_all, build_all = partial(_load, session, [], strict=False), partial(build_what_is_new, session, Wanted())
        return run_demo(session, load_all, build_all)


app.add_typer(rejects, name="rejects")
app.add_typer(export, name="export")


def _load(session: Session, paths: list[Path], strict: bool) -> int:
    files = session.files(paths)
    started = time.monotonic()
    with progress("Loading", len(files)) as advance:
        loaded = session.load(files, lambda item: advance(item.file.name))
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


def _table(session: Session, name: str | None) -> Contract | None:
    if name is None:
        return None
    area, _, table = name.partition(".")
    contract = session.contracts.get((area, table))
    if contract is None or contract.format == "none":
        known = ", ".join(f"{a}.{t}" for (a, t), item in session.contracts.items() if item.format != "none")
        raise UsageError(f"There is no table {name}. There are: {known}.")
    return contract
