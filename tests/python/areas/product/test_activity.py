"""Activity, features, retention and lifecycle from landing files to published tables, on both engines.

They are held against their rules, written once more in Python. Histories are random, come in several deliveries, and
end after the instant that counts as now.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from engines import PROJECT, enter, new_prefix, session_for

from areas.product import activity_reference as reference
from areas.product.activity_history import AS_OF, DAYS, FIRST, history, record_of
from areas.product.activity_reference import Event
from strata.session import Session
from strata.settings import TARGETS

_TABLES = ["user_activity", "feature_usage", "product_daily", "retention", "lifecycle"]
_CLAIMS = PROJECT / "tests" / "product" / "_product_activity__tests.yml"


@dataclass
class Place:
    """A warehouse of one engine, and how to ask it."""

    session: Session
    patch: pytest.MonkeyPatch
    files: int = 0

    def load(self, events: Sequence[Event]) -> None:
        """Take events in from a file of their own."""
        enter(self.session.settings, self.patch)
        self.files += 1
        folder = self.session.settings.landing / f"{self.files}" / "product" / "analytics_events"
        folder.mkdir(parents=True)
        lines = [json.dumps(record_of(event), ensure_ascii=False, separators=(",", ":")) for event in events]
        (folder / "events.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
        loaded = self.session.load(self.session.files([folder]), lambda item: None)
        assert [item.counts.rejected for item in loaded] == [0]

    def build(self, as_of: datetime, *, tested: bool = False) -> None:
        """All of the area; where ``tested``, with its data tests, which must pass."""
        enter(self.session.settings, self.patch)
        variables = json.dumps({"as_of": as_of.isoformat(sep=" ")})
        chosen = [f"+{table}" for table in _TABLES]
        if tested:
            chosen += [claim["name"] for claim in yaml.safe_load(_CLAIMS.read_text(encoding="utf-8"))["data_tests"]]
        arguments = ["--select", *chosen, "--exclude-resource-types", "unit_test", "--indirect-selection", "empty"]
        arguments += ["--vars", variables]
        nodes = self.session.build(arguments, lambda name: None)
        bad = [f"{node.name}: {node.message}" for node in nodes if node.is_bad]
        assert bad == [], "\n".join(bad)

    def rows(self, table: str, key: Sequence[str], columns: Sequence[str]) -> dict[Any, dict[str, Any]]:
        """Columns of a table of the area by its key."""
        quoted = ", ".join(f'"{name}"' for name in [*key, *columns])
        with self.session.warehouse() as warehouse:
            found = warehouse.execute(f"select {quoted} from {self.session.settings.schema('product')}.{table}")
        return {
            row[: len(key)] if len(key) > 1 else row[0]: dict(zip(columns, row[len(key) :], strict=True))
            for row in found
        }


@pytest.fixture(params=TARGETS)
def place(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: None) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        yield Place(session_for(request.param, tmp_path, tmp_path / "landing", patch, prefix=new_prefix()), patch)


def seed(name: str) -> list[dict[str, str]]:
    """Rows of a seed of the area."""
    with (PROJECT / "seeds" / "product" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def expected(events: list[Event], as_of: datetime) -> dict[str, tuple[list[str], dict[Any, dict[str, Any]]]]:
    """By table: its key, and its rows by that key."""
    counted = [event for event in events if event.at <= as_of]
    return {
        "user_activity": (["user_id", "date"], reference.user_activity(counted)),
        "feature_usage": (["feature_name", "date"], reference.feature_usage(counted, seed("product_features"))),
        "product_daily": (["date"], reference.product_daily(counted, as_of.date())),
        "retention": (
            ["retention_id", "cohort_date", "day_number"],
            reference.retention(counted, seed("product_retention"), as_of, 30),
        ),
        "lifecycle": (["period_type", "period_start"], reference.lifecycle(counted, as_of)),
    }


def compare(place: Place, events: list[Event], as_of: datetime) -> None:
    """The published tables must be those of the reference."""
    found = []
    for table, (key, rows) in expected(events, as_of).items():
        actual = place.rows(table, key, list(next(iter(rows.values()), {})))
        for name in sorted(actual.keys() | rows.keys(), key=str):
            if _plain(actual.get(name)) != _plain(rows.get(name)):
                found.append(f"{table} {name}: {actual.get(name)}, expected {rows.get(name)}")
    assert found == [], "\n".join(found)


def _plain(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Numbers as floats of twelve digits: averages are sums by counts on both sides."""
    if row is None:
        return None
    return {
        name: float(f"{float(value):.12g}") if isinstance(value, int | float) else str(value)
        for name, value in row.items()
        if value is not None
    }


@pytest.mark.parametrize("number", range(2))
def test_published_tables_are_those_of_the_reference(place: Place, number: int) -> None:
    chance = Random(f"activity {number}")
    events = history(chance)
    parts = chance.sample(events, len(events))
    cuts = sorted(chance.randrange(len(parts)) for _ in range(2))
    for start, end in zip([0, *cuts], [*cuts, len(parts)], strict=True):
        if parts[start:end]:
            place.load(parts[start:end])
            place.build(AS_OF)
    compare(place, events, AS_OF)
    # Nothing new but the day: forward to the end of the history, and back.
    for as_of in (FIRST + timedelta(days=DAYS + 2), FIRST + timedelta(days=20, hours=1)):
        place.build(as_of, tested=True)
        compare(place, events, as_of)


def test_a_late_first_event_moves_a_user_to_another_cohort(place: Place) -> None:
    days = [datetime(2026, 3, day, 12) for day in (2, 3, 9, 20)]
    later = [Event("b", "page_view", days[1], "ann"), Event("c", "page_view", days[2], "ann")]
    other = [Event("x", "page_view", days[3], "bob"), Event("y", "page_view", days[1], "bob")]
    place.load([*later, *other])
    place.build(days[3])
    first = Event("a", "page_view", days[0], "ann")
    place.load([first])
    place.build(days[3])
    compare(place, [first, *later, *other], days[3])
    cohorts = {
        day for name, day, _ in place.rows("retention", ["retention_id", "cohort_date", "day_number"], ["users"])
    }
    assert cohorts == {date(2026, 3, 2), date(2026, 3, 3)}
