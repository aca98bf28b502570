"""A small built warehouse with the samples of all areas, and the compiled SQL of all data tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from engines import session_for

from mutants.measure import DataTest, data_tests, quiet_tests
from strata.areas.area import SampleRequest
from strata.dbt_runner import run_dbt

LAST_DAY = date(2026, 10, 31)
DAYS, EVENTS = 40, 1_500


@dataclass(frozen=True)
class World:
    """The warehouse's file, dbt's manifest, and the data tests; all of them pass before anything is damaged."""

    path: Path
    manifest: dict[str, Any]
    tests: list[DataTest]


def build_world(folder: Path) -> World:
    """Make samples of all areas, load and build them, and compile the data tests (whole tables, not what is new)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SUBJECT_KEY", "the key of the mutants")
        session = session_for("duckdb", folder, folder / "landing", patch)
        for area in session.areas.values():
            if area.write_sample:
                area.write_sample(SampleRequest(folder / "landing", LAST_DAY, EVENTS, DAYS))
        session.load(session.files([]), lambda item: None)
        variables = {"as_of": str(LAST_DAY)}
        nodes = session.build(["--exclude-resource-types", "test", "unit_test"], lambda name: None, variables)
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
        arguments = ["compile", "--select", "resource_type:test", "--vars", json.dumps(variables)]
        run_dbt(session.settings, arguments, lambda name: None)
    target = folder / "target-duckdb"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    compiled = {result["unique_id"]: result["compiled_code"] for result in results}
    path = folder / "strata.duckdb"
    return World(path, manifest, quiet_tests(path, data_tests(manifest, compiled)))
