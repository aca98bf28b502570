"""Verbs that build, and the demo, which does everything once."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from strata.cli.options import AsOf, From, FullRefresh, Paths, Select, Strict, To, Wait
from strata.cli.records import load_files, start
from strata.errors import ExitCode, UsageError
from strata.settings import DEFAULT_WAIT_SECONDS


def build(
    full_refresh: FullRefresh = None,
    everything: Annotated[bool, typer.Option("--all", help="Run every model, seed and test, with unit tests.")] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Only print what would run, and why.")] = False,
    unit_tests: Annotated[bool, typer.Option("--unit-tests", help="Also run the unit tests of what is built.")] = False,
    select: Select = None,
    as_of: AsOf = None,
    first: From = None,
    last: To = None,
    wait: Wait = DEFAULT_WAIT_SECONDS,
) -> int:
    """Bring all tables up to date and test them: what new records, changes of the project or failures reach."""
    from strata.building import backfill_days, build_selected, build_what_is_new, day_of
    from strata.builds.plan import Wanted
    from strata.terminal import print_plan

    backfill = backfill_days(first, last, full_refresh)
    if (select or backfill) and (everything or only_plan or unit_tests):
        raise UsageError("--all, --plan and --unit-tests cannot be combined with --select, --from and --to.")
    session = start()
    wanted = Wanted(everything, full_refresh, unit_tests or everything)
    if only_plan:
        with session.reading("build --plan") as warehouse:
            print_plan(session.project, session.plan(warehouse, wanted, day_of(as_of)))
        return ExitCode.OK
    with session.writing("build", wait):
        if select or backfill:
            return build_selected(session, full_refresh, select, as_of, backfill)
        return build_what_is_new(session, wanted, as_of)


def run(paths: Paths = None, strict: Strict = False, as_of: AsOf = None, wait: Wait = DEFAULT_WAIT_SECONDS) -> int:
    """Load, then build: the whole day in one command."""
    from strata.building import build_what_is_new
    from strata.builds.plan import Wanted

    session = start()
    with session.writing("run", wait):
        loaded = load_files(session, paths or [], strict)
        return build_what_is_new(session, Wanted(), as_of) or loaded


def demo() -> int:
    """Do all of the above once, on sample records: what `make demo` runs."""
    from strata.building import build_what_is_new
    from strata.builds.plan import Wanted
    from strata.demo import run_demo

    session = start()
    with session.writing("demo", DEFAULT_WAIT_SECONDS):
        load_all, build_all = (
            partial(load_files, session, [], strict=False),
            partial(build_what_is_new, session, Wanted()),
        )
        return run_demo(session, load_all, build_all)
