"""Faults to plant in a run: a proof that does not see them would prove nothing."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from typing import Any

import duckdb


def plant(name: str, manifest: Any) -> None:
    """Put a fault into this process, or into dbt's manifest, which holds the text of the macros.

    Behind a colon may stand what the fault wants to know. ``none`` is none.
    """
    fault, _, detail = name.partition(":")
    _FAULTS[fault](manifest, detail)


def _none(manifest: Any, detail: str) -> None:
    pass


def _rows_apart_from_their_batch(manifest: Any, detail: str) -> None:
    """The rows of a file are committed, and then, in a transaction of its own, the row of the ledger."""
    from strata.warehouse.duckdb import DuckDBWarehouse

    ship = DuckDBWarehouse.ship

    def ship_and_commit(self: Any, *arguments: Any) -> None:
        ship(self, *arguments)
        self.execute("commit")
        self.execute("begin transaction")

    DuckDBWarehouse.ship = ship_and_commit  # type: ignore[method-assign]


def _batch_counted_before_its_rows(manifest: Any, detail: str) -> None:
    """The row of the ledger is committed first, and then the rows of the file."""
    from strata.warehouse.postgres import PostgresWarehouse

    execute, ship = PostgresWarehouse.execute, PostgresWarehouse.ship
    shipped: list[Any] = []

    def ship_later(self: Any, *arguments: Any) -> None:
        shipped[:] = arguments

    def execute_and_ship(self: Any, sql: str, parameters: Any = ()) -> Any:
        rows = execute(self, sql, parameters)
        if sql.startswith("insert into") and ".batches values" in sql:
            self._con.commit()
            ship(self, *shipped)
        return rows

    # Without this, parts of a file are sent as they are screened.
    PostgresWarehouse.part_staged = lambda self, contract: None  # type: ignore[method-assign]
    PostgresWarehouse.ship = ship_later  # type: ignore[method-assign]
    PostgresWarehouse.execute = execute_and_ship  # type: ignore[method-assign]


def _watermark_apart_from_its_rows(manifest: Any, detail: str) -> None:
    """A model's watermark is committed first, and then its rows."""
    from dbt_common.clients.jinja import template_cache

    macro = manifest.macros["macro.strata.record_watermark"]
    words = "where model_name = '{{ this.schema }}.{{ this.identifier }}';"
    assert words in macro.macro_sql
    # A transaction that begins in the middle must begin like the one that it cuts in two.
    level = " isolation level repeatable read" if os.environ["STRATA_TARGET"] == "postgres" else ""
    macro.macro_sql = macro.macro_sql.replace(words, f"{words} commit; begin transaction{level};")
    template_cache.clear()


def _checkpoint_aborts(manifest: Any, detail: str) -> None:
    """DuckDB's own switch for its tests: no checkpoint comes further than to this point."""
    connect = duckdb.connect

    def connect_and_set(*arguments: Any, **named: Any) -> Any:
        con = connect(*arguments, **named)
        con.execute(f"set debug_checkpoint_abort = '{detail}'")
        return con

    duckdb.connect = connect_and_set


def _files_are_small(manifest: Any, detail: str) -> None:
    """No file can be written past so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(detail), int(detail)))


_FAULTS: dict[str, Callable[[Any, str], None]] = {
    "none": _none,
    "rows apart from their batch": _rows_apart_from_their_batch,
    "a batch counted before its rows": _batch_counted_before_its_rows,
    "a watermark apart from its rows": _watermark_apart_from_its_rows,
    "checkpoints abort": _checkpoint_aborts,
    "files are small": _files_are_small,
}
