"""A run that is killed leaves no session behind that still writes, and nothing half committed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from engines import folder_of_a_server, new_prefix, session_for
from records import ORG_HEADER, event, ndjson, team

from strata.session import Session
from strata.warehouse.postgres import control_connection

_MODEL = "int_training__duplicate_records"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None) -> Session:
    """A warehouse with one built model, and events that wait to be built."""
    session = session_for("postgres", tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    for name, table, content in (("o.csv", "org_scope", ORG_HEADER + team()), ("a.ndjson", "event_log", _events(0))):
        path = tmp_path / "landing" / "training" / table / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    session.load(session.files([]), lambda item: None)
    nodes = session.build(
        ["--select", "stg_training__org_scope", _MODEL, "--exclude-resource-types", "test", "unit_test"],
        lambda name: None,
    )
    assert [node.status for node in nodes] == ["success", "success"]
    (tmp_path / "landing" / "training" / "event_log" / "b.ndjson").write_bytes(_events(50))
    return session


def _events(start: int) -> bytes:
    return ndjson(event(n, userId=f"u-{n % 3}") for n in [*range(start, start + 100), *range(start, start + 10)])


@contextmanager
def blocked(ask: Callable[[str], list[tuple[Any, ...]]], relation: str) -> Iterator[None]:
    """Nobody gets past this table while the context lasts."""
    ask("begin")
    ask(f"lock table {relation} in access exclusive mode")
    try:
        yield
    finally:
        ask("rollback")


def sessions_of(ask: Callable[[str], list[tuple[Any, ...]]], pid: int, extra: str = "") -> list[tuple[Any, ...]]:
    return ask(
        "select pid, application_name, state, wait_event_type, left(query, 60) from pg_stat_activity "
        f"where application_name like '%pid={pid}' {extra}"
    )


def until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("verb", ["load", "build"])
def test_a_killed_run_leaves_no_session_that_writes(built: Session, verb: str, how: signal.Signals) -> None:
    prefix = built.settings.schema_prefix
    if verb == "build":
        built.load(built.files([]), lambda item: None)
    table = f"{prefix}ops.rejections" if verb == "load" else f"{prefix}staging_training.{_MODEL}"
    # A session that waits for a lock writes when it gets it, client or no client, unless it looks for its client.
    command = ["load"] if verb == "load" else ["build", "--select", _MODEL]
    before = (
        f"select (select max(batch_id) from {prefix}ops.batches), (select batch_id from {prefix}ops.watermarks "
        f"where model_name like '%.{_MODEL}')"
    )
    with control_connection("test") as ask, control_connection("watch") as watch:
        state = watch(before)
        count = watch(f"select count(*) from {prefix}raw_training.event_log")
        with (
            blocked(ask, table),
            subprocess.Popen([sys.executable, "-m", "strata", *command], stdout=subprocess.DEVNULL) as process,
        ):
            waiting = "and wait_event_type = 'Lock' and state = 'active'"
            try:
                assert until(lambda: bool(sessions_of(watch, process.pid, waiting)), 60)
                os.kill(process.pid, how)
                assert until(lambda: not sessions_of(watch, process.pid), 6), sessions_of(watch, process.pid)
            finally:
                # Whoever waits for the lock would never end, and the test would wait for it.
                process.kill()
        assert watch(before) == state
        assert watch(f"select count(*) from {prefix}raw_training.event_log") == count
    # The same command once more does what was left.
    done = subprocess.run([sys.executable, "-m", "strata", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    with control_connection("test") as ask:
        [(batch, watermark)] = ask(before)
        assert batch == 3
        assert watermark == (3 if verb == "build" else 2)
        assert ask(f"select count(*) from {prefix}raw_training.event_log") == [(220,)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_embedded_server_ends_with_its_command(how: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    with folder_of_a_server() as folder:
        session_for("postgres", folder, folder / "landing", monkeypatch)
        monkeypatch.delenv("PGHOST", raising=False)
        pid_file = folder / "postgres" / "postmaster.pid"
        with subprocess.Popen(
            [sys.executable, "-m", "strata", "build"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert until(lambda: "ready" in (pid_file.read_text() if pid_file.exists() else ""), 60)
            server = int(pid_file.read_text().split()[0])
            time.sleep(2)
            process.send_signal(how)
            said = process.communicate(timeout=60)[0]
        # Python itself ends by SIGINT when it was interrupted while it imported; a shell says 130 to both.
        assert process.returncode in (130, -signal.SIGINT), said
        assert "Stopped" in said
        assert until(lambda: not Path(f"/proc/{server}").exists(), 10)
