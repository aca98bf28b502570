"""Learning from landing files to published tables, on both engines, against rules written down once more in Python."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import learning_reference as reference
import pytest
from engines import PROJECT, enter, new_prefix, session_for
from learning_reference import Event, event_from

from strata.door.identifiers import SubjectKey
from strata.sample import write_learning_sample
from strata.session import Session
from strata.settings import TARGETS

_FIXTURES = PROJECT / "tests" / "fixtures" / "learning"
_MODELS = ["--select", "path:models/learning", "path:seeds/learning", "--exclude-resource-types", "test", "unit_test"]
_TESTED = ["--select", "path:models/learning", "path:seeds/learning", "path:tests/learning"]


@dataclass
class Place:
    """A warehouse of one engine, and how to ask it."""

    session: Session
    patch: pytest.MonkeyPatch
    files: int = 0

    def load(self, events: list[dict[str, Any]]) -> None:
        """Take events in from a file of their own."""
        enter(self.session.settings, self.patch)
        self.files += 1
        folder = self.session.settings.landing / f"{self.files}" / "learning" / "raw_events"
        folder.mkdir(parents=True)
        text = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
        (folder / "events.ndjson").write_text(text + " " * self.files, encoding="utf-8")
        loaded = self.session.load(self.session.files([folder]), lambda item: None)
        assert [item.counts.rejected for item in loaded] == [0]

    def build(self, *arguments: str) -> None:
        enter(self.session.settings, self.patch)
        nodes = self.session.build([*_MODELS, "--vars", '{as_of: "2025-09-10"}', *arguments], lambda name: None)
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        """Rows of a table of the area; learners by the names that the test gave them."""
        with self.session.warehouse() as warehouse:
            relation = f"{self.session.settings.schema('learning')}.{table}"
            names = [name for name in self._columns(warehouse, table) if columns == "*" or name in columns.split(", ")]
            quoted = ", ".join(f'"{name}"' for name in names)
            found = warehouse.execute(f"select {quoted} from {relation}")
            people = dict(warehouse.query("select pseudonym, key_digest from {ops}.subjects"))
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return [row | ({"learner_id": people[row["learner_id"]]} if "learner_id" in row else {}) for row in rows]

    def _columns(self, warehouse: Any, table: str) -> list[str]:
        return [
            row[0]
            for row in warehouse.execute(
                "select column_name from information_schema.columns where table_schema = ? and table_name = ? "
                "order by ordinal_position",
                [self.session.settings.schema("learning"), table],
            )
        ]


KEY = "the key of these tests"


def digest(learner: str) -> str:
    """The name under which a test knows a learner again."""
    return SubjectKey(KEY.encode()).subject(learner)


@pytest.fixture(params=TARGETS)
def place(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: None) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SUBJECT_KEY", KEY)
        yield Place(session_for(request.param, tmp_path, tmp_path / "landing", patch, prefix=new_prefix()), patch)


def plain(value: Any) -> Any:
    """A value as both the fixture's text and the engine's type say it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or value in ("true", "false"):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    try:
        return Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)


def test_the_fixtures_become_the_expected_tables(place: Place) -> None:
    landing = place.session.settings.landing / "learning" / "raw_events" / "events" / "2025" / "09" / "05"
    landing.mkdir(parents=True)
    shutil.copyfile(_FIXTURES / "test_raw_events.csv", landing / "test_raw_events.csv")
    place.session.load(place.session.files([]), lambda item: None)
    enter(place.session.settings, place.patch)
    nodes = place.session.build([*_TESTED, "--vars", '{as_of: "2025-09-10"}'], lambda name: None)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    for table in ("minute_metrics", "session_metrics", "mastery_deltas"):
        with (_FIXTURES / f"test_{table}.csv").open(encoding="utf-8", newline="") as stream:
            expected = [row | {"learner_id": digest(row["learner_id"])} for row in csv.DictReader(stream)]
        names = list(expected[0])
        actual = [{name: row[name] for name in names} for row in place.rows(table)]
        as_sets = [sorted(str([plain(row[name]) for name in names]) for row in rows) for rows in (actual, expected)]
        assert as_sets[0] == as_sets[1], table


def event(number: int, at: datetime, kind: str, session: str = "s1", learner: str = "learner_ann", **data: Any) -> Any:
    return {
        "learner_id": learner,
        "event_type": kind,
        "event_id": f"e{number:05}",
        "session_id": session,
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "data": data,
        "metadata": None,
        "version": "1.0",
    }


def test_a_late_first_event_moves_a_session_over_midnight_and_leaves_one_row(place: Place) -> None:
    midnight = datetime(2025, 9, 6, tzinfo=UTC)
    place.load([event(1, midnight + timedelta(minutes=5), "page_view"), event(2, midnight, "page_view", session="s2")])
    place.build()
    [before] = [row for row in place.rows("session_metrics") if row["session_id"] == "s1"]
    [other] = [row for row in place.rows("session_metrics") if row["session_id"] == "s2"]
    place.load([event(3, midnight - timedelta(minutes=5), "page_view")])
    place.build()
    rows = place.rows("session_metrics")
    [after] = [row for row in rows if row["session_id"] == "s1"]
    assert (str(before["partition_date"]), str(after["partition_date"])) == ("2025-09-06", "2025-09-05")
    assert Decimal(after["total_events"]) == 2
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]
    assert [row for row in rows if row["session_id"] == "s2"] == [other]
    minutes = place.rows("minute_metrics")
    assert sorted(str(row["partition_date"]) for row in minutes if row["session_id"] == "s1") == [
        "2025-09-05",
        "2025-09-06",
    ]


def test_what_comes_late_or_goes_repairs_the_chain(place: Place) -> None:
    first = datetime(2025, 9, 1, 8, tzinfo=UTC)
    scores = [80, 0, 100, 35, 60]
    events = [
        event(number, first + timedelta(hours=number), "assessment_complete", assessment_id="q", score=score)
        for number, score in enumerate(scores)
    ]
    place.load([*events[:1], *events[2:]])
    place.build()
    assert len(place.rows("mastery_deltas")) == 4
    late = events[1]
    # An earlier copy wins, and is no evidence: the piece is gone, and nothing stands where it stood.
    gone = event(3, first, "page_view")
    columns = "trigger_event_id, previous_mastery, current_mastery, confidence_score, evidence_count"
    for delivered, pieces in ((late, 5), (gone, 4)):
        place.load([delivered])
        place.build()
        repaired = sorted(map(str, place.rows("mastery_deltas", columns)))
        place.build("--full-refresh")
        assert sorted(map(str, place.rows("mastery_deltas", columns))) == repaired
        assert len(repaired) == pieces


def random_events(chance: Random, count: int) -> list[dict[str, Any]]:
    at = datetime(2025, 9, 1, tzinfo=UTC)
    events = []
    for number in range(count):
        at += timedelta(milliseconds=chance.choice([0, 900, 20_000, 61_000, 4_000_000]) + chance.randint(0, 999))
        data = {
            "page": chance.choice(["/a", "/b"]),
            "lesson_id": chance.choice(["L1", "L2", None]),
            "assessment_id": chance.choice(["A1", None]),
            "skill_id": chance.choice(["K1", "K2", None]),
            "score": chance.choice([0, 12.5, 50, 87, 100, 100, None]),
            "max_score": chance.choice([None, None, 200]),
        }
        kind = chance.choice(["page_view", "interaction", "lesson_start", "lesson_complete", "assessment_start"])
        kind = chance.choice([kind, "assessment_complete", "error"])
        learner, session = f"learner_{chance.randint(1, 2)}", f"s{chance.randint(1, 3)}"
        events.append(event(number, at, kind, session, learner, **{k: v for k, v in data.items() if v is not None}))
    return chance.sample(events, len(events))


def test_all_metrics_are_those_of_an_independent_implementation(place: Place) -> None:
    """Mastery among them: Bayesian Knowledge Tracing in probabilities, exactly, to four decimals."""
    events = random_events(Random("independent"), 400)
    place.load(events[:250])
    place.build()
    place.load(events[250:])
    place.build()
    known: list[Event] = [event_from(item | {"data": json.dumps(item["data"])}) for item in events]
    people = {f"learner_{number}": digest(f"learner_{number}") for number in (1, 2)}

    minutes = {(r["learner_id"], r["session_id"], r["minute_timestamp"]): r for r in place.rows("minute_metrics")}
    expected = {(people[key[0]], *key[1:]): value for key, value in reference.minute_metrics(known).items()}
    assert set(minutes) == set(expected)
    for key, values in expected.items():
        found = {name: value for name, value in minutes[key].items() if name in values}
        assert {k: plain(v) for k, v in found.items()} == {k: plain(v) for k, v in values.items()}, key

    sessions = {(row["learner_id"], row["session_id"]): row for row in place.rows("session_metrics")}
    wanted = {(people[key[0]], key[1]): value for key, value in reference.session_metrics(known).items()}
    assert set(sessions) == set(wanted)
    for session, values in wanted.items():
        assert {k: plain(sessions[session][k]) for k in values} == {k: plain(v) for k, v in values.items()}, session

    deltas = {
        (row["learner_id"], row["content_type"], row["content_id"], row["trigger_event_id"]): row
        for row in place.rows("mastery_deltas")
    }
    traced = {(people[key[0]], *key[1:]): value for key, value in reference.mastery_deltas(known).items()}
    assert set(deltas) == set(traced)
    assert max(Decimal(row["evidence_count"]) for row in deltas.values()) > 40
    for evidence, values in traced.items():
        row = deltas[evidence]
        for name in ("previous_mastery", "current_mastery", "evidence_count"):
            assert plain(row[name]) == plain(values[name]), (evidence, name)
        assert abs(float(row["confidence_score"]) - values["confidence_score"]) < 0.0002, evidence

    hours = {(row["learner_id"], row["activity_date"]): row for row in place.rows("learner_activity_summary")}
    for (learner, day), spent in reference.hours_of_days(known).items():
        assert hours[people[learner], day]["hours_spent"] == pytest.approx(spent, abs=1e-12)


def test_the_sample_comes_in_and_passes_every_test(place: Place) -> None:
    made = write_learning_sample(place.session.settings.landing, last_day=date(2025, 9, 10), events=1_200, days=4)
    loaded = place.session.load(place.session.files([]), lambda item: None)
    assert sum(item.counts.loaded for item in loaded) == made.records
    assert sum(item.counts.rejected for item in loaded) == made.damaged
    enter(place.session.settings, place.patch)
    arguments = [*_TESTED, "--exclude-resource-types", "unit_test", "--vars", '{as_of: "2025-09-10"}']
    nodes = place.session.build(arguments, lambda name: None)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
    assert place.rows("activity_heatmap")
    assert place.rows("content_mastery_trends")
