"""learning.etl_job_status: every load and every run of dbt, also the failed ones and one killed half way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engines import PROJECT, copy_of_the_project, new_prefix, session_for
from records import event, line

from strata.errors import StrataError, UsageError
from strata.session import Session
from strata.settings import Settings

_SELECT = ["--select", "etl_job_status", "--exclude-resource-types", "test", "unit_test"]
_NUMBERS = ("records_processed", "records_failed", "bytes_processed")
_COLUMNS = ", ".join(["job_type", "status", *(f"cast({name} as bigint)" for name in _NUMBERS)])
_COLUMNS += ", error_message, cast(retry_count as bigint)"


@pytest.fixture(params=["duckdb", "postgres"])
def session(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    if request.param == "postgres":
        request.getfixturevalue("postgres_server")
    return session_for(request.param, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())


def put(session: Session, content: bytes, name: str) -> Path:
    path = session.settings.landing / "training" / "event_log" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def jobs(session: Session) -> list[tuple[Any, ...]]:
    """The jobs in their order; the view must be there."""
    with session.warehouse() as warehouse:
        schema = session.settings.schema("learning")
        return warehouse.execute(f"select {_COLUMNS} from {schema}.etl_job_status order by started_at")


def test_loads_and_runs_are_jobs(session: Session) -> None:
    files = session.files([put(session, line(event(1)) + b"\n{\n", "a.ndjson")])
    session.load(files, lambda item: None)
    session.load(files, lambda item: None)
    session.build(_SELECT, lambda name: None)
    first, again, run = jobs(session)
    assert first[:6] == ("load", "completed", 2, 1, files[0].path.stat().st_size, None)
    assert again[:6] == ("load", "completed", 0, 0, 0, None)
    # The view is read after the run; while it runs it says so of itself. A run that builds views takes nothing in.
    assert run[:6] == ("dbt build", "completed", 0, 0, 0, None)
    assert [row[6] for row in (first, again, run)] == [0, 0, 0]


def test_a_run_says_how_much_it_took_in(session: Session) -> None:
    """What its models were the first to take into account; the records of another area are none of theirs."""
    size = 0
    for name, content in (("a.ndjson", line(event(1)) + line(event(2))), ("b.ndjson", line(event(3)) + b"{\n")):
        session.load(session.files([put(session, content, name)]), lambda item: None)
        size += len(content)
    staged = ["--select", "stg_training__org_scope", "int_training__duplicate_records", "etl_job_status"]
    listed = ["--select", "int_learning__duplicate_events", "learning_event_types"]
    for chosen in (staged, staged, listed, [*staged, "--full-refresh"]):
        session.build([*chosen, "--exclude-resource-types", "test", "unit_test"], lambda name: None)
    runs = [row for row in jobs(session) if row[0] == "dbt build"]
    assert [row[1:5] for row in runs] == [
        ("completed", 3, 0, size),
        ("completed", 0, 0, 0),
        ("completed", 0, 0, 0),
        ("completed", 3, 0, size),
    ]


def test_a_run_that_cannot_start_is_a_job_too(session: Session, tmp_path: Path) -> None:
    session.build(_SELECT, lambda name: None)
    broken = copy_of_the_project(tmp_path)
    (broken / "models" / "ops" / "unpublished.sql").write_text("select {{ ref('nobody') }}", encoding="utf-8")
    other = Session(replace(session.settings, project=broken))
    for _ in range(2):
        with pytest.raises(StrataError, match="nobody"):
            other.build([], lambda name: None)
    _, first, second = jobs(session)
    assert (first[:2], second[:2]) == (("dbt build", "failed"),) * 2
    assert "nobody" in first[5]
    assert [first[6], second[6]] == [0, 1]


def test_a_job_that_fails_says_why_and_the_next_counts_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    file = session.files([put(session, line(event(1)), "a.ndjson")])[0]
    gone = replace(file, path=file.path.with_name("gone.ndjson"))
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            session.load([gone], lambda item: None)
    monkeypatch.setattr("strata.intake.intake.Intake.load", refuse)
    with pytest.raises(StrataError):
        session.load([file], lambda item: None)
    monkeypatch.undo()
    session.build(_SELECT, lambda name: None)
    loads = [row for row in jobs(session) if row[0] == "load"]
    assert [row[1] for row in loads] == ["failed"] * 3
    assert [row[5] for row in loads] == ["FileNotFoundError", "FileNotFoundError", "Not today."]
    assert [row[6] for row in loads] == [0, 1, 2]


def refuse(*_: object) -> None:
    raise UsageError("Not today.")


def test_a_run_that_fails_names_the_node(session: Session) -> None:
    learning = ["--select", "path:models/learning", "path:seeds/learning"]
    session.build([*learning, "--exclude-resource-types", "test", "unit_test"], lambda name: None)
    with session.warehouse() as warehouse:
        schema = session.settings.schema("staging_learning")
        warehouse.execute(f"drop table {schema}.int_learning__touched_sequences")
    nodes = session.build(["--select", "mastery_deltas", "--exclude-resource-types", "unit_test"], lambda name: None)
    assert [node for node in nodes if node.is_bad]
    *_, run = jobs(session)
    assert run[:2] == ("dbt build", "failed")
    assert "mastery_deltas" in run[5]


_KILLED = """
import os, sys, time
from pathlib import Path
from strata.intake.intake import Intake
from strata.session import Session
def wait(self, file):
    Path(sys.argv[1]).touch()
    time.sleep(60)
Intake.load = wait
session = Session.start()
session.load(session.files([]), lambda item: None)
"""


def test_a_killed_load_is_found_and_closed(session: Session, tmp_path: Path) -> None:
    put(session, line(event(1)), "a.ndjson")
    started = tmp_path / "started"
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "scripts")}
    process = subprocess.Popen([sys.executable, "-c", _KILLED, str(started)], cwd=PROJECT, env=environment)
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(3 if session.settings.target == "postgres" else 0)
    session.build(_SELECT, lambda name: None)
    killed, run = jobs(session)
    assert killed[:2] == ("load", "failed")
    assert "killed" in killed[5]
    assert run[:2] == ("dbt build", "completed")


def test_a_running_load_is_left_alone(postgres_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who runs dbt by hand meanwhile, on a server, must not call a living job dead."""
    settings: Settings = session_for("postgres", tmp_path, tmp_path / "l", monkeypatch, prefix=new_prefix()).settings
    session = Session(settings)
    with session.warehouse() as warehouse:
        name = warehouse.execute("select current_setting('application_name')")[0][0]
        for job_id, process in (("living", name), ("dead", "strata door pid=0")):
            warehouse.execute(
                f"insert into {warehouse.ops('jobs')} (job_id, job_type, status, process, started_at, retry_count, "
                "updated_at) values (?, 'load', 'running', ?, now(), 0, now())",
                [job_id, process],
            )
        session.build(_SELECT, lambda node: None)
        rows = dict(warehouse.execute(f"select job_id, status from {warehouse.ops('jobs')} where job_type = 'load'"))
    assert rows == {"living": "running", "dead": "failed"}
