"""Good records of the areas whose tables take part: those of the example, and ``areas/<area>/records.py``."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import records
from conftest import EXAMPLE, PROJECT

from strata.areas import read_areas

Good = dict[tuple[str, str], Callable[[int], Any]]


def good_records() -> Good:
    """A maker of good records, each from a number, by area and table."""
    found: Good = {(EXAMPLE, table): make for table, make in records.GOOD.items()}
    for area in read_areas(PROJECT):
        module = f"areas.{area}.records"
        if importlib.util.find_spec(module):
            found |= {(area, table): make for table, make in importlib.import_module(module).GOOD.items()}
    return found
