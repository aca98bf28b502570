"""The subject areas, found by folder: each describes itself as ``AREA`` in ``strata/areas/<name>/__init__.py``.

``dbt_project.yml`` lists them in ``vars: areas``, in the order in which people see them. An area that needs nothing of
Python has no folder here.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import yaml

from strata.areas.area import Area, Export
from strata.errors import StrataError, UsageError
from strata.warehouse.base import Warehouse


def read_areas(project: Path) -> dict[str, Area]:
    """The areas that a project lists, by name and in its order."""
    written = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    return {name: _read(name) for name in written.get("vars", {}).get("areas", ())}


def _read(name: str) -> Area:
    module = f"{__name__}.{name}"
    if importlib.util.find_spec(module) is None:
        return Area(name)
    area: Area = importlib.import_module(module).AREA
    return area


def area_with_sample(areas: dict[str, Area], name: str | None) -> Area:
    """The area of that name, or the first one that has a sample.

    Raises:
        UsageError: it has none.
    """
    able = [area for area in areas.values() if area.write_sample]
    found = next((area for area in able if name in (None, area.name)), None)
    if found is None:
        raise UsageError(f"There is no sample of {name!r}. There are: {', '.join(area.name for area in able)}.")
    return found


def export_named(areas: dict[str, Area], name: str) -> Export:
    """The export of that name.

    Raises:
        UsageError: no area has one.
    """
    exports = {key: export for area in areas.values() for key, export in area.exports.items()}
    if name not in exports:
        raise UsageError(f"There is no export {name!r}. There are: {', '.join(sorted(exports)) or 'none'}.")
    return exports[name]


def print_kpis(areas: Iterable[Area], warehouse: Warehouse, day: date | None) -> date | None:
    """Print the KPIs of those areas that have some for a day; the day of the first, none where no area prints any.

    Raises:
        StrataError: no area has any, though some could.
    """
    days: list[date] = []
    failures: list[StrataError] = []
    for area in areas:
        if area.print_kpis:
            try:
                days.append(area.print_kpis(warehouse, day))
            except StrataError as error:
                failures.append(error)
    if failures and not days:
        raise failures[0]
    return days[0] if days else None
