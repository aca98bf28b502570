"""No import runs up: each package of strata imports those below it, never one beside or above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "scripts" / "strata"
# From the top down. What stands in one line does not know each other.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("demo", "building"),
    ("session", "repository_checks"),
    ("areas",),
    ("terminal", "exports"),
    ("builds",),
    ("dbt_runner", "jobs", "lock", "parity", "intake", "unpublished"),
    ("claims", "dbt_events"),
    ("published", "door", "warehouse"),
    ("manifest_checks",),
    ("meta_checks", "work_checks"),
    ("checks",),
    ("manifest",),
    ("specified", "reference", "embedded", "places"),
    ("contract",),
    ("grammars",),
    ("rules", "settings"),
    ("errors", "track"),
)
RANKS = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def part_of(module: str) -> str:
    """The package or module right below strata that a module belongs to."""
    return module.split(".")[1]


def imports_of(file: Path) -> Iterator[str]:
    """The modules of strata that a file imports, in functions and for type checkers too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("strata."))
        elif isinstance(node, ast.ImportFrom) and node.module == "strata":
            yield from (f"strata.{name.name}" for name in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("strata."):
            yield str(node.module)


def imports_that_run_up(package: Path) -> list[str]:
    """Each import of a package that is not below the one it stands in."""
    found = []
    for file in sorted(package.rglob("*.py")):
        own = file.relative_to(package).parts[0].removesuffix(".py")
        for module in imports_of(file):
            other = part_of(module)
            if other != own and RANKS[other] <= RANKS[own]:
                found.append(f"{file.relative_to(package)} imports {module}")
    return found


def test_every_part_has_its_place() -> None:
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert parts - {"__init__"} == set(RANKS)


def test_no_import_runs_up() -> None:
    assert imports_that_run_up(PACKAGE) == []


@pytest.mark.parametrize(
    ("place", "statement"),
    [("warehouse/duckdb.py", "from strata.intake.intake import Intake"),
     ("door/files.py", "import strata.warehouse.base"),
     ("intake/intake.py", "def late() -> None:\n    from strata.session import Session"),
     ("contract.py", "from strata import reference")],
)  # fmt: skip
def test_an_import_that_runs_up_is_found(place: str, statement: str, tmp_path: Path) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{statement}\n", encoding="utf-8")
    assert len(imports_that_run_up(tmp_path)) == 1


def test_an_area_knows_no_other() -> None:
    areas = PACKAGE / "areas"
    for folder in (path for path in areas.iterdir() if path.is_dir() and path.name != "__pycache__"):
        foreign = {
            module
            for file in folder.rglob("*.py")
            for module in imports_of(file)
            if module.startswith("strata.areas.") and module.split(".")[2] not in (folder.name, "area")
        }
        assert foreign == set()
