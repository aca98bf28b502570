"""Learning from landing files to published tables, on both engines, against rules written down once more in Python."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from areas.learning import reference
from areas.learning.place import Place, digest, event, place, plain
from areas.learning.reference import Event, event_from
from engines import PROJECT, enter

from strata.areas.learning.sample import write_learning_sample

__all__ = ["place"]

_FIXTURES = PROJECT / "tests" / "fixtures" / "learning"
_TESTED = ["--select", "path:models/learning", "path:seeds/learning", "path:tests/learning"]


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
    place.build("--full-refresh")
    assert by_id(place.rows("session_metrics")) == by_id(rows)
    minutes = place.rows("minute_metrics")
    assert sorted(str(row["partition_date"]) for row in minutes if row["session_id"] == "s1") == [
        "2025-09-05",
        "2025-09-06",
    ]


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["session_id"]))


def test_a_session_that_is_too_long_is_left_out_until_it_is_corrected(place: Place) -> None:
    last = datetime(2025, 9, 6, tzinfo=UTC)
    place.load([event(1, last, "page_view"), event(2, last, "page_view", session="s2")])
    place.build()
    stray = event(3, datetime(2003, 1, 1, tzinfo=UTC), "page_view")
    # An earlier copy of the stray event wins, and takes it into a session of its own.
    corrected = event(3, datetime(2000, 1, 1, tzinfo=UTC), "page_view", session="s3")
    columns = "session_id, total_events, duration_seconds, partition_date"
    for late, published, listed in ((stray, ["s2"], ["session_too_long"]), (corrected, ["s1", "s2", "s3"], [])):
        place.load([late])
        place.build()
        rows = by_id(place.rows("session_metrics", columns))
        assert [row["session_id"] for row in rows] == published
        assert place.unpublished("reason") == [(reason,) for reason in listed]
        place.build("--full-refresh")
        assert by_id(place.rows("session_metrics", columns)) == rows


def test_what_comes_late_or_goes_repairs_the_sequence(place: Place) -> None:
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
            "score": chance.choice([0, 12.5, 50, 87, 100, 100, 66.66666666666667, "50", 140, None]),
            "max_score": chance.choice([None, None, None, 200, 133.33333333333334, "200", 0]),
        }
        kind = chance.choice(["page_view", "interaction", "lesson_start", "lesson_complete", "assessment_start"])
        kind = chance.choice([kind, "assessment_complete", "error"])
        learner, session = f"learner_{chance.randint(1, 2)}", f"s{chance.randint(1, 3)}"
        events.append(event(number, at, kind, session, learner, **{k: v for k, v in data.items() if v is not None}))
    # A session that spans a day without an event on it, time that reaches into such a day, and a session of a century.
    for days, seconds, session in (
        (5, 86_370, "spans_1"),
        (7, 30, "spans_1"),
        (3, 0, "century_1"),
        (-9_000, 0, "century_1"),
    ):
        count += 1
        at = datetime(2025, 9, 1, tzinfo=UTC) + timedelta(days=days, seconds=seconds)
        events.append(event(count, at, "lesson_start", session, "learner_3", lesson_id="L1"))
    return chance.sample(events, len(events))


def test_all_metrics_are_those_of_an_independent_implementation(place: Place) -> None:
    """Mastery among them: Bayesian Knowledge Tracing in probabilities, exactly, to four decimals."""
    events = random_events(Random("independent"), 560)
    place.load(events[:250])
    place.build()
    place.load(events[250:])
    place.build()
    known: list[Event] = [event_from(item | {"data": json.dumps(item["data"])}) for item in events]
    people = {f"learner_{number}": digest(f"learner_{number}") for number in (1, 2, 3)}

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

    days = {(row["learner_id"], row["activity_date"]): row for row in place.rows("learner_activity_summary")}
    recent = {key for key in reference.hours_of_days(known) | reference.events_of_days(known) if key[1].year == 2025}
    assert {key for key in recent if not reference.events_of_days(known)[key]}
    assert set(days) == {(people[learner], day) for learner, day in recent}
    for learner, day in recent:
        row, own = days[people[learner], day], reference.events_of_days(known)[learner, day]
        assert row["hours_spent"] == pytest.approx(reference.hours_of_days(known)[learner, day], abs=1e-12)
        assert (row["daily_events"], row["sessions"]) == (len(own), len({item.session_id for item in own}))

    engagement = place.rows("learner_engagement", "activity_date, daily_learners, weekly_learners, monthly_learners")
    counted = {day: counts for day, counts in reference.engagement(known).items() if day.year == 2025}
    assert {row["activity_date"]: tuple(row.values())[1:] for row in engagement} == counted

    unpublished = place.unpublished("table_name, reason, record_key")
    unfit = {
        ("raw_events", "unfit_score", json.dumps({"event_id": name}, separators=(",", ":")))
        for name in reference.unfit_scores(known)
    }
    assert {row for row in unpublished if row[0] == "raw_events"} == unfit
    assert [(table, reason) for table, reason, _ in unpublished if table != "raw_events"] == [
        ("session_metrics", "session_too_long")
    ]


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
