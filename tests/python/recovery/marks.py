"""Makes a run say in a `Progress` page how far it is. Nothing else about the run changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from recovery.progress import Progress

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_WRITES = re.compile(r"\s*(insert|update|delete|create|alter|drop|copy)\b", re.IGNORECASE)


def writes(sql: str) -> bool:
    """Whether a statement writes; of several in one text the first tells."""
    return bool(_WRITES.match(_COMMENT.sub("", sql)))


def mark_door(progress: Progress) -> None:
    """The door's transactions and what it writes in them, on both engines."""
    from strata.door.screen import Screening
    from strata.warehouse.duckdb import DuckDBWarehouse
    from strata.warehouse.postgres import PostgresWarehouse

    for kind in (DuckDBWarehouse, PostgresWarehouse):
        _around(kind, "execute", progress, writes)
        _mark_transaction(kind, progress)
    _around(DuckDBWarehouse, "append", progress)
    _around(PostgresWarehouse, "_copy", progress)
    # On PostgreSQL files are screened in memory.
    _around(Screening, "_with_records", progress, lambda sql: sql.startswith("insert into raw_"))
    close: Any = DuckDBWarehouse.close

    def marked_close(self: Any, *, is_clean: bool) -> None:
        progress.closing()
        close(self, is_clean=is_clean)

    DuckDBWarehouse.close = marked_close  # type: ignore[method-assign]


def mark_dbt(progress: Progress) -> None:
    """dbt's transactions and what it writes in them, on both engines."""
    from dbt.adapters.sql import SQLConnectionManager

    begin, commit, add_query = (getattr(SQLConnectionManager, name) for name in ("begin", "commit", "add_query"))

    def marked_begin(self: Any) -> Any:
        done = begin(self)
        progress.began()
        return done

    def marked_commit(self: Any) -> Any:
        done = commit(self)
        progress.ended()
        return done

    def marked_add_query(self: Any, sql: str, *rest: Any, **named: Any) -> Any:
        done = add_query(self, sql, *rest, **named)
        if writes(sql):
            progress.wrote()
        return done

    SQLConnectionManager.begin = marked_begin
    SQLConnectionManager.commit = marked_commit
    SQLConnectionManager.add_query = marked_add_query


def _around(kind: Any, name: str, progress: Progress, counts: Callable[[str], bool] | None = None) -> None:
    """Mark a method that writes when it is done; where ``counts`` is given, only for SQL that it says yes to."""
    original = getattr(kind, name)

    def marked(self: Any, *arguments: Any, **named: Any) -> Any:
        done = original(self, *arguments, **named)
        if counts is None or any(isinstance(text, str) and counts(text) for text in arguments):
            progress.wrote()
        return done

    setattr(kind, name, marked)


def _mark_transaction(kind: Any, progress: Progress) -> None:
    original = kind.transaction

    @contextmanager
    def marked(self: Any) -> Iterator[None]:
        try:
            with original(self):
                progress.began()
                yield
        finally:
            progress.ended()

    kind.transaction = marked
