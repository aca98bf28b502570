"""What an area can add to the command: a sample, KPIs to print, exports, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from strata.warehouse.base import Warehouse


@dataclass(frozen=True)
class SampleRequest:
    """What a sample shall be: about so many ``events`` in ``days`` days up to ``last_day``, from a seed."""

    landing: Path
    last_day: date
    events: int
    days: int
    seed: int = 7
    single_file: bool = False
    memory_limit: str = "2GB"

    def arguments(self) -> dict[str, Any]:
        """All of it by name, for a function that writes a sample."""
        return dict(vars(self))


@dataclass(frozen=True)
class SampleMade:
    """What a sample is: ``records`` by table, as <area>.<table>, how many files, and whom it is about.

    ``people`` says it in words, such as 812 users. ``notes`` are sentences about it and what to do next.
    """

    records: Mapping[str, int]
    files: int
    people: str
    notes: tuple[str, ...] = ()


# Writes marts of a day to a folder; the file and how many documents or rows it holds.
Export = Callable[[Warehouse, date, Path], tuple[Path, int]]


@dataclass(frozen=True)
class Area:
    """One subject area, as ``strata/areas/<name>/__init__.py`` describes it. All but the name may be missing.

    ``demo_events`` and ``demo_days`` are the size of its sample in the demo. ``print_kpis`` prints the KPIs of a day,
    or of the last one, and returns that day. ``notes`` are sentences for `strata status`. ``try_next`` are lines for
    the end of the demo, in which ``{day}`` stands for its last day. ``folders`` are folders of the project that belong
    to the area without bearing its name.
    """

    name: str
    write_sample: Callable[[SampleRequest], SampleMade] | None = None
    demo_events: int = 0
    demo_days: int = 0
    print_kpis: Callable[[Warehouse, date | None], date] | None = None
    exports: Mapping[str, Export] = field(default_factory=dict)
    notes: Callable[[Warehouse], list[str]] | None = None
    try_next: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
