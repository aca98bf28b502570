"""The limits of the builders are those of the door and of the seed."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

from conftest import PROJECT

from strata.contract import Contract
from strata.door.checks import FIRST_YEAR, LAST_YEAR
from strata.door.lines import MAX_LINE_BYTES
from strata.door.strict_json import MAX_DEPTH
from strata.rules import AcceptedValues, InRange, JsonObject, MaxLength, NotPrefixed, Rule
from strata.track import AnalyticsEvent, Funnel, Metric, MetricType, Writer, limits
from strata.track.migration import UP
from track.draws import longest_event

LENGTHS = {
    "analytics_events": {
        "id": limits.ID_CHARACTERS, "session_id": limits.ID_CHARACTERS, "user_id": limits.ID_CHARACTERS,
        "event_name": limits.NAME_CHARACTERS, "page_url": limits.URL_CHARACTERS, "referrer": limits.URL_CHARACTERS,
        "properties": limits.JSON_CHARACTERS, "context": limits.JSON_CHARACTERS,
    },
    "metrics": {
        "id": limits.ID_CHARACTERS, "name": limits.NAME_CHARACTERS, "unit": limits.UNIT_CHARACTERS,
        "tags": limits.TAGS_CHARACTERS,
    },
    "funnels": {
        "id": limits.ID_CHARACTERS, "name": limits.NAME_CHARACTERS, "description": limits.DESCRIPTION_CHARACTERS,
        "steps": limits.JSON_CHARACTERS,
    },
}  # fmt: skip
Contracts = dict[tuple[str, str], Contract]


def rules(contracts: Contracts, table: str, kind: type[Rule]) -> dict[str, Rule]:
    """The rule of a kind at each column of a contract that has one."""
    columns = contracts["product", table].columns
    return {column.name: rule for column in columns for rule in column.rules if isinstance(rule, kind)}


def test_lengths_are_those_of_the_contracts(contracts: Contracts) -> None:
    for table, lengths in LENGTHS.items():
        held = {name: MaxLength(characters) for name, characters in lengths.items()}
        assert rules(contracts, table, MaxLength) == held


def test_values_are_those_of_the_contracts(contracts: Contracts) -> None:
    greatest = limits.LARGEST_VALUE
    assert rules(contracts, "metrics", InRange) == {"value": InRange(-greatest, greatest)}
    assert rules(contracts, "metrics", AcceptedValues) == {"metric_type": AcceptedValues(tuple(sorted(MetricType)))}
    assert rules(contracts, "metrics", JsonObject) == {"tags": JsonObject(is_flat=True)}
    assert rules(contracts, "analytics_events", NotPrefixed) == {"session_id": NotPrefixed(limits.RESERVED_PREFIX)}


def test_the_columns_are_those_of_the_records(contracts: Contracts) -> None:
    for record in (AnalyticsEvent, Metric, Funnel):
        columns = [column.name for column in contracts["product", record.table].columns]
        assert sorted(columns) == sorted(field.name for field in dataclasses.fields(record))


def test_event_types_are_those_of_the_seed() -> None:
    seed = PROJECT / "seeds" / "product" / "product_event_types.csv"
    with seed.open(encoding="utf-8") as file:
        assert tuple(row["event_type"] for row in csv.DictReader(file)) == limits.EVENT_TYPES


def test_metric_types_are_those_of_the_specification() -> None:
    assert set(MetricType) == {"counter", "gauge", "histogram", "timer"}
    assert "metric_type IN ('counter', 'gauge', 'histogram', 'timer')" in UP


def test_years_and_depth_are_those_of_the_door() -> None:
    assert (limits.FIRST_INSTANT.year, limits.END_OF_INSTANTS.year) == (FIRST_YEAR, LAST_YEAR + 1)
    assert limits.JSON_DEPTH == MAX_DEPTH - 1  # the record is a level of its own


def test_the_longest_event_is_a_line_of_the_door(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.write(longest_event())
    [file] = tmp_path.glob("product/analytics_events/*.ndjson")
    assert 500_000 < file.stat().st_size <= MAX_LINE_BYTES
