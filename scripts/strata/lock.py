"""One writer at a time: a lock of our own, held by the process that loads and runs dbt."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from strata.errors import TemporaryError
from strata.settings import Settings

_POLL_SECONDS = 0.2
# Any number will do as long as everybody takes the same.
_ADVISORY_LOCK = 7_201_099


@contextmanager
def writer_lock(settings: Settings, verb: str, wait_seconds: float) -> Iterator[None]:
    """Hold the warehouse's lock; it is let go when the process ends, however it ends.

    Raises:
        TemporaryError: somebody else still holds it after ``wait_seconds``; the message says who.
    """
    hold = _hold_advisory if settings.target == "postgres" else _hold_file
    with hold(settings, verb, wait_seconds):
        yield


@contextmanager
def _hold_file(settings: Settings, verb: str, wait_seconds: float) -> Iterator[None]:
    # A file of its own: opening the warehouse file a second time and closing it would drop DuckDB's own lock.
    path = settings.duckdb_path.with_name(settings.duckdb_path.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        _wait(lambda: _try_file(file), lambda: _file_holder(path), wait_seconds)
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "verb": verb, "since": _now()}, file)
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()


def _try_file(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file_holder(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"`strata {held['verb']}`, process {held['pid']}, since {held['since']} UTC"
    except (ValueError, KeyError):
        return "another process"


@contextmanager
def _hold_advisory(settings: Settings, verb: str, wait_seconds: float) -> Iterator[None]:
    # Only those who use PostgreSQL need its driver.
    from strata.warehouse.postgres import control_connection

    with control_connection(verb) as ask:
        # Tests share one database under schema prefixes of their own; so do their locks.
        key = f"{_ADVISORY_LOCK}, hashtext('{settings.schema_prefix}')"

        def take() -> bool:
            return bool(ask(f"select pg_try_advisory_lock({key})")[0][0])

        def holder() -> str:
            rows = ask(
                "select a.application_name, a.pid, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS') "
                "from pg_locks as l join pg_stat_activity as a on a.pid = l.pid where l.locktype = 'advisory' "
                f"and l.granted and l.classid = {_ADVISORY_LOCK} "
                f"and l.objid::bigint = (hashtext('{settings.schema_prefix}')::bigint & 4294967295)"
            )
            return f"`{rows[0][0]}`, server process {rows[0][1]}, since {rows[0][2]} UTC" if rows else "another process"

        _wait(take, holder, wait_seconds)
        yield


def _wait(take: Callable[[], bool], holder: Callable[[], str], wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while not take():
        if time.monotonic() >= until:
            raise TemporaryError(
                f"The warehouse is being written by {holder()}. Run this again when it is done, or give --wait SECONDS."
            )
        time.sleep(_POLL_SECONDS)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
