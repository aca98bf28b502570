"""Two at once, on both engines: nothing comes twice, and who has to wait or leave is told why."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from engines import enter, new_prefix, session_for
from proof_report import IS_LONG, Proofs
from records import ORG_HEADER, event, ndjson, session, team

from strata.lock import writer_lock
from strata.session import Session
from strata.warehouse.open import open_warehouse

ROUNDS = 10 if IS_LONG else 1
_MODELS = "models/training/staging"
_TABLES = (
    "raw_training.event_log", "raw_training.session_log", "staging_training.int_training__duplicate_records",
    "staging_training.int_training__touched_user_days", "staging_training.stg_training__event_log",
    "staging_training.stg_training__session_log",
)  # fmt: skip
# What dbt says where it lost: DuckDB's file is open elsewhere; PostgreSQL's table was made by the other meanwhile.
_CLEAR = re.compile(r"Could not set lock on file .* \(PID \d+\)|already exists|duplicate key value|tuple concurrently")


@dataclass
class World:
    """A warehouse to write to by two at once, and one that is written quietly."""

    busy: Session
    quiet: Session
    patch: pytest.MonkeyPatch

    def enter(self, which: Session) -> None:
        enter(which.settings, self.patch)

    def put(self, name: str, table: str, content: bytes) -> None:
        path = self.busy.settings.landing / "training" / table / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def put_round(self, number: int) -> None:
        """New events and sessions, copies of earlier events among them, some with other content."""
        events = [
            event(
                number * 100 + n, userId=f"u-{n % 7}", timestamp=f"2026-03-{n % 5 + 1:02}T{n % 24:02}:15:00Z",
                eventType="module_start" if n % 3 else "module_complete", context__moduleId=f"m-{n % 4}",
            )
            for n in range(60)
        ]  # fmt: skip
        copies = [{**events[n], "eventId": event((number - 1) * 100 + n)["eventId"]} for n in range(0, 10)]
        self.put(f"{number}.ndjson", "event_log", ndjson([*events, *copies]))
        self.put(f"{number}.ndjson", "session_log", ndjson(session(number * 100 + n) for n in range(20)))

    def rows(self, which: Session) -> dict[str, Counter[tuple[Any, ...]]]:
        with open_warehouse(which.settings, which.contracts, which.seeds) as warehouse:
            prefix = which.settings.schema_prefix
            return {
                table: Counter(tuple(map(str, row)) for row in warehouse.execute(f"select * from {prefix}{table}"))
                for table in _TABLES
            }


@pytest.fixture(params=["duckdb", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: None) -> Iterator[World]:
    """Both warehouses with the organisation and a first round in it, built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "300")
        # Models only: some tests of staging ask models after it, which are not built here.
        patch.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "test unit_test")
        sessions = []
        for name in ("busy", "quiet"):
            folder = tmp_path / name
            folder.mkdir()
            opened = session_for(request.param, folder, tmp_path / "landing", patch, prefix=new_prefix())
            sessions.append(Session(replace(opened.settings)))
        made = World(sessions[0], sessions[1], patch)
        made.put("org.csv", "org_scope", ORG_HEADER + team())
        made.put_round(1)
        made.enter(made.busy)
        made.busy.load(made.busy.files([]), lambda item: None)
        nodes = made.busy.build(["--select", "training_engines", _MODELS], lambda name: None)
        assert [node for node in nodes if node.is_bad] == []
        target_path = Path(os.environ["DBT_TARGET_PATH"])
        shutil.copytree(target_path, target_path.with_name("other-target"))
        yield made


def twice(world: World, command: list[str]) -> list[tuple[int, str]]:
    """Run a command two times at once: exit codes and all that was said. dbt works in folders of its own each time."""
    world.enter(world.busy)
    folder = world.busy.settings.duckdb_path.parent
    running = []
    for name in (Path(os.environ["DBT_TARGET_PATH"]).name, "other-target"):
        paths = {"DBT_TARGET_PATH": str(folder / name), "DBT_LOG_PATH": str(folder / f"logs-{name}")}
        running.append(
            subprocess.Popen(
                command,
                cwd=world.busy.settings.project,
                env={**os.environ, **paths},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    outcomes = [(process.communicate(timeout=600)[0], process.returncode) for process in running]
    # dbt shows where it came from when DuckDB's file is taken, and only then what it is; ours must not.
    assert not any("Traceback" in said for said, _ in outcomes if "strata" in command)
    return [(code, said) for said, code in outcomes]


def strata(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "strata", *arguments]


def dbt(world: World, *arguments: str) -> list[str]:
    program = str(Path(sys.executable).with_name("dbt"))
    return [program, *arguments, "--profiles-dir", ".", "--target", world.busy.settings.target, "--no-use-colors"]


def catch_up(world: World) -> None:
    """One plain rerun; and the quiet warehouse gets the same, one after the other."""
    for which in (world.busy, world.quiet):
        world.enter(which)
        which.load(sorted(which.files([]), key=_in_order), lambda item: None)
        nodes = which.build(["--select", "training_engines", _MODELS], lambda name: None)
        assert [node for node in nodes if node.is_bad] == []


def _in_order(file: Any) -> tuple[int, str]:
    return int(file.path.stem) if file.path.stem.isdigit() else 1, file.name


@pytest.mark.proof
def test_two_at_once_double_nothing(world: World, proofs: Proofs) -> None:
    said_by_losers = []
    for number in range(2, 2 * ROUNDS + 2):
        world.put_round(number)
        loads = twice(world, strata("load", "--wait", "300"))
        assert [code for code, _ in loads] == [0, 0], loads
        if number % 2:
            said_by_losers += [said for code, said in twice(world, dbt(world, "build", "--select", _MODELS)) if code]
        else:
            builds = twice(world, strata("build", "--wait", "300", "--select", _MODELS))
            assert [code for code, _ in builds] == [0, 0], builds
    assert [said for said in said_by_losers if not _CLEAR.search(said)] == []
    if world.busy.settings.target == "postgres":
        assert said_by_losers == [], "on PostgreSQL the second waits for each table and has nothing left to do"
    catch_up(world)
    busy, quiet = world.rows(world.busy), world.rows(world.quiet)
    for table in _TABLES:
        assert sum(quiet[table].values()) > 0, table
        assert busy[table] == quiet[table], table
    rounds = {f"rounds_of_two_{command}": ROUNDS for command in ("strata_load", "strata_build", "dbt_build")}
    proofs.count("two at once", world.busy.settings.target, **rounds, of_them_left_with_a_sentence=len(said_by_losers))


@pytest.mark.parametrize("target", ["duckdb", "postgres"])
@pytest.mark.parametrize("verb", ["load", "build"])
def test_the_loser_leaves_with_75_and_names_the_holder(
    target: str, verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    held = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    with writer_lock(held.settings, "nightly run", 0):
        done = subprocess.run(strata(verb, "--wait", "0.3"), capture_output=True, text=True, check=False)
    assert done.returncode == 75, done
    assert "nightly run" in done.stderr
    assert re.search(rf"\b{os.getpid()}\b", done.stderr)
    assert "--wait" in done.stderr


@pytest.mark.parametrize("target", ["duckdb", "postgres"])
def test_the_lock_is_free_when_its_holder_is_killed(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    held = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    script = (
        "import time\nfrom strata.lock import writer_lock\nfrom strata.settings import read_settings\n"
        "with writer_lock(read_settings(), 'doomed', 0):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.kill()
    with writer_lock(held.settings, "next", 5):
        pass
