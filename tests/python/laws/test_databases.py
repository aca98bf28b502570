"""SQLite files that an application changes under the door: after each load the tables are those of a full refresh."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from areas.product.history import HISTORY

from laws.trials import Trials
from strata.builds.plan import Wanted
from strata.dbt_runner import run_dbt

EVENTS = "analytics_events"
_COLUMNS = (
    "id", "event_type", "event_name", "timestamp", "session_id", "user_id", "properties", "context", "page_url",
    "referrer",
)  # fmt: skip
_FUNNEL = "insert or replace into funnels values ('f', 'orders', null, ?, ?)"
_STEPS = '[{"event_name": "search"}, {"event_name": "order"}]'


class Application:
    """Writes events of a drawn history into its SQLite file. Its tables have no index, so VACUUM numbers rows anew."""

    def __init__(self, path: Path, chance: Random) -> None:
        self.path = path
        records = [record for table, record in HISTORY.draw(chance).records if table == EVENTS]
        self.waiting = [tuple(_cell(record.get(name)) for name in _COLUMNS) for record in records]

    def run(self, *statements: str, events: int = 0) -> None:
        """Some statements, then so many of the events that wait; all in one transaction but for VACUUM."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
            sent, self.waiting = self.waiting[:events], self.waiting[events:]
            connection.execute("begin")
            connection.executemany(f"insert into {EVENTS} values ({', '.join('?' * len(_COLUMNS))})", sent)
            connection.execute("commit")

    def create(self) -> None:
        """A new file in the place of an old one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self.run(
            f"create table {EVENTS} ({', '.join(_COLUMNS)})",
            "create table metrics (id, name, metric_type, value, timestamp, tags, unit)",
            "create table funnels (id primary key, name, description, steps, created_at)",
            f"insert into funnels values ('f', 'orders', null, '{_STEPS}', '2026-03-04 10:00:00')",
        )


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def load_and_build(trials: Trials, path: Path) -> int:
    """What is new in the file comes in and is built; how many rows came in."""
    loaded = trials.session.load(trials.session.files([path]), lambda file: None)
    nodes = trials.session.build_what_is_new(lambda name: None, Wanted(data_tests=False), HISTORY.as_of)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    return sum(item.counts.loaded for item in loaded)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_sqlite_file_of_product_that_changes_ends_as_a_full_refresh(
    engine: str, request: pytest.FixtureRequest
) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    trials.reset()
    trials.areas.add("product")
    application = Application(trials.folder / "application" / "product" / "app.db", Random("databases"))
    application.create()
    some = len(application.waiting) // 5
    application.run(events=some)
    assert load_and_build(trials, application.path) == some + 1
    # The last row is deleted, and its number used again: all rows come once more.
    application.run(f"delete from {EVENTS} where rowid = (select max(rowid) from {EVENTS})", events=some)
    assert load_and_build(trials, application.path) == 2 * some - 1
    # Rows get new numbers, and the funnel another step.
    application.run(f"delete from {EVENTS} where rowid <= 3", "vacuum", events=some)
    changed = _STEPS.replace("order", "page_view")
    application.run(f"update funnels set steps = '{changed}', created_at = '2026-03-05 10:00:00'")
    assert load_and_build(trials, application.path) == 3 * some - 3
    # Another file takes the place of this one, with a funnel that is withdrawn.
    application.create()
    application.run(
        "update funnels set steps = '[]', created_at = '2026-03-06 10:00:00'", events=len(application.waiting)
    )
    load_and_build(trials, application.path)
    trials.keep("steps")
    variables = json.dumps({"as_of": HISTORY.as_of})
    arguments = ["run", "--full-refresh", "--select", "path:models/product", "--vars", variables]
    nodes = run_dbt(trials.session.settings, arguments, lambda name: None, trials.manifest)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    trials.keep("once")
    assert trials.differences("steps", "once") == []
