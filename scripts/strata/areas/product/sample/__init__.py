"""The sample of the area product: two months of an invented workshop, where users write specs for missions.

In it is what the rules are about: sessions with and without an id, over midnight and with long pauses, visitors who
identify in the middle or never, two users in one session, a link that is withdrawn, bots, releases, funnels, late,
repeated and conflicting records, and a few damaged ones. Nobody in it is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from strata.areas.product.sample.damage import DAMAGED_RECORDS
from strata.areas.product.sample.files import write_files
from strata.areas.product.sample.measures import metrics_of
from strata.areas.product.sample.story import Story
from strata.errors import UsageError

_MIN_EVENTS, _MIN_DAYS, _MAX_DAYS = 100, 2, 3650


@dataclass(frozen=True)
class ProductSample:
    """What was written: files, records by table (copies and damaged ones included), damaged ones, and users."""

    files: list[Path]
    records: dict[str, int]
    damaged: int
    users: int


def write_product_sample(
    landing: Path,
    *,
    last_day: date,
    events: int = 20_000,
    days: int = 60,
    seed: int = 7,
    single_file: bool = False,
    memory_limit: str = "2GB",
) -> ProductSample:
    """Writes files below ``landing/product``; equal parameters give equal records, and another ``last_day`` alone
    gives the same records so many days later.

    Args:
        landing: landing folder; made where it is missing.
        last_day: last UTC date on which a session begins.
        events: about how many events; metrics come on top, about half as many.
        days: length of the period in days.
        seed: another seed is another workshop.
        single_file: one NDJSON file for each table, and no damaged records.
        memory_limit: not needed here.

    Raises:
        UsageError: a parameter is out of range.
    """
    if events < _MIN_EVENTS or not _MIN_DAYS <= days <= _MAX_DAYS:
        raise UsageError(f"A product sample has at least {_MIN_EVENTS} events and {_MIN_DAYS} to {_MAX_DAYS} days.")
    chance = Random(seed)
    story = Story(chance, last_day, days)
    told = story.tell(events)
    measured = metrics_of(chance, told)
    files, records = write_files(landing / "product", chance, told, measured, last_day, single_file=single_file)
    return ProductSample(files, records, 0 if single_file else DAMAGED_RECORDS, story.users)
