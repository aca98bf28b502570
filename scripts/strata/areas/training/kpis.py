"""The KPIs of a day, as `strata kpis` and the demo print them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from strata.errors import StrataError
from strata.terminal import console, print_table
from strata.warehouse.base import Warehouse


def print_kpis(warehouse: Warehouse, day: date | None) -> date:
    """The five KPIs per region, on a day or on the last one that has come (UTC); returns the day.

    Raises:
        StrataError: nothing is known of that day, it is still to come, or the marts were not built yet.
    """
    relation = warehouse.require("training", "kpi_training_daily")
    today = datetime.now(UTC).date()
    # The mart ends at the as_of of its build, which may have been a day ahead.
    (last_day,) = warehouse.query(
        f"select max(date) from {relation} where scope_level = 'region' and date <= ?", [today]
    )[0]
    if last_day is None:
        raise StrataError("There is no day with records yet. `strata sample` makes some; `strata run` loads them.")
    day = day or last_day
    if day > today:
        raise StrataError(f"{day} is still to come. The last day with records is {last_day}.")
    rows = warehouse.query(
        "select scope_id, active_users, module_completion_rate, quiz_pass_rate, upsell_success_rate, avg_xp_total, "
        f"module_version, scenario_version, prompt_version from {relation} "
        "where date = ? and scope_level = 'region' order by scope_id",
        [day],
    )
    if not rows:
        raise StrataError(f"There are no KPIs of {day}. `strata status` shows which days there are.")
    shown = [
        (region, users, *(_percent(rate) for rate in rates), f"{xp:,.0f}" if xp is not None else None, versions)
        for region, users, *rates, xp, module, scenario, prompt in rows
        for versions in [" / ".join(version or "-" for version in (module, scenario, prompt))]
    ]
    columns = ("region", "active", "modules", "quizzes", "upsells", "avg XP", "versions")
    print_table(f"KPIs on {day}", columns, shown)
    console.print(
        "active: users who logged in · modules: share of the started modules that are completed · "
        "quizzes: share of the completed quizzes that were passed · "
        "upsells: share of the sessions with an upsell attempt that succeeded · versions: module / scenario / prompt",
        soft_wrap=True,
    )
    return day


def _percent(rate: float | None) -> str | None:
    return None if rate is None else f"{rate:.1%}"
