"""Plain dbt on a warehouse that nobody has built or loaded, as somebody would type it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from engines import PROJECT, new_prefix, session_for
from proof_report import IS_LONG

from strata.settings import TARGETS

# ops is about the records of all areas.
AREAS = sorted(folder.parent.name for folder in PROJECT.glob("models/*/contracts") if folder.parent.name != "ops")


def dbt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The program itself, in the project's folder, with the environment of the test."""
    program = str(Path(sys.executable).with_name("dbt"))
    return subprocess.run([program, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("target", TARGETS)
def test_an_empty_warehouse(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    # This compiles all there is, too.
    done = dbt("docs", "generate")
    assert done.returncode == 0, done.stdout[-2000:]
    done = dbt("test")
    assert done.returncode != 0
    assert "Nothing is built in this warehouse yet" in done.stdout
    assert "Run `dbt build` first" in done.stdout
    done = dbt("build", "--exclude-resource-types", "test", "unit_test")
    assert done.returncode == 0, done.stdout[-2000:]
    # Unit tests run end to end; so do data tests on PostgreSQL.
    chosen = ["--exclude-resource-types", "unit_test"] if target == "duckdb" else ["--select", "kpi_training_daily"]
    done = dbt("test", *chosen)
    assert done.returncode == 0, done.stdout[-2000:]


# What an area names is the same on each engine; the long form builds every area on both.
_ALONE = [
    (area, target) for area in AREAS for target in TARGETS if IS_LONG or (target == "postgres") == (area == AREAS[0])
]


@pytest.mark.proof
@pytest.mark.parametrize(("area", "target"), _ALONE)
def test_one_area_in_a_warehouse_that_has_never_seen_another(
    area: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    done = dbt("build", "--select", area, "--exclude-resource-types", "unit_test")
    assert done.returncode == 0, done.stdout[-2000:]
