"""What `strata build` does with its options, and what it says at the end."""

from __future__ import annotations

import time
from datetime import date, datetime

from strata.builds.plan import Wanted
from strata.dbt_runner import Node
from strata.errors import ExitCode, UsageError
from strata.session import Session
from strata.terminal import print_built, print_unpublished, progress
from strata.unpublished import unpublished


def backfill_days(first: datetime | None, last: datetime | None, full_refresh: bool | None) -> tuple[date, date] | None:
    """The first and the last day of a backfill; none where neither is given.

    Raises:
        UsageError: one is missing, they are in the wrong order, or a full refresh is wanted too.
    """
    if first is None and last is None:
        return None
    if first is None or last is None or first > last:
        raise UsageError("A backfill needs --from DATE and --to DATE, and --from must not be after --to.")
    if full_refresh:
        raise UsageError("--full-refresh computes every day; it cannot be combined with --from and --to.")
    return first.date(), last.date()


def day_of(as_of: date | None) -> str | None:
    """The day that counts as today, as dbt takes it; none for the real one."""
    return f"{as_of:%Y-%m-%d}" if as_of else None


def build_what_is_new(session: Session, wanted: Wanted, as_of: date | None = None) -> int:
    """Build what something new reaches and say what was done; the exit code."""
    started = time.monotonic()
    with progress("Building", None) as advance:
        nodes = session.build_what_is_new(advance, wanted, day_of(as_of))
    return _say(session, nodes, started)


def build_selected(
    session: Session,
    full_refresh: bool | None,
    select: str | None,
    as_of: datetime | None,
    backfill: tuple[date, date] | None,
) -> int:
    """Build what the user selects in dbt's own words, or the days of a backfill; the exit code."""
    arguments = ["--full-refresh"] if full_refresh else []
    arguments += ["--select", *select.split()] if select else []
    variables = {"as_of": str(as_of.date())} if as_of else {}
    started = time.monotonic()
    with progress("Building", None) as advance:
        if backfill:
            nodes = session.backfill(*backfill, arguments, variables, advance)
        else:
            nodes = session.build(arguments, advance, variables)
    return _say(session, nodes, started)


def _say(session: Session, nodes: list[Node], started: float) -> int:
    is_good = print_built(nodes, time.monotonic() - started)
    with session.warehouse() as warehouse:
        print_unpublished(unpublished(warehouse))
    return ExitCode.OK if is_good else ExitCode.FAILED
