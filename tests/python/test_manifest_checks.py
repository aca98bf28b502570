"""The project keeps the rules of the house, and each rule's check finds a project that does not."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from strata.manifest import Manifest
from strata.manifest_checks import CHECKS, run_checks
from strata.meta_checks import read_reference
from strata.specified import read_specified

PROJECT = Path(__file__).parents[2]
SPECIFIED = read_specified(PROJECT)
REFERENCE = read_reference(PROJECT)

Content = dict[str, Any]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The manifest of the project as it lies here."""
    folder = tmp_path_factory.mktemp("manifest")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("STRATA_", "DBT_"))}
    # A partial parse forgets the descriptions of singular tests that were edited.
    command = [sys.executable, "-m", "dbt.cli.main", "parse", "--no-partial-parse", "--quiet"]
    command += ["--target-path", str(folder), "--log-path", str(folder)]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    done = subprocess.run(
        command, env=environment | {"STRATA_TARGET": "lint"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    parsed: Content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return parsed


def findings(content: Content) -> list[str]:
    return [str(finding) for finding in run_checks(Manifest(content, specified=SPECIFIED, described=REFERENCE))]


@pytest.mark.parametrize("check", CHECKS)
def test_the_project_keeps_the_rule(content: Content, check: str) -> None:
    assert [finding for finding in findings(content) if finding.startswith(f"{check}:")] == []


def model(content: Content, name: str = "agg_team") -> Content:
    node: Content = content["nodes"][f"model.strata.{name}"]
    return node


def macro(content: Content, name: str) -> Content:
    found: Content = content["macros"][f"macro.strata.{name}"]
    return found


def reads(name: str, parent: str) -> Callable[[Content], None]:
    return lambda content: model(content, name)["depends_on"]["nodes"].append(parent)


def says(name: str, code: str) -> Callable[[Content], None]:
    def doctor(content: Content) -> None:
        model(content, name)["raw_code"] += code

    return doctor


def sets(name: str, key: str, value: Any) -> Callable[[Content], None]:
    def doctor(content: Content) -> None:
        model(content, name)[key] = value

    return doctor


def restates(name: str, restate: dict[str, Any]) -> Callable[[Content], None]:
    def doctor(content: Content) -> None:
        model(content, name)["config"]["meta"]["restate"] = restate

    return doctor


def without_its_claim(content: Content) -> None:
    claims = [
        name for name, node in content["nodes"].items() if node.get("test_metadata", {}).get("name") == "append_only"
    ]
    del content["nodes"][claims[0]]


def renamed(content: Content) -> None:
    model(content, "int_training__user_day")["name"] = "user_day"


def reads_the_time(content: Content) -> None:
    model(content, "session_quality")["depends_on"]["macros"].append("macro.strata.reading_time")


def without_column(content: Content) -> None:
    del model(content, "agg_region")["columns"]["quiz_pass_rate"]


def with_column(content: Content) -> None:
    columns = model(content, "snapshot_daily_user")["columns"]
    columns["mood"] = {**columns["user_id"], "name": "mood"}


def reordered(content: Content) -> None:
    node = model(content, "agg_branch")
    node["columns"] = dict(reversed(node["columns"].items()))


def without_table(content: Content) -> None:
    del content["nodes"]["model.strata.kpi_by_version"]


def without_contract(content: Content) -> None:
    model(content)["config"]["contract"]["enforced"] = False


def without_type(content: Content) -> None:
    model(content)["columns"]["team_id"]["data_type"] = None


def appends_new_columns(content: Content) -> None:
    model(content)["config"]["on_schema_change"] = "append_new_columns"


def undescribed_column(content: Content) -> None:
    model(content)["columns"]["team_id"]["description"] = ""


def undescribed_seed(content: Content) -> None:
    content["nodes"]["seed.strata.training_rewards"]["description"] = " "


def undescribed_test(content: Content) -> None:
    content["nodes"]["test.strata.p_01_versions_present"]["description"] = ""


def undescribed_macro(content: Content) -> None:
    macro(content, "safe_ratio")["description"] = ""


def undescribed_argument(content: Content) -> None:
    macro(content, "safe_ratio")["arguments"].pop()


def engine_in_metrics(content: Content) -> None:
    macro(content, "safe_ratio")["macro_sql"] += "{% if target.type == 'x' %}"


def engine_version_in_metrics(content: Content) -> None:
    macro(content, "duckdb__json_string")["original_file_path"] = "macros/metrics/json_string.sql"


def clock_in_metrics(content: Content) -> None:
    macro(content, "safe_ratio")["macro_sql"] += "current_date"


def raw_in_area(content: Content) -> None:
    content["sources"]["source.strata.training.event_log"]["schema"] = "training"


def contracts_in_one_file(content: Content) -> None:
    content["sources"]["source.strata.training.event_log"]["original_file_path"] = "models/training/contracts/all.yml"


def seed_among_models(content: Content) -> None:
    content["nodes"]["seed.strata.training_rewards"]["schema"] = "training"


def without_unit_tests(content: Content) -> None:
    content["unit_tests"] = {key: item for key, item in content["unit_tests"].items() if item["model"] != "agg_region"}


def constrained(name: str, kind: str) -> Callable[[Content], None]:
    def doctor(content: Content) -> None:
        next(iter(model(content, name)["columns"].values()))["constraints"] = [{"type": kind}]

    return doctor


def without_its_scan(name: str) -> Callable[[Content], None]:
    def doctor(content: Content) -> None:
        [test] = [key for key in content["nodes"] if f"constraints_hold_{name}_" in key]
        del content["nodes"][test]

    return doctor


def without_its_work_list(content: Content) -> None:
    model(content, "stg_training__event_log")["depends_on"]["nodes"] = []


def with_an_idle_kind(content: Content) -> None:
    lists = model(content, "int_training__touched_user_days")["config"]["meta"]["work_list"]
    lists["kinds"]["week"] = {"match": ["business_date"]}


def with_a_word(where: str, word: str) -> Callable[[Content], None]:
    def doctor(content: Content) -> None:
        owner = model(content, "int_training__touched_user_days")
        metas = {
            "model": owner["config"]["meta"],
            "column": owner["columns"]["user_id"]["config"]["meta"],
            "kind": owner["config"]["meta"]["work_list"]["kinds"]["user_day"],
            "raw table": content["sources"]["source.strata.training.event_log"]["config"]["meta"],
            "seed": content["nodes"]["seed.strata.training_rewards"]["config"]["meta"],
        }
        metas[where][word] = True

    return doctor


def without_a_word(content: Content) -> None:
    for node in content["nodes"].values():
        node["config"]["meta"].pop("history", None)


def unit_test_elsewhere(content: Content) -> None:
    unit_test = next(item for item in content["unit_tests"].values() if item["model"] == "agg_region")
    unit_test["original_file_path"] = "models/training/aggregation/unit_tests.yml"


# (check, who breaks it, what the finding says)
CASES: list[tuple[str, Callable[[Content], None], str]] = [
    (
        "p_05_ag_data_03_one_direction",
        reads("int_training__scope_day", "source.strata.training.event_log"),
        "aggregation.* may not read source",
    ),
    (
        "p_05_ag_data_03_one_direction",
        reads("agg_team", "model.strata.stg_training__event_log"),
        "aggregation.* may not read model.strata.stg",
    ),
    (
        "p_05_ag_data_03_one_direction",
        reads("rank_scope", "model.strata.stg_training__event_log"),
        "marts.* may not read",
    ),
    ("p_05_ag_data_03_one_direction", reads("snapshot_daily_user", "model.strata.agg_team"), "may not read .*agg_team"),
    ("p_05_ag_data_03_one_direction", reads("minute_metrics", "source.strata.ops.subjects"), "may not read .*subjects"),
    ("p_05_ag_data_03_one_direction", reads("snapshot_daily_user", "model.strata.lateness"), "may not read .*lateness"),
    ("p_04_ag_data_05_published_columns", without_column, "agg_region has the columns"),
    ("p_04_ag_data_05_published_columns", with_column, "snapshot_daily_user has the columns .*mood"),
    ("p_04_ag_data_05_published_columns", reordered, "agg_branch has the columns"),
    ("p_04_ag_data_05_published_columns", without_table, "kpi_by_version is specified for training and missing"),
    ("p_04_ag_data_05_contracts_enforced", without_contract, "no enforced contract"),
    ("p_04_ag_data_05_contracts_enforced", without_type, "no data_type for team_id"),
    ("p_04_ag_data_05_contracts_enforced", appends_new_columns, "on_schema_change"),
    ("column_claims_are_asked", without_its_scan("rank_scope"), "rank_scope .*no test constraints_hold"),
    ("column_claims_are_asked", without_its_scan("stg_training__interaction_log"), "interaction_log .*no test"),
    ("column_claims_are_asked", without_its_scan("training_rewards"), "training_rewards .*no test"),
    ("column_claims_are_asked", without_its_scan("ops_batches"), "batches .*no test constraints_hold"),
    ("column_claims_are_asked", constrained("agg_team", "unique"), "agg_team has a constraint unique"),
    ("names", renamed, "user_day is no specified name"),
    ("names", sets("stg_training__event_log", "name", "events"), "must be called stg_training__"),
    ("folder_is_layer_is_schema", sets("agg_team", "schema", "model_outside_any_area"), "is built in model_outside"),
    ("folder_is_layer_is_schema", sets("agg_team", "original_file_path", "models/training/agg_team.sql"), "lies in"),
    ("folder_is_layer_is_schema", raw_in_area, "training.event_log stands in"),
    ("folder_is_layer_is_schema", contracts_in_one_file, "is described in .*all.yml"),
    ("folder_is_layer_is_schema", seed_among_models, "training_rewards is built in"),
    ("yml_beside_model", sets("agg_team", "patch_path", "strata://models/training/all.yml"), "must be described in"),
    ("yml_beside_model", sets("agg_team", "patch_path", None), "must be described in"),
    ("yml_beside_model", unit_test_elsewhere, "must stand in"),
    ("everything_described", sets("agg_team", "description", ""), "agg_team has no description"),
    ("everything_described", undescribed_column, "does not describe its column team_id"),
    ("everything_described", undescribed_seed, "training_rewards has no description"),
    ("everything_described", undescribed_test, "p_01_versions_present has no description"),
    ("everything_described", undescribed_macro, "macro safe_ratio has no description"),
    ("everything_described", undescribed_argument, "takes numerator, denominator; described are numerator"),
    ("grain_comes_first", sets("agg_team", "description", "KPIs of teams."), "must have a description that begins"),
    ("grain_comes_first", sets("agg_team", "raw_code", "select 1 as one"), "must begin with the comment"),
    ("engines_in_dialect_only", says("agg_team", "{% if target.type == 'x' %}"), "names an engine: target.type"),
    ("engines_in_dialect_only", says("agg_team", "-- DuckDB is quicker here"), "names an engine: DuckDB"),
    ("engines_in_dialect_only", engine_in_metrics, "asks which engine runs"),
    ("engines_in_dialect_only", engine_version_in_metrics, "belongs in macros/dialect"),
    ("no_clock", says("agg_team", "where date < current_date"), "reads the clock: current_date"),
    ("no_clock", clock_in_metrics, "macro safe_ratio reads the clock"),
    ("no_clock", reads_the_time, "asks for the time of reading"),
    ("no_config_in_models", says("agg_team", "{{ config(materialized='table') }}"), "calls config"),
    ("groups_and_access", sets("agg_team", "group", None), "must be in the group training"),
    ("groups_and_access", sets("agg_team", "access", "protected"), "has access protected"),
    ("groups_and_access", sets("int_training__user_day", "access", "public"), "has access public"),
    ("raw_tables_make_their_claims", without_its_claim, "does not make the claim append_only"),
    ("work_kinds", says("agg_team", "{{ is_touched('minute', 'x') }}"), "agg_team asks for the kind minute, which no"),
    ("work_kinds", says("agg_team", "{{ is_touched('session', 'x') }}"), "asks for the kind session, which no"),
    ("work_kinds", without_its_work_list, "event_log asks for the kind user_day and does not come after"),
    ("work_kinds", with_an_idle_kind, "training.week is a kind of work that nobody uses"),
    ("meta_words_are_described", with_a_word("model", "mood"), "touched_user_days uses the word mood, .* under Models"),
    ("meta_words_are_described", with_a_word("column", "mood"), "user_days.user_id .* mood, .* Columns of models"),
    ("meta_words_are_described", with_a_word("kind", "mood"), "uses the word work_list.kinds.mood"),
    ("meta_words_are_described", with_a_word("raw table", "mood"), "event_log .* mood, .* under Raw tables"),
    ("meta_words_are_described", with_a_word("seed", "mood"), "training_rewards .* mood, .* under Seeds"),
    ("meta_words_are_described", without_a_word, "describes history under Models, which nobody uses"),
    ("published_tables_are_restated", restates("agg_team", {}), "has no meta.restate"),
    ("published_tables_are_restated", restates("int_training__kpi_day", {"work_list": "w"}), "is not published"),
    ("formulas_have_unit_tests", without_unit_tests, "agg_region computes something"),
]


@pytest.mark.parametrize(("check", "doctor", "message"), CASES, ids=[f"{case[0]}: {case[2]}" for case in CASES])
def test_the_check_finds_it(content: Content, check: str, doctor: Callable[[Content], None], message: str) -> None:
    doctored = copy.deepcopy(content)
    doctor(doctored)
    new = set(findings(doctored)) - set(findings(content))
    assert any(re.search(f"^{check}: .*{message}", finding) for finding in new), new


def test_every_check_has_a_case() -> None:
    assert {check for check, _, _ in CASES} == set(CHECKS)
