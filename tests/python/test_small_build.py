"""One small build of everything, with its data tests and unit tests, on DuckDB: the last step of `make check`."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import session_for

from strata.areas.area import SampleRequest
from strata.builds.plan import Wanted
from strata.demo import yesterday


def test_a_small_build_passes_all_its_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
    landing = tmp_path / "landing"
    session = session_for("duckdb", tmp_path, landing, monkeypatch)
    for area in session.areas.values():
        if area.write_sample:
            area.write_sample(SampleRequest(landing, yesterday(), events=500, days=14))
    loaded = session.load(session.files([]), lambda item: None)
    assert sum(item.counts.loaded for item in loaded) > 1_000
    nodes = session.build_what_is_new(lambda name: None, Wanted(unit_tests=True))
    kinds = {node.kind for node in nodes}
    assert {"seed", "model", "test", "unit_test"} <= kinds
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad or node.status == "skipped"] == []
