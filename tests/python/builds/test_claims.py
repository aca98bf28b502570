"""Every kind of claim that the project makes about a column or a key fails when it is broken, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from engines import PROJECT

from builds.toy import Toy
from strata.dbt_runner import Node, environment
from strata.rules import GRAMMAR, TABLE_CLAIMS


def _model(name: str, kind: str, kept: str, broken: str) -> str:
    # What an incremental model asks first, so that it sees one state of the database.
    asks = "{% do batch_range() %}\n" if _is_table(name) else ""
    value = f"{{{{ {broken!r} if var('broken', 'none') == 'all' else {kept!r} }}}}"
    return (
        f"{asks}select cast(number as bigint) as id, cast({value} as {kind}) as held\n"
        "from (values (1), (2)) as two_rows (number)\n"
    )


# The claim, as it stands at the column or the table; the column's type; a value that keeps it, and one that does not.
_NOT_NULL: Any = {"constraints": [{"type": "not_null"}]}
_RANGE: Any = {"constraints": [{"type": "check", "expression": "held >= -1 and held <= 9"}]}
_CASES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "table_not_null": ("bigint", _NOT_NULL, "1", "null"),
    "table_low": ("bigint", _RANGE, "-1", "-2"),
    "table_high": ("bigint", _RANGE, "9", "10"),
    "view_not_null": ("bigint", _NOT_NULL, "1", "null"),
    "view_low": ("bigint", _RANGE, "-1", "-2"),
    "view_high": ("bigint", _RANGE, "9", "10"),
    "restricted_not_null": ("bigint", _NOT_NULL, "1", "null"),
    "view_column_not_null": ("bigint", {"data_tests": ["not_null"]}, "1", "null"),
    "view_unique": ("bigint", {"data_tests": ["unique"]}, "number", "1"),
    "view_unique_key": ("bigint", {}, "number", "1"),
    "view_accepted_values": (
        "text", {"data_tests": [{"accepted_values": {"arguments": {"values": ["a"]}}}]}, "'a'", "'b'",
    ),
    "view_relationships": (
        "text",
        {"data_tests": [{"relationships": {"arguments": {"to": "ref('shop_prices')", "field": "article"}}}]},
        "'tea'", "'gin'",
    ),
    "view_not_empty": (
        "text", {"constraints": [{"type": "check", "expression": "trim(held) <> ''"}]}, "'a'", "' '",
    ),
    "view_max_length": ("text", {}, "'abc'", "'abcd'"),
    "view_not_prefixed": (
        "text", {"constraints": [{"type": "check", "expression": "held not like 'own:%'"}]}, "'my own:'", "'own:a'",
    ),
    "view_json_objects": ("json", {}, "'{\"a\":[]}'", "'[{}]'"),
    "view_flat_json_objects": ("json", {}, "'{\"a\":\"[]\"}'", "'{\"a\":[]}'"),
    "view_at_or_after": ("bigint", {"constraints": [{"type": "check", "expression": "held >= id"}]}, "2", "0"),
    "view_is_timezone": ("text", {"data_tests": ["is_timezone"]}, "'Asia/Seoul'", "'Mars/Base'"),
    "view_filled_when_required": (
        "text",
        {"data_tests": [{"filled_when_required": {"arguments": {
            "by": "id", "to": "ref('shop_needs')", "field": "id", "flag": "is_needed"}}}]},
        "'a'", "''",
    ),
}  # fmt: skip
_TABLE_TESTS: dict[str, list[Any]] = {
    "view_unique_key": [{"unique_key": {"arguments": {"columns": ["held"]}}}],
    "view_max_length": [{"max_length": {"arguments": {"columns": ["held"], "characters": 3}}}],
    "view_json_objects": [{"json_objects": {"arguments": {"columns": ["held"], "flat": False}}}],
    "view_flat_json_objects": [{"json_objects": {"arguments": {"columns": ["held"], "flat": True}}}],
    **{
        name: ["constraints_hold"]
        for name, case in _CASES.items()
        if "constraints" in case[1] and not name.startswith("table")
    },
}


def _is_table(name: str) -> bool:
    return name.startswith(("table", "restricted"))


def _yml(*, constrained: bool = True) -> str:
    models = []
    for name, (kind, claim, _, _) in _CASES.items():
        meta = {"classification": "restricted"} if name.startswith("restricted") else {}
        claim = claim if constrained or not name.startswith("table") else {}
        held = {"name": "held", "data_type": kind, "config": {"meta": meta}, **claim}
        models.append({
            "name": name,
            "config": {
                "materialized": "incremental" if _is_table(name) else "view",
                "contract": {"enforced": True},
                "on_schema_change": "fail",
                "meta": {"key": ["id"], "recompute_by": "batch", "partition_date": "id"},
            },
            "data_tests": _TABLE_TESTS.get(name, []),
            "columns": [{"name": "id", "data_type": "bigint"}, held],
        })  # fmt: skip
    id_ = {"name": "id", "constraints": [{"type": "check", "expression": "id <= 2"}]}
    seed = {"name": "shop_needs", "data_tests": ["constraints_hold"], "columns": [id_]}
    return yaml.safe_dump({"models": models, "seeds": [seed]}, sort_keys=False)


@pytest.fixture(scope="module")
def claiming(made: Toy) -> Iterator[Toy]:
    """The toy with a model for each case."""
    project: Path = made.session.settings.project
    files = {f"models/shop/{name}.sql": _model(name, case[0], case[2], case[3]) for name, case in _CASES.items()}
    files |= {"models/shop/_claims.yml": _yml(), "seeds/shop/shop_needs.csv": "id,is_needed\n1,true\n2,false\n"}
    for name, text in files.items():
        (project / name).write_text(text, encoding="utf-8")
    yield made
    for name in files:
        (project / name).unlink()


def _build(toy: Toy, broken: str, *arguments: str) -> dict[str, Node]:
    """What went wrong with the models and their tests, by the name of the case."""
    select = ["--select", "shop_needs", "shop_prices", *_CASES]
    # What is broken here comes from no new batch.
    with environment(STRATA_TEST_SCOPE="all"):
        nodes = toy.again().build([*arguments, *select], lambda name: None, {"broken": broken})
    cases = sorted(_CASES, key=len, reverse=True)
    return {next(name for name in cases if name in node.unique_id): node for node in nodes if node.is_bad}


def test_a_kept_claim_passes_and_a_broken_one_fails(claiming: Toy) -> None:
    assert _build(claiming, "none") == {}
    found = _build(claiming, "all")
    assert found.keys() == _CASES.keys()
    kinds = {name: node.kind for name, node in found.items()}
    # A table refuses the row; of what has no constraints a test fails.
    assert {name for name, kind in kinds.items() if kind == "model"} == {"table_not_null", "table_low", "table_high"}
    for name in ("table_not_null", "view_not_null", "restricted_not_null"):
        assert "held is not null does not hold in " in found[name].message
    for name in ("table_low", "table_high", "view_low", "view_high"):
        assert "held >= -1 and held <= 9 does not hold in " in found[name].message
    for name in ("view_not_null", "view_low", "restricted_not_null"):
        assert found[name].message.endswith("2 rows, for example id 1")
    assert all("\n" not in found[name].message for name in found if "null" in name or "low" in name)
    assert _build(claiming, "none", "--full-refresh") == {}


@pytest.mark.parametrize(
    ("relation", "selected", "broken", "kept", "said"),
    [
        ("raw_shop.sale", "source:shop.sale", "null where id = '1-0'", "'1-0' where id is null", "id is not null"),
        ("shop.shop_needs", "shop_needs", "7 where id = 2", "2 where id = 7", "id <= 2"),
    ],
)
def test_a_raw_table_and_a_seed_are_asked(
    claiming: Toy, relation: str, selected: str, broken: str, kept: str, said: str
) -> None:
    def found(value: str) -> list[str]:
        with claiming.session.warehouse() as warehouse:
            warehouse.execute(f"update {claiming.session.settings.schema(relation)} set id = {value}")
        with environment(STRATA_TEST_SCOPE="all"):
            nodes = claiming.select("--select", selected, "--resource-type", "test")
        assert nodes
        return [node.message for node in nodes if node.is_bad]

    assert _build(claiming, "none", "--full-refresh") == {}
    [message] = found(broken)
    assert message.startswith(f"{said} does not hold in 1 row, for example ")
    assert found(kept) == []


def test_a_table_that_refused_a_row_stays_as_it_was(claiming: Toy) -> None:
    assert _build(claiming, "none", "--full-refresh") == {}
    before = claiming.published()["table_low"]
    assert len(before) == 2
    for arguments in ((), ("--full-refresh",)):
        assert "table_low" in _build(claiming, "all", *arguments)
        assert claiming.published()["table_low"] == before


def test_a_table_that_stands_takes_a_new_constraint(claiming: Toy) -> None:
    yml = claiming.session.settings.project / "models/shop/_claims.yml"
    yml.write_text(_yml(constrained=False), encoding="utf-8")
    assert _build(claiming, "none", "--full-refresh") == {}
    refusing = {"table_not_null", "table_low", "table_high"}
    assert not refusing & _build(claiming, "all").keys()
    assert _build(claiming, "none", "--full-refresh") == {}
    before = claiming.published()
    yml.write_text(_yml(), encoding="utf-8")
    assert _build(claiming, "none") == {}
    after = claiming.published()
    assert {name: set(rows) for name, rows in after.items()} == {name: set(rows) for name, rows in before.items()}
    assert refusing <= _build(claiming, "all").keys()


def test_every_kind_of_the_project_has_a_case() -> None:
    def kinds(item: Any) -> set[str]:
        found = {test if isinstance(test, str) else next(iter(test)) for test in item.get("data_tests", ())}
        found |= {constraint["type"] for constraint in item.get("constraints", ())}
        return found.union(*(kinds(column) for column in item.get("columns", ())))

    used: set[str] = set()
    for path in (*PROJECT.glob("models/**/*.yml"), *PROJECT.glob("seeds/**/*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        items = [*document.get("models", ()), *document.get("seeds", ())]
        items += [table for source in document.get("sources", ()) for table in source["tables"]]
        used |= set().union(*(kinds(item) for item in items))
    cases = set().union(*(kinds(model) for model in yaml.safe_load(_yml())["models"]))
    # Claims of raw tables are broken in test_raw_claims.py, and grammars among the tests of their area.
    assert {kind for kind in used if not kind.startswith(GRAMMAR)} == cases | set(TABLE_CLAIMS)
