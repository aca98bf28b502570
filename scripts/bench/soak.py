"""Two hundred days of `strata run`, one after the other, on a history that grows.

Some records come late, some files come twice, and what `<area>/soak.toml` says of each area changes on the way. At the
end every published table must equal that of a warehouse which got all files at once, and that of a full refresh.
Writes docs/soak.md.

    python scripts/bench/soak.py [--days 200] [--events-a-day 600]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from measure import environment, strata

from strata.areas import read_areas
from strata.areas.area import SampleRequest
from strata.settings import project_folder

_LAST_DAY = date(2026, 10, 31)
_PARTS = (
    ".dbtignore",
    "analyses",
    "macros",
    "models",
    "seeds",
    "snapshots",
    "tests",
    "dbt_project.yml",
    "profiles.yml",
)
_LATE_SHARE, _LATEST = 0.03, 20
_REPEATED_EVERY = 9
# The area with the largest demo gets all events of a day, the others their part.
_MOST_EVENTS = 60_000
_EARLY, _LAST = slice(19, 40), slice(-20, None)


@dataclass
class Soak:
    """One run: the folders, the days, and what each day cost."""

    folder: Path
    days: int
    events_a_day: int
    changes: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    chance: Random = field(default_factory=lambda: Random(7))
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        """The day of the first records."""
        return _LAST_DAY - timedelta(days=self.days - 1)

    @property
    def project(self) -> Path:
        """A copy of the project, to be changed on the way."""
        return self.folder / "project"

    def prepare(self) -> None:
        """Copy the project, make the records, and lay them out by the day on which they are delivered."""
        self.project.mkdir()
        for part in _PARTS:
            source = project_folder() / part
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, self.project / part)
        sample = self.folder / "sample"
        for area in read_areas(self.project).values():
            if area.write_sample:
                events = self.days * self.events_a_day * area.demo_events // _MOST_EVENTS
                area.write_sample(SampleRequest(sample, _LAST_DAY, events, self.days, single_file=True))
        for file in sorted(file for file in sample.rglob("*") if file.is_file()):
            self._cut(file, file.relative_to(sample))
        for file in sorted(Path(__file__).parent.glob("*/soak.toml")):
            change = tomllib.loads(file.read_text())
            self.changes[int(change["after_share_of_days"] * self.days)].append(change)

    def _cut(self, file: Path, place: Path) -> None:
        """The lines of a file by the day on which they come; a file of reference data comes on the first day."""
        if file.suffix != ".ndjson":
            self._deliver(file.read_bytes(), place, self.first_day)
            return
        lines: dict[date, list[bytes]] = defaultdict(list)
        day = self.first_day
        for line in file.read_bytes().splitlines(keepends=True):
            found = re.search(rb"20\d\d-\d\d-\d\d", line)
            # Damaged lines may name any day, or one that no calendar has; they come with the line before.
            if found and str(self.first_day) <= found[0].decode() <= str(_LAST_DAY):
                with contextlib.suppress(ValueError):
                    day = date.fromisoformat(found[0].decode())
            lines[self._arrival(day)].append(line)
        for arrival, content in lines.items():
            name = f"{place.stem}-{arrival}.ndjson"
            self._deliver(b"".join(content), place.with_name(name), arrival)

    def _arrival(self, day: date) -> date:
        late = self.chance.randint(1, _LATEST) if self.chance.random() < _LATE_SHARE else 0
        return min(max(day, self.first_day) + timedelta(days=late), _LAST_DAY)

    def _deliver(self, content: bytes, place: Path, day: date) -> None:
        target = self.folder / "deliveries" / str(day) / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def run(self) -> None:
        """Every day: its deliveries, now and then a repeated one, a changed seed or model, and `strata run`."""
        place = self.place("soaked")
        for number in range(self.days):
            day = self.first_day + timedelta(days=number)
            self._receive(number, day, Path(place["STRATA_LANDING"]))
            for change in self.changes[number]:
                file = self.project / change["file"]
                assert change["old"] in file.read_text(), f"{change['file']} does not hold {change['old']}"
                file.write_text(file.read_text().replace(change["old"], change["new"]))
            self._timed("run", "--as-of", str(day), environment=place)
            print(f"  {day}: {self.seconds[-1]:.1f} s, CPU {self.cpu_seconds[-1]:.1f} s", flush=True)

    def _receive(self, number: int, day: date, landing: Path) -> None:
        deliveries = self.folder / "deliveries"
        if (deliveries / str(day)).is_dir():
            shutil.copytree(deliveries / str(day), landing, dirs_exist_ok=True)
        if number and number % _REPEATED_EVERY == 0:
            earlier = deliveries / str(self.first_day + timedelta(days=self.chance.randrange(number)))
            for file in sorted(earlier.rglob("*.ndjson")):
                lines = file.read_bytes().splitlines(keepends=True)
                self.chance.shuffle(lines)
                again = landing / file.relative_to(earlier).with_name(f"again-{number}-{file.name}")
                again.write_bytes(b"".join(lines))

    def _timed(self, *arguments: str, environment: dict[str, str]) -> None:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        self.strata(*arguments, environment=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds.append(time.perf_counter() - started)
        self.cpu_seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

    def strata(self, *arguments: str, environment: dict[str, str]) -> str:
        """The command, in the copy of the project."""
        os.chdir(self.project)
        return strata(*arguments, environment=environment)

    def place(self, name: str, **more: str) -> dict[str, str]:
        """The environment of a warehouse of this run."""
        (self.folder / name / "landing").mkdir(parents=True, exist_ok=True)
        return environment(self.folder / name, STRATA_SUBJECT_KEY="the key of the long run", **more)

    def size(self, name: str) -> int:
        """Bytes of a warehouse file."""
        return (self.folder / name / "strata.duckdb").stat().st_size

    def differences(self) -> list[str]:
        """What a fresh warehouse of the same files, and a full refresh, publish otherwise."""
        soaked = self.place("soaked")
        self.strata(
            "run", "--as-of", str(_LAST_DAY), environment=self.place("fresh", STRATA_LANDING=soaked["STRATA_LANDING"])
        )
        shutil.copytree(self.folder / "soaked", self.folder / "refreshed")
        refreshed = self.place("refreshed")
        self.strata("build", "--all", "--full-refresh", "--as-of", str(_LAST_DAY), environment=refreshed)
        found = []
        for other in ("fresh", "refreshed"):
            files = [str(self.folder / name / "strata.duckdb") for name in ("soaked", other)]
            try:
                said = self.strata("parity", *files, environment={**soaked, "COLUMNS": "200"})
            except subprocess.CalledProcessError as error:
                said = error.stdout or ""
                if "DIFFERENT" not in said:
                    raise
            found += [f"{other}: {line}" for line in said.splitlines() if "DIFFERENT" in line]
        return found


def report(soak: Soak, different: list[str]) -> str:
    """The page docs/soak.md."""
    early, last = (
        [statistics.median(figures[days]) for figures in (soak.seconds, soak.cpu_seconds)] for days in (_EARLY, _LAST)
    )
    tables = "\n".join(f"- {line}" for line in different) or "Every published table is the same in all three."
    return f"""# The long run

Written by `make soak`: {soak.days} days of `strata run` from {soak.first_day} on.

- About {soak.events_a_day} events a day in the largest area, and in each other the part that its demo has of that.
- {_LATE_SHARE:.0%} of the records come up to {_LATEST} days late.
- Every {_REPEATED_EVERY}th day an earlier delivery comes once more, in another order.
- {sum(map(len, soak.changes.values()))} changes of seeds and models on the way.

| | days 20 to 40 | last 20 days | ratio (at most 1.2 is asked) |
|---|---:|---:|---:|
| seconds of a day, median | {early[0]:.1f} | {last[0]:.1f} | {last[0] / early[0]:.2f} |
| CPU seconds of a day, median | {early[1]:.1f} | {last[1]:.1f} | {last[1] / early[1]:.2f} |

Warehouse file: {soak.size("soaked") / 1e6:.1f} MB, built at once {soak.size("fresh") / 1e6:.1f} MB,
{soak.size("soaked") / soak.size("fresh"):.2f} times (at most 1.5 is asked). Days together:
{sum(soak.seconds) / 60:.0f} minutes.

At the end the warehouse was compared with one that got all files at once, and with its own full refresh.

{tables}
"""


def main() -> int:
    """Exit code 1 where a table differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--events-a-day", type=int, default=600)
    arguments = parser.parse_args()
    docs = project_folder() / "docs"
    with tempfile.TemporaryDirectory(prefix="strata-soak-") as name:
        soak = Soak(Path(name), arguments.days, arguments.events_a_day)
        soak.prepare()
        soak.run()
        different = soak.differences()
        said = report(soak, different)
    print(said)
    (docs / "soak.md").write_text(said, encoding="utf-8")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
