"""The demo: everything once, and at its end the numbers and what to try next."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import date

from strata.errors import ExitCode, StrataError
from strata.sample import write_learning_sample, write_training_sample
from strata.session import Session
from strata.terminal import console, print_table
from strata.warehouse.base import Warehouse

LAST_DAY = date(2026, 10, 31)

_NEXT = """\
What to try next
  source .venv/bin/activate                    then `strata` is a command
  strata rejects list                          what was turned away, and why
  strata kpis --date {day}                the same table for another day
  strata export insights --date {day}     one JSON document a user, for other systems
  strata run                                   again: nothing is new, nothing changes
  Add the line [bold]quiz_start,true,false,false[/] to seeds/training/training_event_types.csv, then run
  `strata rejects replay` and `strata build`: those records come in.\
"""
_ELSEWHERE = "Write STRATA_TARGET=postgres before each of these; without it they mean the DuckDB warehouse."
_EMBEDDED = (
    _ELSEWHERE + "\nThe embedded PostgreSQL stops now and starts again with each of them; its data are in {folder}. "
    "To use a server of your own, set PGHOST and the other variables of libpq."
)


def run_demo(session: Session, load: Callable[[], int], build: Callable[[], int]) -> int:
    """Sample, load, build, and show. Where the landing folder holds files already, they are taken as they are."""
    landing = session.settings.landing
    if not landing.exists() or not any(landing.iterdir()):
        report = write_training_sample(landing, last_day=LAST_DAY, memory_limit=session.settings.memory_limit)
        console.print(f"Made a sample of {report.users:,} users in {len(report.files)} files below {landing}.")
        made = write_learning_sample(
            landing, last_day=LAST_DAY, events=6_000, days=14, memory_limit=session.settings.memory_limit
        )
        console.print(f"Made a sample of {made.learners:,} learners in {len(made.files)} files beside them.")
    if not os.environ.get("STRATA_SUBJECT_KEY"):
        # Nobody keeps it, so that nobody can find the learners of the sample again.
        os.environ["STRATA_SUBJECT_KEY"] = secrets.token_hex(32)
        console.print("STRATA_SUBJECT_KEY is not set; pseudonyms of learners are made with a key that is thrown away.")
    if code := load() or build():
        return code
    with session.warehouse() as warehouse:
        day = print_kpis(warehouse, None)
        rows = warehouse.query(
            "select r.code, c.meaning, count(*) from {ops}.all_rejections as r "
            "join {ops}.rejection_codes as c using (code) group by 1, 2, c.precedence order by c.precedence"
        )
    print_table("Rejected records", ("code", "meaning", "records"), rows)
    console.print(_NEXT.format(day=day), soft_wrap=True)
    if session.is_embedded:
        folder = session.settings.duckdb_path.parent / "postgres"
        console.print(_EMBEDDED.format(folder=folder), soft_wrap=True)
    elif session.settings.target == "postgres":
        console.print(_ELSEWHERE)
    return ExitCode.OK


def print_kpis(warehouse: Warehouse, day: date | None) -> date:
    """The five KPIs per region, on a day or on the last one; returns the day.

    Raises:
        StrataError: nothing is known of that day, or the marts were not built yet.
    """
    relation = warehouse.require("training", "kpi_training_daily")
    if day is None:
        (day,) = warehouse.query(f"select max(date) from {relation} where scope_level = 'region'")[0]
        if day is None:
            raise StrataError("There is no day with records yet. `strata sample` makes some; `strata run` loads them.")
    rows = warehouse.query(
        "select scope_id, active_users, module_completion_rate, quiz_pass_rate, upsell_success_rate, avg_xp_total, "
        f"module_version, scenario_version, prompt_version from {relation} "
        "where date = ? and scope_level = 'region' order by scope_id",
        [day],
    )
    if not rows:
        raise StrataError(f"Nothing is known of {day}. `strata status` shows which days there are.")
    shown = [
        (region, users, *(_percent(rate) for rate in rates), f"{xp:,.0f}" if xp is not None else None, versions)
        for region, users, *rates, xp, module, scenario, prompt in rows
        for versions in [" / ".join(version or "-" for version in (module, scenario, prompt))]
    ]
    columns = ("region", "active", "modules", "quizzes", "upsells", "avg XP", "versions")
    print_table(f"KPIs on {day}", columns, shown)
    console.print(
        "active: users who logged in · modules: started ones completed so far · quizzes: passed of those completed · "
        "upsells: sessions won of those tried · versions: module / scenario / prompt",
        soft_wrap=True,
    )
    return day


def _percent(rate: float | None) -> str | None:
    return None if rate is None else f"{rate:.1%}"
