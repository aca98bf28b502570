"""The demo: everything once, and at its end the numbers and what to try next."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from strata.errors import ExitCode, StrataError, UsageError
from strata.sample import write_learning_sample, write_training_sample
from strata.session import Session
from strata.terminal import console, print_table
from strata.warehouse.base import Warehouse

TRAINING_EVENTS, LEARNING_EVENTS, LEARNING_DAYS = 60_000, 6_000, 14
# Beside the warehouse, for both engines; only the demo reads it.
KEY_FILE = "demo-subject-key"
# In the landing folder, where the door passes over names that begin with a dot.
DEMO_FILE = ".demo.json"

_NEXT = """\
What to try next
  source .venv/bin/activate                    then `strata` is a command
  strata rejects list                          what was turned away, and why
  strata kpis --date {day}                the same table for another day
  strata export insights --date {day}     one JSON document a user, for other systems
  make demo                                    again: nothing is new, nothing changes
  Add the line [bold]quiz_start,true,false,false,false[/] to seeds/training/training_event_types.csv, then run
  `strata rejects replay` and `strata build`: those records come in.\
"""
_ELSEWHERE = "Write STRATA_TARGET=postgres before each of these; without it they mean the DuckDB warehouse."
_EMBEDDED = (
    _ELSEWHERE + "\nThe embedded PostgreSQL stops now and starts again with each of them; its data are in {folder}. "
    "To use a server of your own, set PGHOST and the other variables of libpq."
)


def yesterday() -> date:
    """The last day that is over, by UTC: where the demo and the samples end."""
    return datetime.now(UTC).date() - timedelta(days=1)


def run_demo(session: Session, load: Callable[[], int], build: Callable[[date | None], int]) -> int:
    """Sample, load, build, and show. Where the landing folder holds files already, they are taken as they are.

    ``build`` gets the day that counts as today: the sample's last one, so that its marts are full and both engines tell
    the same whenever they are built; none where the landing folder holds files of another origin.
    """
    last_day = _sample(session)
    if not os.environ.get("STRATA_SUBJECT_KEY"):
        file = session.settings.duckdb_path.parent / KEY_FILE
        os.environ["STRATA_SUBJECT_KEY"] = demo_key(file)
        console.print(
            f"STRATA_SUBJECT_KEY is not set; the sample's learners get pseudonyms under the demo's own key, {file}. "
            "Set a secret of yours for records of real people. Other commands do not read that file; to go on with the "
            f'sample, type: export STRATA_SUBJECT_KEY="$(cat {file})"',
            soft_wrap=True,
        )
    if code := load() or build(last_day):
        return code
    with session.warehouse() as warehouse:
        day = print_kpis(warehouse, last_day)
        rows = warehouse.query(
            "select r.code, c.meaning, count(*) from {ops}.all_rejections as r "
            "join {ops}.rejection_codes as c using (code) where r.settled_in_batch is null "
            "group by 1, 2, c.precedence order by c.precedence"
        )
    print_table("Rejected records", ("code", "meaning", "records"), rows)
    console.print(_NEXT.format(day=day), soft_wrap=True)
    if session.is_embedded:
        folder = session.settings.duckdb_path.parent / "postgres"
        console.print(_EMBEDDED.format(folder=folder), soft_wrap=True)
    elif session.settings.target == "postgres":
        console.print(_ELSEWHERE)
    return ExitCode.OK


def _sample(session: Session) -> date | None:
    """Make the samples where the landing folder is empty; the last day of the demo's sample, if it is that."""
    landing, memory_limit = session.settings.landing, session.settings.memory_limit
    about = landing / DEMO_FILE
    if not landing.exists() or not any(landing.iterdir()):
        last_day = yesterday()
        report = write_training_sample(landing, last_day=last_day, events=TRAINING_EVENTS, memory_limit=memory_limit)
        console.print(f"Made a sample of {report.users:,} users in {len(report.files)} files below {landing}.")
        made = write_learning_sample(
            landing, last_day=last_day, events=LEARNING_EVENTS, days=LEARNING_DAYS, memory_limit=memory_limit
        )
        console.print(f"Made a sample of {made.learners:,} learners in {len(made.files)} files beside them.")
        about.write_text(json.dumps({"last_day": str(last_day)}) + "\n", encoding="utf-8")
    if not about.exists():
        return None
    return date.fromisoformat(json.loads(about.read_text(encoding="utf-8"))["last_day"])


def demo_key(file: Path) -> str:
    """The demo's key for pseudonyms, kept in a file that only its owner can read; made when it is missing.

    Raises:
        UsageError: others can read the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise UsageError(f"Others can read the demo's key {file}. Run `chmod 600 {file}` and try again.") from None
        return file.read_text(encoding="utf-8").strip()
    key = f"demo-{secrets.token_hex(32)}"
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"{key}\n")
    return key


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
