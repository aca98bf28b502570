"""Objects of a store, taken in once each: by address and version, before anything is fetched."""

from __future__ import annotations

from strata.door.objects import ObjectFile
from strata.door.screen import Counts
from strata.intake.intake import Intake
from strata.intake.results import Loaded
from strata.warehouse.base import Warehouse


def load_object(warehouse: Warehouse, intake: Intake, file: ObjectFile) -> Loaded:
    """Take an object in, or say in which batch this version of it came; then it is not even fetched."""
    objects, version = warehouse.ops("objects"), file.stat().version
    # Warehouses of an older version know objects of private tables by their plain addresses.
    known = warehouse.execute(
        f"select batch_id from {objects} where object_uri in (?, ?) and version = ?",
        [file.known_uri, file.uri, version],
    )
    if known:
        return Loaded(file, None, Counts(0, 0, 0), known_as=int(known[0][0]))
    try:
        # Before others ask for it, each in a thread of its own.
        _ = file.content
        loaded = intake.load(file)
    finally:
        file.release()
    # If this is not reached, the next load fetches the object once more and knows its content.
    batch = loaded.batch_id if loaded.batch_id is not None else loaded.known_as
    warehouse.execute(f"insert into {objects} values (?, ?, ?)", [file.known_uri, version, batch])
    return loaded
