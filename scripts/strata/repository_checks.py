"""What the files of the project must hold to, beside what dbt's manifest can prove: no general file names an area.

An area is added by adding folders: those of its name, and those that its ``AREA.folders`` lists. So models, macros,
tests and code outside the folders of an area find the areas by folder, or by ``vars: areas`` in ``dbt_project.yml``,
and name none. Prose may name them, and so may tests of Python, which take the records of an area as their example.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from strata.areas import read_areas
from strata.areas.area import Area
from strata.errors import ExitCode
from strata.settings import project_folder

# Where the project's own files lie; what else is in its folder (an environment, a warehouse) is nobody's to judge.
_PLACES = ("analyses", "macros", "models", "scripts", "seeds", "snapshots", "tests", "Makefile", "profiles.yml")
_PROSE = ("*.md",)
_TESTS = ("tests/python/**/test_*.py", "tests/python/test_*.py")
_NOT_TEXT = {".pyc", ".parquet", ".zst", ".gz"}


def general_files(project: Path, areas: dict[str, Area]) -> Iterator[Path]:
    """The files that belong to no area, tests of Python and prose apart."""
    further = [folder for area in areas.values() for folder in area.folders]
    for place in _PLACES:
        found = project / place
        for file in [found] if found.is_file() else sorted(found.rglob("*")):
            path = PurePosixPath(file.relative_to(project))
            if not file.is_file() or file.suffix in _NOT_TEXT or ".egg-info" in str(path):
                continue
            is_of_area = bool(set(path.parent.parts) & set(areas)) or any(map(path.is_relative_to, further))
            if not is_of_area and not any(path.match(pattern) for pattern in (*_PROSE, *_TESTS)):
                yield file


def named_areas(project: Path) -> Iterator[tuple[str, int, str]]:
    """Path, line number and area of each place where a general file names an area.

    A name counts where it stands as code does (quoted, in a path or a pattern, behind a dot, or as part of an
    identifier) or beside the word area; the same word in a sentence may be an ordinary one.
    """
    areas = read_areas(project)
    if not areas:
        return
    one = f"(?<![a-z])(?:{'|'.join(areas)})(?![a-z])"
    pattern = re.compile(rf"[\"'/._{{|]({one})|({one})[\"'/._}}|]|area\W+({one})|({one})\W+area", re.IGNORECASE)
    for file in general_files(project, areas):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if found := pattern.search(line):
                yield str(file.relative_to(project)), number, next(name for name in found.groups() if name)


def main() -> int:
    """Check the project; print findings, one a line."""
    findings = list(named_areas(project_folder()))
    for path, number, area in findings:
        print(f"general_files_name_no_area: {path}:{number} names the area {area}")
    if findings:
        return ExitCode.FAILED
    print("No general file names an area.")
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
