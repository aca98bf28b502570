"""A small training history, built once per test session, for tests that damage it.

The history holds what the rules are about: two versions, a move between teams, an exact duplicate, a conflicting copy,
a record out of scope and a rejection. It is written straight into the raw tables; the door has tests of its own.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from damaged import Claims, compiled_tests
from engines import PROJECT

TEAMS = {
    "seoul_1": ("apac", "kr", "seoul", "Asia/Seoul"),
    "seoul_2": ("apac", "kr", "seoul", "Asia/Seoul"),
    "busan_1": ("apac", "kr", "busan", "Asia/Seoul"),
    "berlin_1": ("emea", "de", "berlin", "Europe/Berlin"),
}
FIRST_DAY = datetime(2025, 3, 1, 3)  # noon in Seoul


@dataclass(frozen=True)
class TrainingWarehouse:
    """A built warehouse: its claims, which are all named tests, and dbt's manifest."""

    claims: Claims
    manifest: Path


def scope(team: str) -> dict[str, str]:
    region, country, branch, _ = TEAMS[team]
    return {"region_id": region, "country_id": country, "branch_id": branch, "team_id": team}


class History:
    """Collects rows per raw table; ids count up so that a failing test names the same record every time."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {"event_log": [], "interaction_log": [], "session_log": []}
        self.ids = 0

    def next_id(self) -> str:
        self.ids += 1
        return f"00000000-0000-4000-8000-{self.ids:012d}"

    def event(self, user: str, team: str, at: datetime, event_type: str, **fields: Any) -> dict[str, Any]:
        row = {
            "event_id": self.next_id(),
            "timestamp": at,
            "user_id": user,
            "event_type": event_type,
            **scope(team),
            **fields,
        }
        self.rows["event_log"].append(row)
        return row

    def session(self, user: str, team: str, at: datetime, engine: str, **fields: Any) -> None:
        session_id = self.next_id()
        row = {
            "session_id": session_id,
            "user_id": user,
            "engine": engine,
            "start_time": at,
            "end_time": at + timedelta(seconds=90),
            "duration_sec": 90.0,
            "turn_count": 3,
            **scope(team),
            **fields,
        }
        self.rows["session_log"].append(row)
        versions = {name: row.get(name) for name in ("module_version", "scenario_version", "prompt_version")}
        self.rows["interaction_log"].append(
            {
                "interaction_id": self.next_id(),
                "session_id": session_id,
                "timestamp": at,
                "user_id": user,
                "engine": engine,
                "input": "hello",
                "trait_activation": ["bold"],
                "upsell_triggered": False,
                **versions,
                **scope(team),
            }
        )


def small_history() -> History:
    history = History()
    for day in range(3):
        noon = FIRST_DAY + timedelta(days=day)
        version = "m1" if day < 2 else "m2"
        for user, team in (("ann", "seoul_1" if day < 2 else "seoul_2"), ("bob", "busan_1"), ("cem", "berlin_1")):
            history.event(user, team, noon, "login")
            history.event(
                user, team, noon + timedelta(minutes=1), "module_start", module_id="intro", module_version=version
            )
            history.event(
                user, team, noon + timedelta(minutes=9), "module_complete", module_id="intro", module_version=version
            )
            history.session(
                user,
                team,
                noon + timedelta(minutes=10),
                "saleslab",
                outcome="success",
                upsell_attempts=1,
                upsell_success=day != 1,
                scenario_version="s1",
                prompt_version="p1",
            )
            history.session(
                user,
                team,
                noon + timedelta(minutes=20),
                "quiz",
                correct_answers=2,
                outcome="success" if user == "ann" else "fail",
                module_version=version,
            )
    ann_claims = history.event("ann", "seoul_1", FIRST_DAY, "reward_claim", action="mentor")
    events = history.rows["event_log"]
    events.append(dict(events[0]))
    events.append({**ann_claims, "timestamp": FIRST_DAY + timedelta(hours=1)})
    lost = history.event("eve", "seoul_1", FIRST_DAY, "module_start", module_id="intro", module_version="m1")
    lost["branch_id"] = "nowhere"
    return history


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        connection.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", list(row.values()))


def load_small_history(path: Path) -> None:
    tables = small_history().rows
    tables["org_scope"] = [
        {**scope(team), "timezone": timezone, "valid_from": datetime(2024, 1, 1).date()}
        for team, (*_, timezone) in TEAMS.items()
    ]
    with duckdb.connect(path) as connection:
        for batch_id, (table, rows) in enumerate(tables.items(), start=1):
            event_time = {"session_log": "start_time", "org_scope": None}.get(table, "timestamp")
            for line_number, row in enumerate(rows, start=1):
                row |= {"_batch_id": batch_id, "_line_number": line_number}
                if event_time:
                    row["_event_date"] = row[event_time].date()
            insert(connection, f"raw_training.{table}", rows)
            rejected = 1 if table == "event_log" else 0
            ledger = {
                "batch_id": batch_id,
                "area": "training",
                "table_name": table,
                "kind": "file",
                "file_name": f"{table}.ndjson",
                "file_digest": f"{batch_id:064x}",
                "file_bytes": 1,
                "records_in": len(rows) + rejected,
                "records_loaded": len(rows),
                "records_rejected": rejected,
                "loaded_at": datetime(2025, 4, 1),
            }
            insert(connection, "ops.batches", [ledger])
        insert(
            connection,
            "ops.rejections",
            [
                {
                    "batch_id": 1,
                    "line_number": 99,
                    "area": "training",
                    "table_name": "event_log",
                    "file_name": "event_log.ndjson",
                    "code": "E_SCHEMA_MISMATCH",
                    "reason": "unknown_field",
                    "message": "The contract knows no field mood.",
                    "reasons": "[]",
                    "rejected_at": datetime(2025, 4, 1),
                }
            ],
        )
        record = {"batch_id": 1, "line_number": 99, "record": "{}", "record_encoding": "text"}
        insert(connection, "ops.rejected_records", [record])


def run_dbt(path: Path, *arguments: str) -> None:
    """Runs dbt on a warehouse of its own; raises with dbt's output when it fails."""
    command = [
        sys.executable,
        "-m",
        "dbt.cli.main",
        *arguments,
        "--target-path",
        str(path.parent / "target"),
        "--log-path",
        str(path.parent / "logs"),
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
    ]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("STRATA_", "DBT_"))}
    environment |= {"STRATA_TARGET": "duckdb", "STRATA_DUCKDB_PATH": str(path)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stdout[-5000:] + done.stderr[-2000:])


@pytest.fixture(scope="session")
def training_warehouse(tmp_path_factory: pytest.TempPathFactory) -> TrainingWarehouse:
    path = tmp_path_factory.mktemp("training") / "small.duckdb"
    run_dbt(path, "seed")
    load_small_history(path)
    folders = ("training", "ops")
    chosen = ["resource_type:model", *(f"path:tests/{folder}" for folder in folders)]
    run_dbt(path, "build", "--select", *chosen, "--indirect-selection", "empty")
    names = [file.stem for folder in folders for file in (PROJECT / "tests" / folder).glob("*.sql")]
    target = path.parent / "target"
    return TrainingWarehouse(Claims(path, compiled_tests(target, names)), target / "manifest.json")
