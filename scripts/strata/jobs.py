"""Every load and replay as a row of ``ops.jobs``, also the failed and the killed ones.

dbt writes those of its runs; of a run that fails before dbt can, ``record_failure`` does.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from strata.errors import StrataError
from strata.warehouse.base import Warehouse

FOUND_DEAD = "The process ended without reporting a result; it was killed, or its machine stopped."
_LONGEST_MESSAGE = 500


@dataclass
class Job:
    """What a job has done so far; written when it ends."""

    processed: int = 0
    failed: int = 0
    size: int = 0

    def add(self, processed: int, failed: int, size: int = 0) -> None:
        """Count records and bytes."""
        self.processed += processed
        self.failed += failed
        self.size += size


@contextlib.contextmanager
def job(warehouse: Warehouse, kind: str) -> Iterator[Job]:
    """Run what is inside as a job of this type. Whoever opens one has the right to write, so that no other one runs."""
    close_dead(warehouse)
    job_id = _begin(warehouse, kind, _now())
    done = Job()
    try:
        yield done
    except BaseException as error:
        # A connection that is lost takes no more orders; the next job will find this one.
        with contextlib.suppress(Exception):
            _end(warehouse, job_id, done, "failed", _said(error))
        raise
    _end(warehouse, job_id, done, "completed", None)


def record_failure(warehouse: Warehouse, kind: str, began: datetime, error: StrataError) -> None:
    """Write down that a run of dbt ended without a word of its own, whether or not it got as far as its first hook.

    ``began`` is the instant before it was started (UTC, without a zone).
    """
    rows = warehouse.execute(
        f"select job_id from {warehouse.ops('jobs')} where job_type = ? and started_at >= ? and status = 'running'",
        [kind, began],
    )
    job_id = str(rows[0][0]) if rows else _begin(warehouse, kind, began)
    _end(warehouse, job_id, Job(), "failed", _said(error))


def close_dead(warehouse: Warehouse) -> None:
    """Close the jobs that are running by the table and by nobody else."""
    is_dead = "status = 'running'"
    if not warehouse.is_duckdb:
        # A file of DuckDB has room for one process; a server knows whose sessions are open.
        is_dead += " and process not in (select application_name from pg_stat_activity where application_name <> '')"
    warehouse.execute(
        f"update {warehouse.ops('jobs')} set status = 'failed', error_message = ?, completed_at = ?, updated_at = ? "
        f"where {is_dead}",
        [FOUND_DEAD, (now := _now()), now],
    )


def _begin(warehouse: Warehouse, kind: str, at: datetime) -> str:
    job_id = uuid4().hex
    warehouse.execute(
        f"insert into {warehouse.ops('jobs')} (job_id, job_type, status, process, started_at, retry_count, updated_at) "
        f"values (?, ?, 'running', ?, ?, {_retries(warehouse)}, ?)",
        [job_id, kind, _process(warehouse), at, kind, kind, at],
    )
    return job_id


def _retries(warehouse: Warehouse) -> str:
    jobs = warehouse.ops("jobs")
    return (
        f"(select count(*) from {jobs} where job_type = ? and status = 'failed' and started_at > coalesce("
        f"(select max(started_at) from {jobs} where job_type = ? and status = 'completed'), timestamp '1970-01-01'))"
    )


def _end(warehouse: Warehouse, job_id: str, done: Job, status: str, message: str | None) -> None:
    warehouse.execute(
        f"update {warehouse.ops('jobs')} set status = ?, completed_at = ?, records_processed = ?, records_failed = ?, "
        "bytes_processed = ?, error_message = ?, updated_at = ? where job_id = ?",
        [status, (now := _now()), done.processed, done.failed, done.size, message, now, job_id],
    )


def _process(warehouse: Warehouse) -> str:
    if warehouse.is_duckdb:
        return f"strata pid={os.getpid()}"
    return str(warehouse.execute("select current_setting('application_name')")[0][0])


def _said(error: BaseException) -> str:
    """What may be written down of an error: ours are sentences, others might quote a record."""
    if isinstance(error, KeyboardInterrupt):
        return "Stopped by the user."
    return str(error)[:_LONGEST_MESSAGE] if isinstance(error, StrataError) else type(error).__name__


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
