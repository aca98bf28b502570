"""Contracts: what the files may say, and what is refused before any record is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Door
from records import event, line

from strata.contract import Contract, read_contracts
from strata.errors import ContractError, ExitCode
from strata.reference import Seed, check_references, read_seeds
from strata.rules import AtOrAfter, InRange, NotEmpty, Rule

GOOD: dict[str, Any] = {
    "sources": [{
        "name": "area", "schema": "{{ env_var('STRATA_SCHEMA_PREFIX', '') }}raw_area",
        "tables": [{
            "name": "thing",
            "config": {"meta": {"format": "json", "key": ["id"], "event_time": "at", "unknown_fields": "ignore"}},
            "columns": [
                {"name": "id", "data_type": "uuid", "constraints": [{"type": "not_null"}]},
                {"name": "at", "data_type": "timestamp", "config": {"meta": {"path": "times.at"}}},
                {"name": "size", "data_type": "bigint",
                 "config": {"meta": {"presence": "required", "empty_as_null": True, "code": "E_SCOPE_MISSING"}},
                 "constraints": [{"type": "check", "expression": "size >= 0"}]},
            ],
        }],
    }]
}  # fmt: skip


def write(folder: Path, document: Any, name: str = "thing") -> Path:
    path = folder / "models" / "area" / "contracts" / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else yaml.safe_dump(document), encoding="utf-8")
    return folder


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good contract with a change at a path of keys and positions."""
    document: dict[str, Any] = yaml.safe_load(yaml.safe_dump(GOOD))
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("/"))
    target: Any = document["sources"][0]
    for part in parents:
        target = target[part]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return document


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("trim(size) <> ''", NotEmpty()),
        ("size >= -1", InRange(-1, None)),
        ("size <= 0.5", InRange(None, 0.5)),
        ("size >= 0 and size <= 10000000000", InRange(0, 10000000000)),
        ("size >= at", AtOrAfter("at")),
    ],
)
def test_the_checks_that_the_door_knows(tmp_path: Path, expression: str, rule: Rule) -> None:
    checked = changed("tables/0/columns/2/constraints", [{"type": "check", "expression": expression}])
    assert read_contracts(write(tmp_path, checked))["area", "thing"].columns[2].rules == (rule,)


def test_a_contract_says_what_the_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_SCHEMA_PREFIX", "t1_")
    contract = read_contracts(write(tmp_path, GOOD))["area", "thing"]
    assert (contract.relation, contract.key, contract.event_time) == ("t1_raw_area.thing", ("id",), "at")
    assert not contract.is_unknown_rejected
    assert contract.column("at").path == ("times", "at")
    size = contract.column("size")
    assert (size.is_presence_required, size.is_empty_null, size.code) == (True, True, "E_SCOPE_MISSING")
    assert contract.all_columns() == {
        "id": "uuid", "at": "timestamp", "size": "bigint", "_batch_id": "bigint", "_line_number": "bigint",
        "_event_date": "date",
    }  # fmt: skip


def test_the_real_contracts(contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> None:
    assert {name for area, name in contracts if area == "training"} == {
        "event_log", "interaction_log", "session_log", "org_scope"
    }  # fmt: skip
    for contract in contracts.values():
        check_references(contract, seeds)
        assert (contract.format == "none") == (contract.area == "ops")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("name", "Area", "not an identifier"), ("name", "a" * 64, "not an identifier"),
        ("name", "1a", "not an identifier"),
        ("schema", "raw; drop", "not an identifier"), ("tables/0/name", "x.y", "not an identifier"),
        ("tables/0/config/meta/format", "xml", "not one of json"),
        ("tables/0/config/meta/format", ..., "not one of json"),
        ("tables/0/config/meta/unknown_fields", "drop", "not one of reject"),
        ("tables/0/config/meta/mood", 1, "does not know the meta words"),
        ("tables/0/config/meta/key", ["nobody"], "missing or doubled"),
        ("tables/0/config/meta/event_time", "x", "missing"),
        ("tables/0/config/meta/event_time", "id", "must be a timestamp"), ("tables/0/columns", ..., "not a contract"),
        ("tables/0/columns/1/name", "id", "missing or doubled"),
        ("tables/0/columns/1/name", 'a"b', "not an identifier"),
        ("tables/0/columns/1/data_type", "varchar", "not one of string"),
        ("tables/0/columns/1/data_type", ..., "not a contract"),
        ("tables/0/columns/1/config/meta", {"path": "a b"}, "JSON path"),
        ("tables/0/columns/1/config/meta", {"path": "a..b"}, "JSON path"),
        ("tables/0/columns/1/config/meta", {"path": "a'"}, "JSON path"),
        ("tables/0/columns/1/config/meta", {"pth": "a"}, "does not know the meta words"),
        ("tables/0/columns/1/config/meta", {"presence": "always"}, "not one of required"),
        ("tables/0/columns/0/data_tests", ["unique"], "does not understand the rule 'unique'"),
        ("tables/0/columns/0/data_tests", [{"not_null": {"where": "x"}}], "does not understand"),
        ("tables/0/columns/0/constraints", [{"type": "unique"}], "does not understand the constraint"),
        ("tables/0/columns/0/constraints", [{"type": "not_null", "expression": "x"}], "does not understand"),
        ("tables/0/columns/0/constraints", [{"type": "check"}], "does not understand"),
        ("tables/0/columns/2/constraints", [{"type": "check", "expression": "size > 0"}], "does not understand"),
        ("tables/0/columns/2/constraints", [{"type": "check", "expression": "id >= 0"}], "does not understand"),
        ("tables/0/columns/2/constraints", [{"type": "check", "expression": "size >= 0 or true"}], "understand"),
        ("tables/0/columns/2/constraints", [{"type": "check", "expression": "size >= 0size <= 1"}], "understand"),
        ("tables/0/columns/1/constraints", [{"type": "check", "expression": "at >= gone"}], "missing or doubled"),
        ("tables/0/columns/0/data_tests", [{"relationships": {"arguments": {"to": "x", "field": "y"}}}], "is not ref"),
        ("tables/0/columns/0/data_tests", [{"relationships": {"arguments": {"field": "y"}}}], "do not fit"),
        ("tables/0/columns/0/data_tests", [{"a": {}, "b": {}}], "one name"),
        ("tables/0/data_tests", ["not_null"], "does not understand the rule 'not_null' on a table"),
        ("tables/0/data_tests", [{"max_length": {"arguments": {"columns": ["id"]}}}], "columns and characters"),
        ("tables/0/data_tests", [{"max_length": {"arguments": {"characters": 5}}}], "columns and characters"),
        ("tables/0/data_tests", [{"json_objects": {"arguments": {"columns": ["id"]}}}], "columns and flat"),
        ("tables/0/data_tests", [{"json_objects": {"arguments": {"columns": ["id"], "flat": "yes"}}}], "and flat"),
        ("tables/0/columns/0/constraints", [{"type": "check", "expression": "id not like '%a'"}], "understand"),
        ("tables/0/columns/0/constraints", [{"type": "check", "expression": "id not like 'a_%'"}], "understand"),
        ("tables/0/data_tests", [{"max_length": {"arguments": {"columns": ["gone"], "characters": 5}}}], "missing"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, path: str, value: Any, said: str) -> None:
    with pytest.raises(ContractError, match=said) as caught:
        read_contracts(write(tmp_path, changed(path, value)))
    assert caught.value.exit_code == ExitCode.USAGE
    assert "thing.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({}, "session may hold what names a person"),
        ({"pseudonym": "somebody"}, "not one of subject, identifier"),
        ({"form": "poem"}, "not one of version"),
        ({"pseudonym": "identifier"}, None),
        ({"form": "version"}, None),
    ],
)
def test_a_private_table_takes_no_text_of_any_kind(tmp_path: Path, meta: dict[str, str], said: str | None) -> None:
    document = changed("name", "area")
    columns = [{"name": "person", "data_type": "string", "config": {"meta": {"pseudonym": "subject"}}}]
    columns += [{"name": "session", "data_type": "string", "config": {"meta": meta}}]
    document["sources"][0]["tables"][0] = {"name": "seen", "config": {"meta": {"format": "json"}}, "columns": columns}
    folder = write(tmp_path, yaml.safe_dump(document))
    if said is None:
        assert read_contracts(folder)["area", "seen"].is_private
    else:
        with pytest.raises(ContractError, match=said):
            read_contracts(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "sources: 1", "sources: [{name: a}]", "\t", "sources: [1]"])
def test_a_file_that_is_no_contract(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContractError, match="not a contract"):
        read_contracts(write(tmp_path, text))


def test_two_contracts_for_one_table(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "one")
    with pytest.raises(ContractError, match="has a contract already"):
        read_contracts(write(tmp_path, GOOD, "two"))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("training/training_event_types.csv", "event_type,", "kind,", "training_event_types or its columns"),
        ("training/training_event_types.csv", "requires_module_version", "needs_module", "training_event_types"),
        (
            "training/training_event_types.csv",
            "login,false,false,false,false",
            "login,false,false,false",
            "fewer cells",
        ),
        ("ops/rejection_codes.csv", "E_SCOPE_MISSING", "E_SCOPE_LOST", "E_SCOPE_MISSING is not in the seed"),
    ],
)
def test_a_seed_that_is_missing_stops_the_load(door: Door, file: str, old: str, new: str, said: str) -> None:
    path = door.settings.project / "seeds" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ContractError, match=said):
        check_references(door.contract("event_log"), read_seeds(door.settings.project))


def test_fields_that_nobody_knows_may_be_ignored(
    tmp_path: Path, door: Door, contracts: dict[tuple[str, str], Contract]
) -> None:
    """``unknown_fields: ignore`` lets them pass, and still every key stands once."""
    import dataclasses

    strict = contracts["training", "event_log"]
    lenient = dataclasses.replace(strict, is_unknown_rejected=False)
    lines = [
        line(event(1) | {"debug": {"a": [1]}}), line(event(2, scope__store="x")), line(event(3)),
        line(event(4) | {"debug": {"a": 1, "A": 2}}), line(event(5) | {"DEBUG": 1, "debug": 2}),
        line(event(6))[:-2] + b',"debug":NaN}\n',
    ]  # fmt: skip
    file = door.put(b"".join(lines))
    loaded = door.intake.load(dataclasses.replace(file, contract=lenient))
    assert set(door.rows("event_log", loaded.batch_id)) == {1, 2, 3}
    reasons = {number: item["reason"] for number, item in door.rejections(loaded.batch_id).items()}
    assert reasons == {4: "duplicate_key", 5: "duplicate_key", 6: "invalid_json"}
