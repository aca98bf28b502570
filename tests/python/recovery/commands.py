"""Commands that a test can kill: the test's side of `recovery.fork_server`."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recovery.progress import Progress

_HERE = Path(__file__).parents[1]
_LONGEST_SECONDS = 300


@dataclass
class Ended:
    """How a command ended: its exit code (minus the signal that killed it), what it said, and when."""

    code: int
    said: str
    started: float
    ended: float


@dataclass
class Running:
    """A command that works."""

    pid: int
    started: float
    commands: Commands
    handle: int = -1

    def __post_init__(self) -> None:
        # By its handle no other process can be meant, whatever became of the number.
        self.handle = os.pidfd_open(self.pid)

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return bool(select.select([self.commands.server.stdout], [], [], 0)[0])

    def kill(self) -> None:
        """SIGKILL, if it is not over."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def wait(self) -> Ended:
        """Until it has ended, which it must."""
        if not select.select([self.commands.server.stdout], [], [], _LONGEST_SECONDS)[0]:
            self.kill()
            raise AssertionError(f"still at work: {self.commands.output.read_text(encoding='utf-8')}")
        answer = self.commands.answer()
        self.commands.running = None
        os.close(self.handle)
        said = self.commands.output.read_text(encoding="utf-8", errors="replace")
        return Ended(answer["code"], said, self.started, answer["ended"])


@dataclass
class Commands:
    """A fork server, on the warehouse that the environment names when it is started."""

    progress: Progress
    output: Path
    server: subprocess.Popen[str]
    running: Running | None = None

    @classmethod
    @contextmanager
    def served(cls, folder: Path, project: Path) -> Iterator[Commands]:
        """A server for as long as the context lasts, with its files in ``folder``; commands run in ``project``."""
        page = folder / "progress"
        paths = [str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
        with (folder / "server.log").open("w") as errors, subprocess.Popen(
            [sys.executable, "-m", "recovery.fork_server", str(page)], cwd=project,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "300"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as server:  # fmt: skip
            commands = cls(Progress(page), folder / "said", server)
            assert "ready" in commands.answer()
            yield commands
            assert server.stdin is not None
            server.stdin.close()
            server.wait(60)

    def start(self, *arguments: str, fault: str = "none", **environment: str) -> Running:
        """Start ``strata …`` or ``dbt …``; one at a time. ``fault`` names one of `recovery.faults`."""
        if self.running:  # a test failed and left it
            self.running.kill()
            self.running.wait()
        order = {"arguments": arguments, "output": str(self.output), "environment": environment, "fault": fault}
        assert self.server.stdin is not None
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        answer = self.answer()
        self.running = Running(answer["pid"], answer["started"], self)
        return self.running

    def run(self, *arguments: str, fault: str = "none", **environment: str) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments, fault=fault, **environment).wait()

    def answer(self) -> dict[str, Any]:
        """The server's next line."""
        assert self.server.stdout is not None
        text = self.server.stdout.readline()
        assert text, f"the fork server is gone; see {self.output.with_name('server.log')}"
        answer: dict[str, Any] = json.loads(text)
        return answer
