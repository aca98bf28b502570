"""The sample of the workshop: the same for the same seed, full of what the rules are about, and damaged as it says."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Door

from strata.areas.product.sample import ProductSample, write_product_sample
from strata.door.landing import find_files
from strata.errors import UsageError
from strata.intake.take import take_in

LAST_DAY = date(2026, 6, 30)
REASONS = {
    "not_allowed": 2, "empty_value": 1, "wrong_type": 4, "reserved": 1, "unknown_field": 1, "out_of_range": 1,
    "nested_value": 1, "bad_timestamp": 1, "blob": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """All events of a sample of the demo's size."""
    landing = tmp_path_factory.mktemp("sample")
    write_product_sample(landing, last_day=LAST_DAY, single_file=True)
    return read(landing, "analytics_events")


def read(landing: Path, table: str) -> list[dict[str, Any]]:
    [file] = (landing / "product" / table).glob("*")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def content(made: ProductSample, landing: Path) -> dict[str, bytes]:
    return {str(file.relative_to(landing)): file.read_bytes() for file in made.files}


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    def written(name: str, **other: Any) -> dict[str, bytes]:
        return content(write_product_sample(tmp_path / name, last_day=LAST_DAY, events=800, **other), tmp_path / name)

    assert written("one") == written("two")
    assert written("one") != written("three", seed=8)


def test_another_day_moves_everything(tmp_path: Path) -> None:
    def told(name: str, last_day: date) -> list[dict[str, Any]]:
        write_product_sample(tmp_path / name, last_day=last_day, events=800, single_file=True)
        return read(tmp_path / name, "analytics_events")

    early, late = told("early", LAST_DAY), told("late", LAST_DAY + timedelta(days=100))
    for before, after in zip(early, late, strict=True):
        moved = datetime.fromisoformat(before.pop("timestamp")) + timedelta(days=100)
        assert datetime.fromisoformat(after.pop("timestamp")) == moved
        assert before == after


def test_the_door_takes_all_but_what_is_damaged(tmp_path: Path, door: Door) -> None:
    made = write_product_sample(tmp_path, last_day=LAST_DAY, events=3_000)
    files = find_files(tmp_path, door.contracts, [])
    assert {file.path for file in files} == set(made.files)
    taken = [item for file in files for item in take_in(door.warehouse, door.intake, file)]
    records: Counter[str] = Counter()
    for item in taken:
        records[f"product.{item.file.contract.name}"] += item.counts.records_in
    assert dict(records) == made.records
    reasons = dict(door.warehouse.query("select reason, count(*) from {ops}.rejections group by reason"))
    assert reasons == REASONS
    assert sum(reasons.values()) == made.damaged


def test_one_file_for_each_table_has_no_damage(tmp_path: Path, door: Door) -> None:
    made = write_product_sample(tmp_path, last_day=LAST_DAY, events=500, single_file=True)
    assert (made.damaged, len(made.files)) == (0, 3)
    for file in find_files(tmp_path, door.contracts, []):
        [taken] = take_in(door.warehouse, door.intake, file)
        assert taken.counts.rejected == 0


@pytest.mark.parametrize(("events", "days"), [(99, 60), (500, 1), (500, 4_000)])
def test_what_is_refused(tmp_path: Path, events: int, days: int) -> None:
    with pytest.raises(UsageError, match="at least 100 events and 2 to 3650 days"):
        write_product_sample(tmp_path, last_day=LAST_DAY, events=events, days=days)


def test_the_size_is_what_was_asked_for(events: list[dict[str, Any]]) -> None:
    assert 20_000 <= len(events) < 20_500
    days = Counter(event["timestamp"][:10] for event in events)
    assert len(days) >= 60


def test_users_and_sessions_come_in_every_way(events: list[dict[str, Any]]) -> None:
    ways = Counter(("user_id" in event, "session_id" in event) for event in events)
    assert min(ways[way] for way in ((True, True), (True, False), (False, True), (False, False))) > 5
    users: dict[str, set[Any]] = defaultdict(set)
    for event in events:
        users[event.get("session_id", "")].add(event.get("user_id"))
    users.pop("")
    assert sum(len(found) == 2 and None in found for found in users.values()) > 50  # identified in the middle
    assert sum(len(found - {None}) == 2 for found in users.values()) >= 2
    assert sum(event["event_name"] == "identity_withdrawn" for event in events) >= 1


def test_sessions_go_over_midnight_and_have_long_pauses(events: list[dict[str, Any]]) -> None:
    times: dict[str, list[datetime]] = defaultdict(list)
    for event in events:
        if "session_id" in event:
            times[event["session_id"]].append(datetime.fromisoformat(event["timestamp"]))
    assert sum(len({at.date() for at in found}) > 1 for found in times.values()) > 5
    pauses = [later - at for found in times.values() for at, later in pairwise(found)]
    assert sum(pause > timedelta(minutes=30) for pause in pauses) > 50


def test_there_are_bots_releases_and_plans(events: list[dict[str, Any]]) -> None:
    def count(test: Callable[[dict[str, Any]], bool]) -> int:
        return sum(map(test, events))

    assert count(lambda event: "ExampleBot" in event["context"].get("user_agent", "")) > 20
    minutes = Counter((event.get("user_id"), event["timestamp"][:16]) for event in events if event.get("user_id"))
    assert max(minutes.values()) >= 320
    for release in ("2.3.0", "2.4.0"):
        assert count(lambda event, release=release: event["context"].get("app_version") == release) > 2_000  # type: ignore[misc]
    assert count(lambda event: event["event_name"] == "plan_chosen") > 100


def test_nobody_can_be_taken_for_a_real_person(events: list[dict[str, Any]]) -> None:
    text = json.dumps(events)
    assert "@" not in text
    hosts = {part.split("/")[0] for part in text.split("https://")[1:]}
    assert all(host.endswith(".example") for host in hosts)
