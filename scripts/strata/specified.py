"""What the specifications demand of published tables: names, and columns in order. P-04: no more and no fewer.

Each area says it in ``models/<area>/specified.toml``. The yml of a model is what the project says; this is what it is
held against. A change there is a change of contract.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Specified:
    """Of one area: relations with exactly these ``columns``, and ``names`` that have no exact list."""

    columns: Mapping[str, tuple[str, ...]]
    names: frozenset[str]


def read_specified(project: Path) -> dict[str, Specified]:
    """What is specified, by area."""
    found: dict[str, Specified] = {}
    for file in sorted(project.glob("models/*/specified.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        columns = {name: tuple(listed) for name, listed in content.get("columns", {}).items()}
        found[file.parent.name] = Specified(columns, frozenset(content.get("names", ())))
    return found
