"""Definitions of funnels at the door: what is one, and what is turned away with which sentence."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from engines import new_prefix, session_for

from strata.areas.product.grammars import funnel_steps
from strata.contract import Contract, read_contracts
from strata.dbt_runner import run_dbt
from strata.door.landing import find_files
from strata.errors import ContractError
from strata.intake.intake import Intake
from strata.settings import TARGETS, Settings

TYPES = {"alias", "group", "identify", "page", "screen", "track"}
A: dict[str, Any] = {"event_name": "a"}
B: dict[str, Any] = {"event_name": "b", "event_type": "track"}

LISTED = "alias, group, identify, page, screen, track"

GOOD: list[Any] = [
    [], {}, {"steps": []}, [A], [A] * 20, [A, A],
    [A | {"where": {"page_url": "x", "referrer": None, "properties.a.b-c": [1, "1", True, None], "context.$a": 0.5}}],
    {"steps": [A, B], "window_seconds": 1, "order": "strict"}, {"steps": [A, B], "window_seconds": 366 * 86_400},
    {"steps": [A, B], "order": "any", "exclusions": [A]},
    {"steps": [A, B], "order": "any", "exclusions": [A | {"after_step": 1, "before_step": 2}]},
    {"steps": [A, B, A], "exclusions": [B | {"after_step": 2, "before_step": 3}]},
    {"steps": [A | {"where": {"properties.x": 1}}, A | {"where": {"properties.x": True}}], "order": "any"},
]  # fmt: skip

BAD: list[tuple[Any, str]] = [
    ([A] * 21, "steps must be a list of at most 20"),
    ({"steps": A}, "steps must be a list of at most 20"),
    (["a"], "step 1 must be an object"),
    ([A, {}], "event_name of step 2 must be text of 1 to 128 characters"),
    ([{"event_name": " "}], "event_name of step 1 must be text of 1 to 128 characters"),
    ([{"event_name": 1}], "event_name of step 1 must be text of 1 to 128 characters"),
    ([{"event_name": "é" * 129}], "event_name of step 1 must be text of 1 to 128 characters"),
    ([A | {"event_type": "dance"}], f"event_type of step 1 must be one of {LISTED}, not 'dance'"),
    ([A | {"event_type": ["track"]}], f"event_type of step 1 must be one of {LISTED}, not ['track']"),
    ([A | {"event_type": None}], f"event_type of step 1 must be one of {LISTED}, not None"),
    ([A | {"name": "x"}], "step 1 has the unknown key 'name'; it takes event_name, event_type, where"),
    ([A | {"after_step": 1}], "step 1 has the unknown key 'after_step'; it takes event_name, event_type, where"),
    ({"step": [A]}, "steps has the unknown key 'step'; it takes steps, window_seconds, order, exclusions"),
    ([A | {"where": []}], "where of step 1 must be an object of at most 20 conditions"),
    *(
        (
            [A | {"where": {column: 1}}],
            f"where of step 1 names {column!r}; it takes page_url, referrer, properties.<key> and context.<key>",
        )
        for column in (
            "user_id", "properties", "properties.", "properties.0", "properties.a b", 'properties.a"', "Page_url",
            "context.a..b", "properties.a\n",
        )
    ),
    ([A | {"where": {"page_url": {"a": 1}}}], "page_url of step 1 must be a text, a number, true, false, null or a "
     "list of these"),
    ([A | {"where": {"page_url": []}}], "page_url of step 1 must be a list of 1 to 100"),
    ([A | {"where": {"page_url": [["a"]]}}], "page_url of step 1 must be a text, a number, true, false, null or a list "
     "of these"),
    ({"steps": [A], "window_seconds": 0}, "window_seconds must be a whole number from 1 to 31622400, not 0"),
    ({"steps": [A], "window_seconds": 366 * 86_400 + 1}, "window_seconds must be a whole number from 1 to 31622400, "
     "not 31622401"),
    ({"steps": [A], "window_seconds": True}, "window_seconds must be a whole number from 1 to 31622400, not True"),
    ({"steps": [A], "window_seconds": "60"}, "window_seconds must be a whole number from 1 to 31622400, not '60'"),
    ({"steps": [A], "order": "loose"}, "order must be one of ordered, strict, any, not 'loose'"),
    ({"steps": [A], "order": None}, "order must be one of ordered, strict, any, not None"),
    ({"steps": [A], "exclusions": [B]}, "exclusion 1 stands between no two steps, since there are fewer than two"),
    ({"steps": [A, B], "exclusions": [A, {"where": {}}]}, "event_name of exclusion 2 must be text of 1 to 128 "
     "characters"),
    ({"steps": [A, B], "exclusions": [A | {"after_step": 2}]}, "after_step of exclusion 1 must be a whole number from "
     "1 to 1, not 2"),
    ({"steps": [A, B], "exclusions": [A | {"before_step": 3}]}, "before_step of exclusion 1 must be a whole number "
     "from 2 to 2, not 3"),
    ({"steps": [A, B, A], "exclusions": [A | {"after_step": 2, "before_step": 2}]}, "after_step of exclusion 1 must be "
     "less than its before_step"),
    ({"steps": [A, B, A | {"where": {"page_url": "x"}}], "order": "any", "exclusions": [A | {"after_step": 2}]},
     "exclusion 1 names steps, but in a funnel of the order any it holds for the whole entry"),
    ({"steps": [A, B, A], "order": "any"}, "step 3 is the same as step 1, which order any refuses"),
    ({"steps": [A | {"where": {"page_url": ["x", "y"]}}, A | {"where": {"page_url": ["y", "x", "x"]}}], "order": "any"},
     "step 2 is the same as step 1, which order any refuses"),
]  # fmt: skip


@pytest.mark.parametrize("steps", GOOD)
def test_a_definition_passes(steps: Any) -> None:
    assert funnel_steps(steps, TYPES) is None


@pytest.mark.parametrize(("steps", "sentence"), BAD)
def test_a_sentence_names_what_is_wrong(steps: Any, sentence: str) -> None:
    assert funnel_steps(steps, TYPES) == sentence


def records_of(definitions: list[Any]) -> list[dict[str, Any]]:
    """One record a definition."""
    return [
        {"id": f"f{number}", "name": f"funnel {number}", "steps": steps, "created_at": "2026-03-01T00:00:00Z"}
        for number, steps in enumerate(definitions)
    ]


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
def test_the_door_turns_away_what_the_grammar_does(
    kind: str, settings: Settings, contracts: dict[tuple[str, str], Contract], warehouse: Any
) -> None:
    folder = settings.landing / "product" / "funnels"
    folder.mkdir(parents=True)
    _write(folder / f"a.{kind}", records_of([*GOOD, *(steps for steps, _ in BAD), 1, "x", None]))
    [file] = find_files(settings.landing, contracts, [folder])
    loaded = Intake(warehouse).load(file)
    assert (loaded.counts.loaded, loaded.counts.rejected) == (len(GOOD), len(BAD) + 3)
    kept = warehouse.query(f"select id, steps from {contracts['product', 'funnels'].relation}")
    assert {name: json.loads(steps) for name, steps in kept} == {f"f{n}": steps for n, steps in enumerate(GOOD)}
    found = warehouse.query("select reason, column_name, message from {ops}.rejections order by line_number")
    assert [message for _, _, message in found][: len(BAD)] == [f"steps: {sentence}" for _, sentence in BAD]
    assert {reason for reason, _, _ in found[: len(BAD)]} == {"bad_funnel_steps"}
    assert [reason for reason, _, _ in found[len(BAD) :]] == ["wrong_type", "wrong_type", "null_value"]
    assert {column for _, column, _ in found} == {"steps"}


def _write(path: Path, records: list[dict[str, Any]]) -> None:
    if path.suffix == ".ndjson":
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]))
    writer.writeheader()
    for record in records:
        steps = record["steps"]
        writer.writerow(record | {"steps": None if steps is None else json.dumps(steps)})
    path.write_text(text.getvalue(), encoding="utf-8")


def test_a_definition_that_is_no_json_is_turned_away(
    settings: Settings, contracts: dict[tuple[str, str], Contract], warehouse: Any
) -> None:
    folder = settings.landing / "product" / "funnels"
    folder.mkdir(parents=True)
    text = 'id,name,steps,created_at\na,a,"[{""event_name"":""a"",}]",2026-03-01\nb,b,[NaN],2026-03-01 10:00:00\n'
    (folder / "a.csv").write_text(text, encoding="utf-8")
    [file] = find_files(settings.landing, contracts, [folder])
    assert Intake(warehouse).load(file).counts.rejected == 2


def test_a_grammar_that_nobody_wrote_is_an_error_of_the_contract(project: Path) -> None:
    contract = project / "models" / "product" / "contracts" / "funnels.yml"
    contract.write_text(contract.read_text().replace("grammar_funnel_steps", "grammar_of_a_dream"), encoding="utf-8")
    with pytest.raises(ContractError, match=r"no grammar 'of_a_dream'"):
        read_contracts(project)


# What SQL sees by itself, planted past the door.
BAD_IN_SQL: list[Any] = [
    1, "x", {"steps": A}, [A] * 21, ["a"], [{}], [{"event_name": " "}], [{"event_name": 1}],
    [A | {"event_type": "dance"}], [A | {"where": []}], {"steps": [A], "order": "loose"},
    {"steps": [A], "window_seconds": 0}, {"steps": [A], "window_seconds": 1.5},
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_the_raw_table_is_asked_for_the_same(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    session = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    table = session.contracts["product", "funnels"].relation
    select = ["build", "--select", "product_event_types", "test_name:grammar_funnel_steps"]

    def message() -> str:
        nodes = run_dbt(session.settings, select, lambda name: None, session.manifest)
        [test] = [node for node in nodes if "grammar" in node.name]
        return test.message if test.is_bad else "passed"

    folder = tmp_path / "landing" / "product" / "funnels"
    folder.mkdir(parents=True)
    _write(folder / "a.ndjson", records_of(GOOD))
    [loaded] = session.load(session.files([]), lambda item: None)
    assert loaded.counts.loaded == len(GOOD)
    assert message() == "passed"
    texts = [json.dumps(steps).replace("'", "''") for steps in BAD_IN_SQL]
    rows = ", ".join(f"('{text}', 2, {line})" for line, text in enumerate(texts, 1))
    with session.warehouse() as warehouse:
        warehouse.execute(f"insert into {table} (steps, _batch_id, _line_number) values {rows}")
    assert message().startswith(f"Got {len(BAD_IN_SQL)} results")
