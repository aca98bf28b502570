"""Any file that was found, taken in as its kind wants it."""

from __future__ import annotations

from collections.abc import Iterator

from strata.door.database import DatabaseFile
from strata.door.files import DataFile
from strata.intake.databases import load_database
from strata.intake.intake import Intake
from strata.intake.objects import ObjectFile, load_object
from strata.intake.results import Loaded
from strata.warehouse.base import Warehouse


def take_in(warehouse: Warehouse, intake: Intake, file: DataFile) -> Iterator[Loaded]:
    """What each part of a file came to: a database has several tables, any other file is one part."""
    match file:
        case DatabaseFile():
            yield from load_database(warehouse, intake, file)
        case ObjectFile():
            yield load_object(warehouse, intake, file)
        case _:
            yield intake.load(file)
