"""The limits of the builders are those of the door and of the seed."""

from __future__ import annotations

import csv
from pathlib import Path

from conftest import PROJECT

from strata.door.checks import FIRST_YEAR, LAST_YEAR
from strata.door.lines import MAX_LINE_BYTES
from strata.door.strict_json import MAX_DEPTH
from strata.track import MetricType, Writer, limits
from strata.track.migration import UP
from track.draws import longest_event


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
