"""A process that has imported and parsed everything, and forks a child for every command: a kill costs a second.

Started by `recovery.commands`; reads one order a line from its standard input and answers each with two lines: the
child's process id when it starts, its exit code when it has ended. The child is the command as a user starts it, but
for the marks of `recovery.marks`, a manifest that is parsed already, and a planted fault where a test asks for one.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from recovery.faults import plant
from recovery.marks import mark_dbt, mark_door
from recovery.progress import Progress


def serve(page: Path) -> None:
    """Fork a child for every order until the input ends."""
    import dbt.cli.main
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    import strata.__main__
    import strata.warehouse.duckdb
    import strata.warehouse.postgres
    from strata.dbt_runner import parse_project
    from strata.settings import read_settings

    progress = Progress(page)
    manifest = parse_project(read_settings())
    mark_door(progress)
    mark_dbt(progress)
    runner = dbt.cli.main.dbtRunner
    start: Any = runner.__init__

    def with_manifest(self: Any, known: Any = None, callbacks: Any = None) -> None:
        start(self, known or manifest, callbacks)

    runner.__init__ = with_manifest  # type: ignore[method-assign]

    def run(arguments: list[str]) -> int:
        program, *rest = arguments
        if program == "strata":
            return strata.__main__._run(rest)
        try:
            return 0 if dbt.cli.main.dbtRunner().invoke(rest).success else 1
        finally:
            progress.closing()
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]

    _say(ready=os.getpid())
    for order in map(json.loads, sys.stdin):
        progress.reset()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            plant(order["fault"], manifest)
            _become(order, partial(run, order["arguments"]))
        _say(pid=pid, started=started)
        _, status, usage = os.wait4(pid, 0)
        _say(code=os.waitstatus_to_exitcode(status), ended=time.monotonic(), peak_kilobytes=usage.ru_maxrss)


def _become(order: dict[str, Any], run: Callable[[], int]) -> None:
    """In the child: its own output, environment and limits; then the command; never back."""
    code = 70
    try:
        target = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for stream in (1, 2):
            os.dup2(target, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["environment"])
        code = run()
        sys.stdout.flush()
        sys.stderr.flush()
        atexit._run_exitfuncs()
    finally:
        os._exit(code)


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
