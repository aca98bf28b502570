"""The demo: everything once, and at its end the numbers and what to try next."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from strata.areas import print_kpis
from strata.areas.area import SampleRequest
from strata.errors import ExitCode, UsageError
from strata.session import Session
from strata.terminal import console, print_table

# Beside the warehouse, for both engines; only the demo reads it.
KEY_FILE = "demo-subject-key"
# In the landing folder, where the door passes over names that begin with a dot.
DEMO_FILE = ".demo.json"

_NEXT = (
    "source .venv/bin/activate                    then `strata` is a command",
    "strata rejects list                          what was turned away, and why",
    "make demo                                    again: nothing is new, nothing changes",
)
_ELSEWHERE = "Write STRATA_TARGET=postgres before each of these commands; without it they use the DuckDB warehouse."
_EMBEDDED = (
    _ELSEWHERE + "\nThe embedded PostgreSQL stops now and starts again with each command; its data are in {folder}. "
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
            f"STRATA_SUBJECT_KEY is not set; persons of the sample get pseudonyms under the demo's own key, {file}. "
            "Set a secret of yours for records of real people. Other commands do not read that file; to go on with the "
            f'sample, type: export STRATA_SUBJECT_KEY="$(cat {file})"',
            soft_wrap=True,
        )
    if code := load() or build(last_day):
        return code
    with session.warehouse() as warehouse:
        day = print_kpis(session.areas.values(), warehouse, last_day)
        rows = warehouse.query(
            "select r.code, c.meaning, count(*) from {ops}.all_rejections as r "
            "join {ops}.rejection_codes as c using (code) where r.settled_in_batch is null "
            "group by 1, 2, c.precedence order by c.precedence"
        )
    print_table("Rejected records", ("code", "meaning", "records"), rows)
    hints = [*_NEXT, *(line for area in session.areas.values() for line in area.try_next)]
    console.print("What to try next\n  " + "\n  ".join(hints).format(day=day or yesterday()), soft_wrap=True)
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
        for area in session.areas.values():
            if area.write_sample:
                size = area.demo_events, area.demo_days
                made = area.write_sample(SampleRequest(landing, last_day, *size, memory_limit=memory_limit))
                console.print(f"Made a sample of {made.people} in {made.files} files below {landing / area.name}.")
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
