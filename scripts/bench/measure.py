"""What the benchmarks share: a process of its own for every measurement, with its time and peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Wall-clock seconds, peak resident memory (MB) and CPU seconds of one piece of work."""

    seconds: float
    peak_mb: float
    cpu_seconds: float


def in_process(work: Callable[[], None]) -> Measured:
    """Run the work in a forked child, so that its memory is its own.

    Raises:
        RuntimeError: the work failed.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            started = time.perf_counter()
            work()
            seconds = time.perf_counter() - started
            used = resource.getrusage(resource.RUSAGE_SELF)
            measured = [seconds, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime]
            os.write(write, json.dumps(measured).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        raise RuntimeError("the measured work failed")
    return Measured(*json.loads(answer))


def strata(*arguments: str, environment: dict[str, str]) -> str:
    """Run the strata command; its standard output.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "strata", *arguments],
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        done.check_returncode()
    return done.stdout


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings of a warehouse and a landing folder of its own."""
    return {
        "STRATA_DUCKDB_PATH": str(folder / "strata.duckdb"),
        "STRATA_LANDING": str(folder / "landing"),
        "STRATA_TARGET": "duckdb",
        **more,
    }


def enter(folder: Path) -> None:
    """Work in this process with a warehouse, a landing folder and dbt's output of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= environment(folder, DBT_TARGET_PATH=str(folder / "target"), DBT_LOG_PATH=str(folder / "logs"))
