"""dbt, run inside this process so that one lock and one Ctrl-C hold for both."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from strata.claims import refused
from strata.errors import Stopped, StrataError
from strata.settings import Settings
from strata.warehouse.failures import sentence_for

# The levels of dbt that go into its log.
_LEVELS = {"info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


@dataclass(frozen=True)
class Node:
    """What became of one model, seed or test: pass, success, warn, fail, error or skipped.

    ``claims_query`` is the SQL of a test constraints_hold that failed: its rows are the broken claims.
    """

    name: str
    kind: str
    status: str
    message: str
    unique_id: str = ""
    claims_query: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether the run failed here."""
        return self.status in ("fail", "error", "runtime error")


def parse_project(settings: Settings) -> Any:
    """The project's manifest, for all commands of dbt in this process.

    dbt keeps what it parsed and reads only changed files again, unless the connection looks different: so this one
    has the same name in every process, and each engine has a folder of its own for what is kept.

    Raises:
        Stopped: by Ctrl-C.
        StrataError: the project does not parse.
    """
    arguments = ["parse", "--no-write-json", "--target-path", str(settings.parsed_folder)]
    outcome = _invoke(settings, arguments, lambda name: None, session_name=None)
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise Stopped
    if not outcome.success:
        raise StrataError(f"dbt could not read the project: {str(outcome.exception).strip()}")
    return outcome.result


def run_dbt(
    settings: Settings, arguments: Sequence[str], on_node: Callable[[str], None], manifest: Any = None
) -> list[Node]:
    """Run one dbt command and return its nodes; ``on_node`` hears the name of each as it ends.

    ``manifest`` is one that `parse_project` gave, for many commands on one project; without it dbt reads the project.

    Raises:
        Stopped: by Ctrl-C.
        StrataError: dbt stopped before it ran anything (a model that does not parse, a database that is not there).
        TemporaryError: the disk is full, or the server went away.
    """
    outcome = _invoke(settings, arguments, on_node, manifest, session_name=f"dbt {arguments[0]}")
    results = getattr(outcome.result, "results", None)
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise Stopped
    if results is None:
        said = str(outcome.exception).strip()
        raise sentence_for(said, settings) or StrataError(f"dbt could not start: {said}")
    return [
        _node(item) for item in results if str(item.node.resource_type) != "operation" or str(item.status) != "success"
    ]


def _node(result: Any) -> Node:
    """A node as dbt tells of it; where a table refused a row, with the claim that the row breaks."""
    node, status, said = result.node, str(result.status), str(result.message or "").strip()
    kind = str(node.resource_type)
    test = getattr(node, "test_metadata", None)
    claims_query = node.compiled_code if status == "fail" and test and test.name == "constraints_hold" else ""
    message = (refused(said, node) if kind == "model" else None) or said
    return Node(node.name, kind, status, message, node.unique_id, claims_query)


def _invoke(
    settings: Settings,
    arguments: Sequence[str],
    on_node: Callable[[str], None],
    manifest: Any = None,
    *,
    session_name: str | None,
) -> Any:
    """One dbt command on the settings' warehouse; nothing of it stays open.

    ``session_name`` is what PostgreSQL calls the session; none for a command that opens none.
    """
    settings.duckdb_path.parent.mkdir(parents=True, exist_ok=True)
    values = {"STRATA_DUCKDB_PATH": str(settings.duckdb_path), "STRATA_SCHEMA_PREFIX": settings.schema_prefix}
    if settings.target == "postgres":
        from strata.warehouse.postgres import session_variables

        # The adapter has no setting for these; libpq takes them from the environment.
        values |= session_variables(session_name) if session_name else {"PGAPPNAME": "dbt"}
    # dbt takes over a second to import; commands that do not need it should not wait for it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from strata.dbt_events import hear_less

    hear_less()
    folder = str(settings.project)
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print", "--no-use-colors"]
    where = ["--project-dir", folder, "--profiles-dir", folder, "--target", settings.target]
    try:
        with environment(**values), _log(settings) as log:

            def hear(event: Any) -> None:
                if event.info.name == "NodeFinished":
                    on_node(event.data.node_info.node_name)
                if event.info.level in _LEVELS:
                    log.log(_LEVELS[event.info.level], event.info.msg)

            return dbtRunner(manifest, callbacks=[hear]).invoke([*quiet, *arguments, *where])
    finally:
        # The adapter keeps its file open for the next command; ours open it with settings of their own.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def _log(settings: Settings) -> Iterator[logging.Logger]:
    """`dbt.log`, where dbt keeps it. dbt's own writer forms a line of every debug message, also of those that it leaves
    out, which is a tenth of a run."""
    folder = Path(os.environ.get("DBT_LOG_PATH") or settings.project / "logs")
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "dbt.log", maxBytes=10 << 20, backupCount=5, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s [%(levelname)s] %(message)s"))
    log = logging.Logger("dbt")
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()


@contextlib.contextmanager
def environment(**values: str) -> Iterator[None]:
    """Variables of the environment, for what runs inside."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
