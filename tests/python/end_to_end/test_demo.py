"""The demo as a newcomer runs it, who set nothing: on both engines the same, today as on a later day."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from engines import PROJECT, enter, new_prefix, session_for

from strata import demo
from strata.areas import read_areas
from strata.errors import UsageError
from strata.parity import Compared
from strata.places import read_places
from strata.session import Session
from strata.settings import TARGETS

_MODELS_ONLY = ["--exclude-resource-types", "test", "unit_test"]


@dataclass
class Demo:
    """Both warehouses after their demos, and what parity said of them."""

    sessions: dict[str, Session]
    patch: pytest.MonkeyPatch
    last_day: date
    compared: list[Compared]

    def run(self, target: str) -> int:
        """The demo on one engine; how many batches it loaded."""
        # A newcomer has no key in the environment; each demo is a process of its own.
        self.patch.delenv("STRATA_SUBJECT_KEY", raising=False)
        session = self.sessions[target] = Session(self.sessions[target].settings)
        enter(session.settings, self.patch)
        before = self.ask(target, "select count(*) from {ops}.batches")

        def load() -> int:
            session.load(session.files([]), lambda item: None)
            return 0

        def build(as_of: date | None) -> int:
            nodes = session.build(_MODELS_ONLY, lambda name: None, {"as_of": str(as_of)})
            return int(any(node.is_bad for node in nodes))

        assert demo.run_demo(session, load, build) == 0
        return self.ask(target, "select count(*) from {ops}.batches") - before

    def ask(self, target: str, sql: str) -> int:
        """The number that a question has for an answer."""
        session = self.sessions[target]
        enter(session.settings, self.patch)
        with session.warehouse() as warehouse:
            [(value,)] = warehouse.query(sql.replace("{learning}", session.settings.schema("learning")))
        return int(value)


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory, postgres_server: None) -> Iterator[Demo]:
    folder, prefix = tmp_path_factory.mktemp("demo"), new_prefix()
    with pytest.MonkeyPatch.context() as patch:
        small = {
            name: replace(area, demo_events=max(area.demo_events // 40, 900))
            for name, area in read_areas(PROJECT).items()
        }
        patch.setattr("strata.areas.read_areas", lambda project: small)
        sessions = {target: session_for(target, folder, folder / "landing", patch, prefix=prefix) for target in TARGETS}
        world = Demo(sessions, patch, demo.yesterday(), [])
        assert world.run("duckdb") > 0
        # The second engine's turn comes on another day.
        patch.setattr(demo, "yesterday", lambda: world.last_day + timedelta(days=1))
        assert world.run("postgres") > 0
        enter(sessions["duckdb"].settings, patch)
        world.compared = list(world.sessions["duckdb"].parity(read_places(world.sessions["duckdb"].settings, [])))
        yield world


def test_both_engines_publish_the_same_without_a_key_of_ones_own(demos: Demo) -> None:
    assert len(demos.compared) >= 20
    assert [item for item in demos.compared if not item.is_equal] == []
    assert [item.table for item in demos.compared if item.rows[0] == 0] == []


@pytest.mark.parametrize("target", TARGETS)
def test_some_sessions_are_active_and_some_records_conflict(demos: Demo, target: str) -> None:
    active = demos.ask(target, "select count(*) from {learning}.session_metrics where is_active")
    assert 0 < active < demos.ask(target, "select count(*) from {learning}.session_metrics") / 10
    for area in ("training", "learning"):
        assert demos.ask(target, f"select count(*) from {{ops}}.conflicts where area = '{area}'") > 0


def test_a_later_demo_takes_the_files_as_they_are(demos: Demo) -> None:
    landing = demos.sessions["duckdb"].settings.landing

    def digests() -> dict[Path, str]:
        files = [file for file in landing.rglob("*") if file.is_file()]
        return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    before = digests()
    assert demos.run("duckdb") == 0
    assert digests() == before


def test_the_key_is_its_owners_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "warehouse" / demo.KEY_FILE
    key = demo.demo_key(file)
    assert demo.demo_key(file) == key
    assert len(key) > 60
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        demo.demo_key(file)
