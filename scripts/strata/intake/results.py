"""What a load and a replay come to."""

from __future__ import annotations

from dataclasses import dataclass

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.screen import Counts


@dataclass(frozen=True)
class Loaded:
    """What a load of one file came to. ``known_as`` is the earlier batch of the same content, or none."""

    file: DataFile
    batch_id: int | None
    counts: Counts
    known_as: int | None = None


@dataclass(frozen=True)
class Replayed:
    """What a replay of one table came to. ``batch_id`` is none where nothing could be loaded."""

    contract: Contract
    batch_id: int | None
    tried: int
    loaded: int
