"""Processes that write, as an application would: Python text with the names of strata.track at hand."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

from conftest import PROJECT

_HEAD = """
import os, random, signal, sys, threading, time
sys.path.insert(0, {scripts!r})
from strata.track import EventBuilder, MetricBuilder, Writer

def event(number):
    return EventBuilder.track("written").property("number", number).build()

landing = sys.argv[1]
"""


def start(landing: Path, code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process of its own; ``sys.argv[2:]`` are the arguments."""
    text = _HEAD.format(scripts=str(PROJECT / "scripts")) + textwrap.dedent(code)
    command = [sys.executable, "-c", text, str(landing), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(landing: Path, code: str, *arguments: object, code_of_exit: int = 0) -> str:
    """Runs a process to its end and gives what it printed."""
    process = start(landing, code, *arguments)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == code_of_exit, errors
    return out


def files(landing: Path, table: str = "analytics_events") -> list[Path]:
    """Files that the door would load, by name."""
    return sorted((landing / "product" / table).glob("[!._]*"))


def parts(landing: Path, table: str = "analytics_events") -> list[Path]:
    """Files that are still being written, or were left behind."""
    return sorted((landing / "product" / table).glob(".*"))


def records(landing: Path, table: str = "analytics_events") -> list[dict[str, Any]]:
    """What the door would load. Every file has whole lines only, and some."""
    found = []
    for file in files(landing, table):
        content = file.read_bytes()
        assert content.endswith(b"\n"), f"{file.name} ends within a line"
        found += [json.loads(line) for line in content.splitlines()]
    assert all(count == 1 for count in Counter(record["id"] for record in found).values()), "a record came twice"
    return found


def numbers(landing: Path) -> list[int]:
    """The numbers of the events that the door would load, sorted."""
    return sorted(record["properties"]["number"] for record in records(landing))
