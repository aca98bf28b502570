"""The histories of all areas, found by folder: `HISTORY` in `tests/python/areas/<area>/history.py`."""

from __future__ import annotations

import importlib
from pathlib import Path

from laws.histories import History

_AREAS = Path(__file__).parents[1] / "areas"
HISTORIES: dict[str, History] = {
    file.parent.name: importlib.import_module(f"areas.{file.parent.name}.history").HISTORY
    for file in sorted(_AREAS.glob("*/history.py"))
}
