"""What builders build and the Writer writes, the door loads, whole and unchanged, on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_project
from engines import new_prefix
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from strata.contract import Contract, read_contracts
from strata.door.landing import find_files
from strata.errors import UsageError
from strata.intake.intake import Intake
from strata.intake.take import take_in
from strata.reference import read_seeds
from strata.settings import Settings
from strata.track import AnalyticsEvent, EventBuilder, Metric, Writer
from strata.track.store import Store
from strata.warehouse.base import Warehouse
from strata.warehouse.open import open_warehouse
from track.draws import analytics_events, deepest_event, longest_event, metric_values


@dataclass(frozen=True)
class Place:
    """A landing folder, and the warehouse into which it is loaded."""

    landing: Path
    contracts: dict[tuple[str, str], Contract]
    warehouse: Warehouse

    def load(self, table: str) -> list[dict[str, Any]]:
        """Loads what is new; nothing may be rejected. The new rows, as the raw table has them."""
        contract = self.contracts["product", table]
        names = [column.name for column in contract.columns]
        rows: list[dict[str, Any]] = []
        intake = Intake(self.warehouse)
        found = find_files(self.landing, self.contracts, [])
        for loaded in (item for file in found for item in take_in(self.warehouse, intake, file)):
            if loaded.batch_id is None:
                continue  # it was loaded before
            assert loaded.counts.rejected == 0, self.warehouse.query("select message, record_id from {ops}.rejections")
            quoted = ", ".join(f'"{name}"' for name in names)
            sql = f"select {quoted} from {contract.relation} where _batch_id = {loaded.batch_id} order by _line_number"
            rows += [dict(zip(names, row, strict=True)) for row in self.warehouse.query(sql)]
        return rows


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An empty warehouse of the project, into which the Writer's files are loaded."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_server")
    project = tmp_path_factory.mktemp("track") / "project"
    copy_project(project)
    landing = project / "landing"
    landing.mkdir()
    prefix = new_prefix() if request.param == "postgres" else ""
    settings = Settings(
        project=project,
        target=request.param,
        duckdb_path=project / "warehouse" / "strata.duckdb",
        landing=landing,
        schema_prefix=prefix,
        memory_limit="1GB",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SCHEMA_PREFIX", prefix)
        contracts = read_contracts(project)
        with open_warehouse(settings, contracts, read_seeds(project)) as warehouse:
            yield Place(landing, contracts, warehouse)


def as_raw(record: AnalyticsEvent | Metric) -> dict[str, Any]:
    return {
        name: value.astimezone(UTC).replace(tzinfo=None) if name == "timestamp" else value
        for name, value in vars(record).items()
    }


def parsed(row: dict[str, Any]) -> dict[str, Any]:
    objects = {name: row[name] for name in ("properties", "context", "tags") if name in row}
    return row | {name: json.loads(text) if isinstance(text, str) else text for name, text in objects.items()}


@pytest.mark.parametrize(
    ("table", "records"),
    [("analytics_events", analytics_events()), ("metrics", metric_values())],
    ids=["events", "metrics"],
)
def test_whatever_is_built_is_loaded_as_it_is(place: Place, table: str, records: st.SearchStrategy[Any]) -> None:
    # To shrink what fails would load hundreds of files.
    @hypothesis_settings(
        deadline=None, max_examples=8, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(drawn=st.lists(records, min_size=20, max_size=40))
    def check(drawn: list[AnalyticsEvent | Metric]) -> None:
        with Writer(place.landing) as writer:
            for record in drawn:
                writer.write(record)
        assert [parsed(row) for row in place.load(table)] == [as_raw(record) for record in drawn]

    check()


def test_whatever_is_built_is_loaded_from_sqlite_as_it_is(place: Place) -> None:
    path = place.landing / "product" / "application.db"
    path.parent.mkdir(exist_ok=True)

    @hypothesis_settings(
        deadline=None, max_examples=4, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(drawn=st.lists(analytics_events(), min_size=20, max_size=40))
    def check(drawn: list[AnalyticsEvent]) -> None:
        with Store(path) as store:
            store.append(*drawn)
            assert [parsed(row) for row in place.load("analytics_events")] == [as_raw(record) for record in drawn]

    try:
        check()
    finally:
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()


def test_what_is_at_the_limits_is_loaded(place: Place) -> None:
    built = [longest_event(), deepest_event()]
    with Writer(place.landing) as writer:
        for event in built:
            writer.write(event)
    assert [parsed(row) for row in place.load("analytics_events")] == [as_raw(event) for event in built]


def test_the_door_does_not_see_a_file_that_is_being_written(place: Place) -> None:
    event = EventBuilder.track("a").build()
    with Writer(place.landing) as writer:
        writer.write(event)
        writer.flush()
        [part] = (place.landing / "product" / "analytics_events").glob(".*")
        assert place.load("analytics_events") == []
        with pytest.raises(UsageError, match="the name must end in"):
            find_files(place.landing, place.contracts, [part])
    [row] = place.load("analytics_events")
    assert row["id"] == event.id
