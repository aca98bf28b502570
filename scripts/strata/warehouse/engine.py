"""The DuckDB in which files are screened."""

from __future__ import annotations

import duckdb

from strata.settings import Settings


def door_connection(settings: Settings, database: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection set up for the door: bounded memory, a place to spill, UTC."""
    con = duckdb.connect(
        database,
        config={
            "storage_compatibility_version": "v1.5.0",
            "memory_limit": settings.memory_limit,
            "temp_directory": str(settings.temp_directory),
            # The order of rows in a raw table means nothing; keeping it costs memory and time.
            "preserve_insertion_order": False,
        },
    )
    con.execute("set TimeZone = 'UTC'")
    return con
