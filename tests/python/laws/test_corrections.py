"""What is sent again corrected comes in, what it corrects is settled, and a full refresh says the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from records import event, interaction, key, session

from laws.histories import Batch, Record
from laws.trials import Trials, build, models_of, tables_of
from strata.cli.look import status
from strata.cli.rejects import rejects_list

_NO_VERSION = {"moduleVersion": None, "scenarioVersion": None, "promptVersion": None}
_NO_CONTEXT = {"moduleId": None, "quizId": None, "scenarioId": None, "turnIndex": None, "action": None}
_BERLIN = {"region_id": "emea", "country_id": "de", "branch_id": "berlin", "team_id": "berlin_1"}
_SEOUL = {"region_id": "apac", "country_id": "kr", "branch_id": "seoul", "team_id": "seoul_1"}
_YORK = {"region_id": "amer", "country_id": "us", "branch_id": "york", "team_id": "york_1"}
_REJECTED = (
    "select line_number, settled_in_batch from {ops}.all_rejections where turned_away_by = 'staging' order by 1, 2"
)
_RECONCILED = (
    "select batch_id, records_in_raw, records_staged, exact_duplicates, conflicting_copies, "
    "records_rejected_in_staging from {ops}.record_reconciliation where table_name <> 'org_scope' order by batch_id"
)


def place(scope: Record, timezone: str, valid_from: str = "2025-01-01") -> Record:
    """A row of the organisation."""
    return scope | {"timezone": timezone, "valid_from": valid_from, "valid_to": None}


def on_wire(scope: Record) -> Record:
    """The scope as senders write it."""
    return {f"{name.removesuffix('_id')}Id": value for name, value in scope.items()}


def login(number: int, at: str = "2026-03-04T11:00:00Z", user: str = "ann", scope: Record = _BERLIN) -> Record:
    """A login."""
    return event(
        number, userId=user, timestamp=at, eventType="login", version=_NO_VERSION, context=_NO_CONTEXT,
        scope=on_wire(scope),
    )  # fmt: skip


def trials_on(engine: str, request: pytest.FixtureRequest) -> Trials:
    """The trials of an engine."""
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    return trials


def check_against_full_refresh(trials: Trials) -> None:
    """What was built step by step is what a full refresh makes of it."""
    trials.keep("steps")
    build(trials.session, [*models_of("training"), "--full-refresh"])
    trials.keep("once")
    assert trials.differences("steps", "once") == []


ENGINES = pytest.mark.parametrize("engine", ["duckdb", "postgres"])


@ENGINES
def test_a_corrected_team_comes_in_and_settles_the_mistake(engine: str, request: pytest.FixtureRequest) -> None:
    trials = trials_on(engine, request)
    mistyped = _BERLIN | {"team_id": "berlin_l"}
    wrong = Batch("training", "event_log", [login(number, scope=mistyped) for number in range(1, 21)])
    right = Batch("training", "event_log", [login(number) for number in range(1, 21)])
    trials.play([[Batch("training", "org_scope", [place(_BERLIN, "Europe/Berlin")]), wrong]])
    assert trials.query(_REJECTED) == [(number, None) for number in range(1, 21)]

    trials.deliver([right])
    build(trials.session, tables_of("training"))
    assert trials.query("select count(*) from {staging_training}.stg_training__event_log") == [(20,)]
    assert trials.query(_REJECTED) == [(number, 3) for number in range(1, 21)]
    assert trials.query("select count(*), min(counted_batch_id) from {ops}.conflicts") == [(20, 3)]
    assert trials.query(_RECONCILED) == [(2, 20, 0, 0, 20, 0), (3, 20, 20, 0, 0, 0)]
    assert trials.query("select active_users, team_id from {training}.agg_team") == [(1, "berlin_1")]
    check_against_full_refresh(trials)


@ENGINES
def test_the_winner_may_change_with_the_organisation(engine: str, request: pytest.FixtureRequest) -> None:
    """The earlier copy of another user and day wins when its team becomes known, and goes when the team is closed."""
    trials = trials_on(engine, request)
    late = _BERLIN | {"team_id": "berlin_2"}
    copies = [login(1), login(1, "2026-03-01T11:00:00Z", "bob", late), login(2, "2026-03-04T12:00:00Z", "cem")]
    who = "select user_id, date from {training}.snapshot_daily_user order by 1"
    ann, bob, cem = (("ann", date(2026, 3, 4)), ("bob", date(2026, 3, 1)), ("cem", date(2026, 3, 4)))
    trials.play(
        [[Batch("training", "org_scope", [place(_BERLIN, "Europe/Berlin")]), Batch("training", "event_log", copies)]]
    )
    assert trials.query(who) == [ann, cem]
    assert trials.query(_REJECTED) == [(2, 2)]

    trials.deliver([Batch("training", "org_scope", [place(late, "Europe/Berlin")])])
    build(trials.session, tables_of("training"))
    assert trials.query(who) == [bob, cem]
    assert trials.query(_REJECTED) == []
    trials.deliver([Batch("training", "org_scope", [place(late, "Europe/Berlin") | {"valid_to": "2026-02-01"}])])
    build(trials.session, tables_of("training"))
    assert trials.query(who) == [ann, cem]
    assert trials.query(_REJECTED) == [(2, 2)]
    check_against_full_refresh(trials)


@ENGINES
def test_a_record_that_the_door_turned_away_is_settled_by_its_copy(
    engine: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = trials_on(engine, request)
    trials.play([[Batch("training", "org_scope", [place(_BERLIN, "Europe/Berlin")])]])
    cases: list[tuple[int, dict[str, Any]]] = [(1, {"userId": None}), (2, {"version": None}), (3, {"eventId": "three"})]
    broken = [login(number) | changes for number, changes in cases]
    trials.load_some([Batch("training", "event_log", broken)])
    trials.deliver([Batch("training", "event_log", [login(1), login(3)])])
    build(trials.session, tables_of("training"))
    said = "select line_number, record_id, settled_in_batch from {ops}.all_rejections order by line_number"
    assert trials.query(said) == [(1, key(1), 3), (2, key(2), None), (3, None, None)]
    capsys.readouterr()
    rejects_list()
    listed = capsys.readouterr().out
    assert "2 of 2" in listed
    assert "Not shown: 1 record settled by a copy" in " ".join(listed.split())
    rejects_list(everything=True)
    assert "3 of 3" in capsys.readouterr().out


@ENGINES
def test_a_traveller_ends_in_the_place_of_the_latest_instant(engine: str, request: pytest.FixtureRequest) -> None:
    """From Seoul, after midnight there, to New York, where it is the evening before."""
    trials = trials_on(engine, request)
    places = Batch("training", "org_scope", [place(_SEOUL, "Asia/Seoul"), place(_YORK, "America/New_York")])
    in_seoul = [login(1, "2026-03-05T11:00:00Z", scope=_SEOUL), login(2, "2026-03-05T16:00:00Z", scope=_SEOUL)]
    in_york = Batch("training", "event_log", [login(3, "2026-03-05T23:00:00Z", scope=_YORK)])
    days = "select date, team_id from {training}.snapshot_daily_user order by 1"
    hours = "select date, hour, team_id from {training}.snapshot_hourly_user order by 1, 2"
    users = (
        "select scope_id, users from {training}.kpi_training_daily where scope_level = 'team' "
        "and date = '2026-03-06' order by 1"
    )
    trials.play([[places, Batch("training", "event_log", in_seoul)]])
    assert trials.query(users) == [("seoul_1", 1)]

    trials.deliver([in_york])
    build(trials.session, tables_of("training"))
    first, second = date(2026, 3, 5), date(2026, 3, 6)
    assert trials.query(days) == [(first, "york_1"), (second, "york_1")]
    assert trials.query(hours) == [(first, 18, "york_1"), (first, 20, "york_1"), (second, 1, "york_1")]
    assert trials.query(users) == [("seoul_1", 0), ("york_1", 1)]
    check_against_full_refresh(trials)


@ENGINES
def test_another_users_interaction_tells_nothing_of_a_session(engine: str, request: pytest.FixtureRequest) -> None:
    trials = trials_on(engine, request)
    own = interaction(1, userId="ann", sessionId=key(9), metadata__personaId="kind")
    stranger = interaction(2, userId="bob", sessionId=key(9), metadata__personaId="stern")
    trials.play(
        [
            [
                Batch("training", "org_scope", [place(_BERLIN, "Europe/Berlin")]),
                Batch("training", "session_log", [session(9, userId="ann")]),
            ],
            [Batch("training", "interaction_log", [own, stranger])],
        ]
    )
    logs = "select user_id, interactions, persona_ids from {training}.insights_saleslab_session_logs"
    assert [(user, count, list(personas)) for user, count, personas in trials.query(logs)] == [("ann", 1, ["kind"])]
    strays = "select cast(interaction_id as varchar), user_id, session_user_id from {ops}.stray_interactions"
    assert trials.query(strays) == [(key(2), "bob", "ann")]
    check_against_full_refresh(trials)


@ENGINES
def test_an_id_under_two_parents_is_listed(
    engine: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = trials_on(engine, request)
    double = _SEOUL | {"team_id": "berlin_1"}
    places = Batch("training", "org_scope", [place(_BERLIN, "Europe/Berlin"), place(double, "Asia/Seoul")])
    trials.play([[places, Batch("training", "event_log", [login(1), login(2, user="bob", scope=double)])]])
    listed = "select scope_level, scope_id, parent_ids, days from {ops}.scopes_with_two_parents"
    found = [(level, scope, list(parents), days) for level, scope, parents, days in trials.query(listed)]
    assert found == [("team", "berlin_1", ["berlin", "seoul"], 1)]
    active = "select active_users from {training}.agg_team where team_id = 'berlin_1'"
    assert trials.query(active) == [(2,)]
    status()
    assert "1 id of the organisation stood under several parents" in " ".join(capsys.readouterr().out.split())
