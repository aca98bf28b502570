"""The command as a user meets it: sentences, exit codes, and what Ctrl-C leaves behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from records import ORG_HEADER, event, line, ndjson, team

from strata.__main__ import _run
from strata.terminal import console

Run = Callable[..., tuple[int, str, str]]
VERBS = ("sample", "load", "build", "run", "status", "rejects", "kpis", "export", "demo")


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in the project: exit code, output, errors."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = _run(list(arguments))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call


def put(project: Path, content: bytes, name: str = "a.ndjson", table: str = "event_log") -> Path:
    path = project / "landing" / "training" / table / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def ask(project: Path, sql: str) -> Any:
    with duckdb.connect(str(project / "warehouse" / "strata.duckdb")) as connection:
        [(value,)] = connection.execute(sql).fetchall()
        return value


def sentence(text: str) -> str:
    """The error as said: one line that names the command and ends like a sentence."""
    [said] = [row for row in text.splitlines() if row.startswith("strata:")]
    assert said.rstrip().endswith((".", "!"))
    return said


def test_help_in_the_order_of_the_day(run: Run) -> None:
    code, said, _ = run("--help")
    assert code == 0
    places = [re.search(rf"^\W*{verb}\s", said, re.MULTILINE) for verb in VERBS]
    assert all(places)
    assert [place.start() for place in places if place] == sorted(place.start() for place in places if place)
    assert "75 try again later" in said


def test_the_version(run: Run) -> None:
    code, said, _ = run("--version")
    assert code == 0
    assert re.fullmatch(r"strata \d+\.\d+\.\d+\n", said)


@pytest.mark.parametrize(
    "verb",
    [*((verb,) for verb in VERBS), ("rejects", "list"), ("rejects", "show"), ("rejects", "replay")],
    ids=" ".join,
)  # fmt: skip
def test_help_of_each_verb(run: Run, verb: tuple[str, ...]) -> None:
    code, said, _ = run(*verb, "--help")
    assert code == 0
    assert "Usage: strata " + " ".join(verb) in said


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("load", "--fast"), ("sample", "--events", "7"), ("sample", "--days", "x"), ("rejects", "show"),
     ("kpis", "--date", "yesterday"), ("rejects", "list", "--limit", "0"), ("export", "insights"), ("load", "nowhere"),
     ("export", "nothing", "--date", "2026-03-04"), ("sample", "--area", "nothing"), ("kpis", "--area", "nothing"),
     ("load",), ("rejects", "show", "7"), ("rejects", "show", "1:1"),
     ("rejects", "list", "--table", "training.nothing"), ("build", "--from", "2026-10-01"),
     ("build", "--from", "2026-10-02", "--to", "2026-10-01"), ("build", "--from", "today", "--to", "2026-10-01"),
     ("build", "--all", "--select", "agg_region"), ("build", "--plan", "--from", "2026-10-01", "--to", "2026-10-02"),
     ("build", "--full-refresh", "--from", "2026-10-01", "--to", "2026-10-02"),
     ("rejects", "replay", "--table", "ops.batches"), ("rejects", "show", "'; drop:1")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2_and_a_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    code, _, said = run(*arguments)
    assert code == 2
    assert said.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [("STRATA_TARGET", "oracle"), ("STRATA_SCHEMA_PREFIX", "A;"), ("STRATA_SCHEMA_PREFIX", "a" * 22),
     ("STRATA_MEMORY_LIMIT", "lots"), ("STRATA_MEMORY_LIMIT", "2GB'; drop")],
)  # fmt: skip
def test_settings_that_cannot_be(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    code, _, said = run("status")
    assert code == 2
    assert name in sentence(said)


def test_a_day_at_the_door(run: Run, project: Path) -> None:
    assert "Nothing was loaded yet" in run("status")[1]
    assert "Nothing is rejected" in run("rejects", "list")[1]
    put(project, ndjson([event(1), event(2, eventType="dance"), event(3, scope=None)]))
    put(project, ORG_HEADER + team(), "o[1].csv", "org_scope")
    code, said, _ = run("load")
    assert code == 0
    assert "2 new files, 2 rows" in said
    assert re.search(r"E_SCHEMA_MISMATCH\s+1", said)
    assert re.search(r"E_SCOPE_MISSING\s+1", said)
    code, said, _ = run("load")
    assert (code, "2 of 2 files were loaded before and changed nothing" in said) == (0, True)
    code, said, _ = run("rejects", "list", "--code", "E_SCHEMA_MISMATCH")
    identity = re.search(r"\d+:2\b", said)
    assert identity
    assert "1 of 1" in said
    code, said, _ = run("rejects", "show", identity.group())
    assert code == 0
    assert "eventType must be listed in the seed training_event_types." in said
    assert json.loads(said[said.index("{") :]) == event(2, eventType="dance")
    with (project / "seeds/training/training_event_types.csv").open("a", encoding="utf-8") as stream:
        stream.write("dance,false,false,false,false\n")
    assert re.search(r"training\.event_log\s+2\s+1", run("rejects", "replay")[1])
    assert re.search(r"training\.event_log\s+1\s+0", run("rejects", "replay")[1])
    code, said, _ = run("status")
    assert code == 0
    assert re.search(r"training\.event_log\s+2\s+2", said)
    assert ask(project, "select count(*) from raw_training.event_log") == 2


def test_status_counts_records_of_days_to_come(run: Run, project: Path) -> None:
    put(project, line(event(1)))
    assert run("load")[0] == 0
    assert "after today" not in run("status")[1]
    put(project, ndjson([event(number, timestamp="2099-01-01T00:00:00Z") for number in (2, 3)]), "b.ndjson")
    assert run("load")[0] == 0
    said = " ".join(run("status")[1].split())
    assert re.search(r"after today \(\d{4}-\d\d-\d\d, UTC\).*: training\.event_log 2\.", said)


def test_strict_is_3_when_something_is_rejected(run: Run, project: Path) -> None:
    path = put(project, line(event(1)))
    assert run("load", "--strict", str(path))[0] == 0
    put(project, line(event(2, userId=None)), "b.ndjson")
    assert run("load", "--strict")[0] == 3


def test_a_broken_contract_is_2_and_names_the_file(run: Run, project: Path) -> None:
    put(project, line(event(1)))
    contract = project / "models/training/contracts/event_log.yml"
    contract.write_text(contract.read_text(encoding="utf-8").replace("not_null", "unique", 1), encoding="utf-8")
    code, _, said = run("load")
    assert code == 2
    assert "event_log.yml" in sentence(said)


def test_a_full_disk_is_75(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(project, line(event(1)))
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 100})())
    code, _, said = run("load")
    assert code == 75
    assert "0.0 MB free" in sentence(said)


def test_a_warehouse_that_is_none_is_1(run: Run, project: Path) -> None:
    put(project, line(event(1)))
    path = project / "warehouse" / "strata.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 1000)
    code, _, said = run("load")
    assert code == 1
    assert "strata.duckdb" in sentence(said)


def test_a_damaged_warehouse_is_1(run: Run, project: Path) -> None:
    put(project, ndjson([event(1), event(2)]))
    assert run("load")[0] == 0
    with duckdb.connect(str(project / "warehouse" / "strata.duckdb")) as connection:
        connection.execute("delete from raw_training.event_log where _line_number = 1")
    for verb in (("load",), ("build",), ("run",), ("status",), ("rejects", "replay")):
        code, _, said = run(*verb)
        assert (verb, code) == (verb, 1)
        assert "holds 1 rows, its batches brought 2" in sentence(said)


def test_exports_before_the_first_build_are_1(run: Run) -> None:
    for arguments in (("kpis",), ("export", "insights", "--date", "2026-03-04")):
        code, _, said = run(*arguments)
        assert code == 1
        assert "strata build" in sentence(said)


def test_outside_of_a_project(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("strata.settings.__file__", str(tmp_path / "a" / "b" / "settings.py"))
    code, _, said = run("status")
    assert code == 2
    assert "dbt_project.yml is missing" in sentence(said)


# A load that says when it is in the middle of a file, and takes its time there.
SLOW = """
import sys, time
from pathlib import Path
from strata.door import lines
from strata.__main__ import _run
lines._CHUNK_BYTES = 1 << 16
plain, calls = lines.LineReader._batch, []
def slow(self, *arguments):
    calls.append(1)
    if len(calls) == 40:
        Path(sys.argv[1]).touch()
    if len(calls) > 40:
        time.sleep(0.05)
    return plain(self, *arguments)
lines.LineReader._batch = slow
sys.exit(_run(["load"]))
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_stop_in_the_middle_of_a_file_costs_a_rerun(
    run: Run, project: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    put(project, line(event(0)), "a.ndjson")
    text = line(event(1))
    count = 20_000
    put(project, b"".join(text.replace(b'"u-1"', b'"u-%d"' % number) for number in range(count)), "b.ndjson")
    marker = tmp_path / "in the middle"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STRATA_")}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(marker)], cwd=project, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not marker.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, process.communicate()
        process.send_signal(sign)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in said
    if sign == signal.SIGINT:
        assert (process.returncode, said) == (130, said)
        assert "Stopped." in said
    else:
        assert process.returncode != 0
    # Of the file nothing was kept; the one before it was whole.
    assert ask(project, "select count(*) from raw_training.event_log") == 1
    assert ask(project, "select count(*) from ops.batches") == 1
    code, said, _ = run("load")
    assert code == 0
    assert "1 of 2 files were loaded before" in said
    assert ask(project, "select count(*) from raw_training.event_log") == count + 1
    assert ask(project, "select count(distinct user_id) from raw_training.event_log") == count


def test_the_module_runs_by_itself(project: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STRATA_")}
    done = subprocess.run(
        [sys.executable, "-m", "strata", "load"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert sentence(done.stderr).startswith("strata: There is no")


def test_status_says_what_no_table_can_hold(run: Run, project: Path) -> None:
    put(project, line(event(1)))
    run("load")
    assert "no published table" not in run("status")[1]
    with duckdb.connect(str(project / "warehouse" / "strata.duckdb")) as connection:
        connection.execute(
            "create table ops.unpublished as select 'learning' as area, 'session_metrics' as table_name, "
            "'session_too_long' as reason from range(3)"
        )
    code, said, _ = run("status")
    assert code == 0
    assert re.search(r"learning.session_metrics\s+session_too_long\s+3", said)


def learned(**fields: Any) -> bytes:
    """An event of the area learning, as a line."""
    record = {
        "learner_id": "learner_4711", "event_type": "page_view", "event_id": "e1", "session_id": "sess-1",
        "timestamp": "2026-03-05T10:30:00Z", "data": {"page": "/a"}, "metadata": None, "version": "1.0",
    }  # fmt: skip
    return json.dumps(record | fields, separators=(",", ":")).encode() + b"\n"


@pytest.fixture
def subject_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
    # Sentences in a table stay on one line, whatever terminal the tests run in.
    monkeypatch.setattr(console, "width", 200)


@pytest.mark.usefixtures("subject_key")
def test_a_load_says_what_of_the_records_was_not_stored_and_why(run: Run, project: Path) -> None:
    folder = project / "landing" / "learning" / "raw_events"
    folder.mkdir(parents=True)
    payload = {"mood": 1, "element": "AKIAIOSFODNN7EXAMPLE", "score": "x", "page": "/a b"}
    (folder / "1.ndjson").write_bytes(learned(session_id="sess-learner_4711", data=payload) + learned(event_id="e2"))
    code, said, _ = run("load")
    assert code == 0
    assert "ops.values_not_stored" in said
    rows = [line.split() for line in said.splitlines() if line.strip().startswith("learning.raw_events")]
    assert [row[-1] for row in rows] == ["0", "1", "1", "1", "1", "1"]
    for why in (
        "form of a secret",
        "not on the allow-list",
        "does not have its form",
        "stands as :id",
        "under a pseudonym",
    ):
        assert why in said
    (folder / "2.ndjson").write_bytes(learned(event_id="e3"))
    assert "not stored" not in run("load")[1]


@pytest.mark.usefixtures("subject_key")
@pytest.mark.parametrize(
    ("line_of", "said_of"),
    [
        (learned(event_type="video_start"), "What is kept of the record: persons under pseudonyms"),
        (learned(owner="Jane Canary"), "a replay skips"),
        (b"{Jane Canary\n", "Nothing of the record is kept"),
    ],
)
def test_of_a_record_of_a_person_it_is_said_what_is_kept(run: Run, project: Path, line_of: bytes, said_of: str) -> None:
    folder = project / "landing" / "learning" / "raw_events"
    folder.mkdir(parents=True)
    (folder / "1.ndjson").write_bytes(line_of)
    run("load")
    _, said, _ = run("rejects", "show", "1:1")
    assert said_of in said
    assert "as it came" not in said
    assert "Canary" not in said


@pytest.mark.parametrize(
    ("content", "number", "said_of"),
    [
        (b"{}\n", 1, "The record as it came:"),
        (b"\xff\n", 1, "The record as it came, in base64:"),
        (b"\xff\xfe{\x00", 0, "The file as it came, in base64:"),
        (b"\xff\xfe" + b"{\x00" * 700_000, 0, "The file as it came is kept beside the warehouse, at:"),
    ],
)
def test_of_any_other_record_it_is_said_how_it_is_kept(
    run: Run, project: Path, content: bytes, number: int, said_of: str
) -> None:
    put(project, content)
    run("load")
    assert said_of in run("rejects", "show", f"1:{number}")[1]
