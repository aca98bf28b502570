"""`CONTRIBUTING.md`, "Add an area", followed literally: the area of the template works, and no general file changes.

It is added to a copy of the project, and to a copy that has no other area. In that one it goes through the demo, parity
and the proofs of orders and of kills, in small form.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import engines
import pytest
import yaml
from engines import PROJECT, copy_of_the_project, new_prefix
from laws import test_order
from laws.registered import HISTORIES
from laws.trials import Trials
from recovery.kills import Kill, kill_once
from recovery.world import BUILD, LOAD, world_of

from strata.settings import TARGETS

AREA = "bakery"
_PAGE = PROJECT / "CONTRIBUTING.md"
_TEMPLATE = PROJECT / "templates" / "area"


def added(project: Path) -> Path:
    """Steps 1 and 2 of the page."""
    page = _PAGE.read_text(encoding="utf-8").split("## Add an area\n")[1].split("\n## ")[0]
    copying, listing = re.findall(r"```(?:yaml)?\n(.*?)```", page, re.DOTALL)
    assert copying.strip() == "cp -r templates/area/. ."
    subprocess.run(copying, shell=True, cwd=project, check=True)
    lines = [line.removeprefix("   ") for line in listing.splitlines()]
    parts = {lines[at].rstrip(":"): at for at in range(len(lines)) if re.match(r"\w", lines[at])}
    entries = lines[parts["models"] + 2 : parts["data_tests"]]
    written = (project / "dbt_project.yml").read_text(encoding="utf-8")
    written = re.sub(r"  areas: \[.*?\]", lines[parts["vars"] + 1].rstrip(), written)
    written = written.replace("    ops:\n", "\n".join([*entries, "    ops:\n"]), 1)
    written = written.rstrip() + "\n" + "\n".join(lines[parts["data_tests"] + 2 :]) + "\n"
    (project / "dbt_project.yml").write_text(written, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def beside_others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the area of the template among the others."""
    return added(copy_of_the_project(tmp_path_factory.mktemp("beside"), data_tests=True))


@pytest.fixture(scope="module")
def alone(beside_others: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without any other area."""
    project = tmp_path_factory.mktemp("alone") / "project"
    written = yaml.safe_load((beside_others / "dbt_project.yml").read_text(encoding="utf-8"))
    others = [name for name in written["vars"]["areas"] if name != AREA]
    shutil.copytree(beside_others, project, ignore=shutil.ignore_patterns(*others, "target", "logs"))
    written["vars"]["areas"] = [AREA]
    for name in others:
        del written["models"]["strata"][name], written["data_tests"]["strata"][name]
    (project / "dbt_project.yml").write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    return project


def run(project: Path, *arguments: str, **variables: str) -> str:
    """A program of the project, in its folder and with its own code; what it said. It must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(project / "scripts"), "COLUMNS": "200", **variables}
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_area_keeps_the_rules_of_the_house(beside_others: Path) -> None:
    run(beside_others, "dbt.cli.main", "parse", "--quiet", "--target", "lint", "--target-path", "target")
    assert "hold" in run(beside_others, "strata.manifest_checks")
    assert "No general file" in run(beside_others, "strata.repository_checks")


def test_no_general_file_changed(beside_others: Path) -> None:
    added_files = {path.relative_to(_TEMPLATE) for path in _TEMPLATE.rglob("*") if path.is_file()}
    kept = {"dbt_project.yml", "README.md"}
    assert all(AREA in path.parts for path in added_files)
    for file in (path for path in beside_others.rglob("*") if path.is_file()):
        path = file.relative_to(beside_others)
        if path not in added_files and str(path) not in kept and path.parts[0] not in ("target", "logs"):
            assert file.read_bytes() == (PROJECT / path).read_bytes(), path


def test_the_demo_on_both_engines_and_their_parity(alone: Path, tmp_path: Path, postgres_server: None) -> None:
    prefix = new_prefix()
    where = {
        "STRATA_DUCKDB_PATH": str(tmp_path / "strata.duckdb"), "STRATA_LANDING": str(tmp_path / "landing"),
        "STRATA_SCHEMA_PREFIX": prefix,
    }  # fmt: skip
    for target in TARGETS:
        said = run(alone, "strata", "demo", STRATA_TARGET=target, **where)
        assert "3 products" in said or target == "postgres"
        assert re.search(r"bakery\.sale\s+1\s+499\s+1", said), said
        assert "Nothing is new" in run(alone, "strata", "demo", STRATA_TARGET=target, **where)
        assert re.search(r"E_SCHEMA_MISMATCH\s+1", run(alone, "strata", "status", STRATA_TARGET=target, **where))
    assert f"{AREA}.best_sellers" in run(alone, "strata", "parity", **where)


@pytest.fixture
def history(alone: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The histories of the template, as the proofs find them: those of this area alone."""
    file = alone / "tests" / "python" / "areas" / AREA / "history.py"
    spec = importlib.util.spec_from_file_location(f"areas.{AREA}.history", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in list(HISTORIES):
        monkeypatch.delitem(HISTORIES, name)
    monkeypatch.setitem(HISTORIES, AREA, module.HISTORY)
    return module.HISTORY


@pytest.mark.parametrize("target", TARGETS)
def test_order_does_not_matter(
    target: str, history: Any, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    trials = Trials.start(target, tmp_path, monkeypatch, project=alone)
    assert test_order._orders_that_differ(trials, AREA, 1, 2) == []


@pytest.fixture
def world(history: Any, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A warehouse of the area alone, with a delivery that waits."""
    monkeypatch.setattr(engines, "PROJECT", alone)
    with world_of("duckdb", tmp_path, 1) as made:
        yield made


def test_a_kill_costs_a_rerun(world: Any) -> None:
    chance = Random(1)
    kills: list[Kill] = []
    while not any(kill.is_hit for kill in kills) and len(kills) < 16:
        kills += [kill_once(world, work, chance) for work in (LOAD, BUILD)]
    assert [str(kill) for kill in kills if kill.wrong] == []
    assert any(kill.is_hit for kill in kills)
