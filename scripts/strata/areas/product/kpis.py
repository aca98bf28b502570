"""The KPIs of the days up to one, as `strata kpis` and the demo print them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from strata.errors import StrataError
from strata.terminal import console, print_table
from strata.warehouse.base import Warehouse

_DAYS = 7


def print_kpis(warehouse: Warehouse, day: date | None) -> date:
    """Users, sessions and events of a day, or of the last one that has come (UTC), and of the six before; returns it.

    Raises:
        StrataError: nothing is known of that day, it is still to come, or the mart was not built yet.
    """
    relation = warehouse.require("product", "product_daily")
    today = datetime.now(UTC).date()
    (last_day,) = warehouse.query(f"select max(date) from {relation} where date <= ?", [today])[0]
    if last_day is None:
        raise StrataError("There is no day with events of product yet. `strata run` loads and builds them.")
    day = day or last_day
    rows = warehouse.query(
        "select date, dau, wau, mau, stickiness, sessions, bounce_rate, median_session_ms, events "
        f"from {relation} where date <= ? order by date desc limit {_DAYS}",
        [day],
    )
    if not rows or rows[0][0] != day:
        raise StrataError(f"There are no KPIs of product on {day}. The last day with events is {last_day}.")
    shown = [
        (str(at), dau, wau, mau, _percent(stickiness), sessions, _percent(bounces), _minutes(length), f"{events:,}")
        for at, dau, wau, mau, stickiness, sessions, bounces, length, events in rows
    ]
    columns = ("day", "DAU", "WAU", "MAU", "sticky", "sessions", "bounce", "median", "events")
    print_table(f"Product up to {day}", columns, shown)
    console.print(
        "DAU, WAU, MAU: users with an event in 1, 7 and 30 days · sticky: DAU by MAU · bounce: share of the sessions "
        "with one event · median: length of a session in minutes",
        soft_wrap=True,
    )
    return day


def _percent(rate: float | None) -> str | None:
    return None if rate is None else f"{rate:.1%}"


def _minutes(milliseconds: float | None) -> str | None:
    return None if milliseconds is None else f"{milliseconds / 60_000:.1f}"
