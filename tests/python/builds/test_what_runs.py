"""`strata build` runs what something new reaches, and nothing else; afterwards all is as after a full refresh."""

from __future__ import annotations

import pytest

from builds.toy import Toy
from strata.dbt_runner import parse_project

_SHOP = {"stg_shop__sales", "revenue"}
_VIEWS = {"revenue_by_day", "revenue_in_thousands"}
_ANEW = _SHOP | _VIEWS


def models(names: set[str]) -> set[str]:
    """The models and seeds among names of nodes."""
    return names & (_ANEW | {"stg_club__visits", "visits_by_article", "shop_prices", "rejection_codes"})


def data_tests(names: set[str]) -> set[str]:
    """The tests of the two areas among names of nodes."""
    return {name for name in names - models(names) if "source_ops" not in name and "_ops_" not in name}


def test_the_first_build_runs_everything_but_unit_tests(toy: Toy) -> None:
    with toy.session.warehouse() as warehouse, warehouse.transaction():
        warehouse.query("delete from {ops}.node_states")
    found = toy.build()
    assert models(found) == _ANEW | {"stg_club__visits", "visits_by_article", "shop_prices", "rejection_codes"}
    assert "amounts_are_positive" in found
    assert "revenue_is_amount_times_price" not in found


def test_nothing_new_runs_nothing_and_starts_no_dbt(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object) -> None:
        raise AssertionError("dbt was asked")

    monkeypatch.setattr("strata.session.parse_project", never)
    assert toy.build() == set()


def test_a_batch_runs_its_own_area_only(toy: Toy) -> None:
    toy.load("shop", 5, 6)
    plan, reasons = toy.plan()
    assert reasons["revenue"] == "new batches of shop.sale"
    assert not plan.anew
    found = toy.build()
    assert models(found) == _SHOP
    assert {"amounts_are_positive", "not_null_revenue_id", "not_null_revenue_in_thousands_revenue"} <= data_tests(found)
    assert not {name for name in found if "club" in name or "visits" in name}
    with toy.session.warehouse() as warehouse:
        assert warehouse.batches_behind() == 0
    assert toy.build() == set()
    toy.is_as_after_a_full_refresh()


def test_a_changed_seed_builds_what_is_below_it_anew(toy: Toy) -> None:
    toy.edit("seeds/shop/shop_prices.csv", "tea,3", "tea,4")
    plan, reasons = toy.plan()
    assert reasons["shop_prices"] == "code changed"
    assert reasons["revenue"] == "seed shop_prices changed"
    assert {name.rsplit(".", 1)[1] for name in plan.anew} == {"shop_prices", "revenue", *_VIEWS}
    assert models(toy.build()) == {"shop_prices", "revenue", *_VIEWS}
    assert ("1-1", "16", "1") in toy.published()["revenue"]
    toy.is_as_after_a_full_refresh()


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("models/shop/revenue.sql", "sales.amount *", "10 * sales.amount *", "code changed"),
        ("macros/shop/factor.sql", "2", "7", "macro factor changed"),
        ("dbt_project.yml", "markup: 1", "markup: 3", "variable markup changed"),
        ("models/shop/revenue_by_day.sql", "sum(revenue)", "1 + sum(revenue)", "code changed"),
    ],
    ids=["model", "macro", "variable", "view"],
)
def test_changed_code_is_built_anew_with_new_records(toy: Toy, file: str, old: str, new: str, reason: str) -> None:
    toy.edit(file, old, new)
    toy.load("shop", 8)
    plan, reasons = toy.plan()
    changed = "revenue_by_day" if "by_day" in file else "revenue"
    assert reasons[changed] == reason
    assert reasons["stg_shop__sales"] == "new batches of shop.sale"
    below = _VIEWS if "by_day" in file else {"revenue", *_VIEWS}
    assert {name.rsplit(".", 1)[1] for name in plan.anew} == below
    assert models(toy.build()) == _SHOP | below
    assert toy.build() == set()
    toy.is_as_after_a_full_refresh()


def test_a_better_comment_runs_nothing(toy: Toy) -> None:
    toy.edit("models/shop/revenue.sql", "select sales.id", "-- One row per sale.\n{# and more #}select sales.id")
    assert toy.build() == set()


def test_without_full_refresh_what_stands_stays(toy: Toy) -> None:
    before = toy.published()["revenue"]
    toy.edit("macros/shop/factor.sql", "2", "9")
    assert models(toy.build(full_refresh=False)) == {"revenue", *_VIEWS}
    assert toy.published()["revenue"] == before
    assert toy.build() == set()


def test_other_columns_want_a_full_refresh(toy: Toy) -> None:
    toy.load("shop", 3)
    toy.edit("models/shop/revenue.sql", "sales.id,", "sales.id, sales.article as what,")
    [failed] = [node for node in toy.nodes(full_refresh=False) if node.is_bad]
    assert failed.name == "revenue"
    assert "was built with other columns: only the table has none, only the model has what" in failed.message
    assert "Build it anew with --full-refresh." in failed.message
    toy.edit("models/shop/revenue.sql", " sales.article as what,", "")
    assert "revenue" in toy.build()
    toy.is_as_after_a_full_refresh()


@pytest.mark.parametrize("wrong", ["sales.id, sales.article as what", "cast('1' as bigint) as id"])
def test_a_model_that_breaks_its_contract_fails(toy: Toy, wrong: str) -> None:
    columns = "{name: id, data_type: string}, {name: revenue, data_type: bigint}, {name: _batch_id, data_type: bigint}"
    toy.edit("models/shop/_shop.yml", "{name: id, data_tests: [not_null, unique]}", columns)
    toy.edit(
        "models/shop/_shop.yml", "- name: revenue\n", "- name: revenue\n    config: {contract: {enforced: true}}\n"
    )
    toy.build()
    toy.load("shop", 3)
    toy.edit("models/shop/revenue.sql", "sales.id", wrong)
    [failed] = [node for node in toy.nodes() if node.is_bad]
    assert failed.name == "revenue"
    assert "This model has an enforced contract that failed" in failed.message
    toy.edit("models/shop/revenue.sql", wrong, "sales.id")
    assert "revenue" in toy.build()


def test_a_moved_as_of_runs_what_reads_it(toy: Toy) -> None:
    toy.build("2026-03-04")
    assert toy.build("2026-03-04") == set()
    _, reasons = toy.plan("2026-03-05")
    assert reasons["revenue_by_day"] == "as_of was 2026-03-04 and is 2026-03-05"
    found = toy.build("2026-03-05")
    assert models(found) == {"revenue_by_day"}
    assert data_tests(found) == {"not_null_revenue_in_thousands_revenue"}
    assert toy.published()["revenue_by_day"][0][0] == "2026-03-05"


def test_a_failed_test_runs_again_until_it_passes(toy: Toy) -> None:
    toy.edit("tests/shop/amounts_are_positive.sql", "-100", "0")
    assert toy.build() == {"amounts_are_positive"}
    toy.load("shop", -1)
    assert [node.name for node in toy.nodes() if node.is_bad] == ["amounts_are_positive"]
    _, reasons = toy.plan()
    assert reasons["amounts_are_positive"] == "it failed last time"
    assert reasons["revenue"] == "it was skipped last time"
    assert [node.name for node in toy.nodes() if node.is_bad] == ["amounts_are_positive"]
    toy.edit("tests/shop/amounts_are_positive.sql", "< 0", "< -5")
    assert {"amounts_are_positive", "revenue"} <= toy.build()
    assert toy.build() == set()
    toy.is_as_after_a_full_refresh()


def test_a_failed_model_runs_again(toy: Toy) -> None:
    toy.load("shop", 3)
    toy.edit("models/shop/revenue.sql", "sales.id,", "sales.id, cast('no number' as bigint) as wrong,")
    assert [node.name for node in toy.nodes() if node.is_bad] == ["revenue"]
    toy.edit("models/shop/revenue.sql", "sales.id, cast('no number' as bigint) as wrong,", "sales.id,")
    assert {"revenue", *_VIEWS} <= toy.build()
    assert toy.build() == set()
    toy.is_as_after_a_full_refresh()


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_run_that_is_cut_off_is_done_again(toy: Toy, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Cut off while dbt runs, between two runs of dbt, and before the states are recorded."""
    toy.load("shop", 4)
    toy.edit("macros/shop/factor.sql", "2", "5")
    with monkeypatch.context() as patch:
        _cut_off(patch, step)
        with pytest.raises(KeyboardInterrupt):
            toy.nodes()
    assert "revenue" in toy.plan()[1]
    # The code as it was before; what the killed run made of the new code may not stay.
    toy.edit("macros/shop/factor.sql", "5", "2")
    assert {"revenue", *_VIEWS} <= toy.build()
    assert toy.build() == set()
    toy.is_as_after_a_full_refresh()


def _cut_off(patch: pytest.MonkeyPatch, step: int) -> None:
    """Ctrl-C before the first or the second run of dbt, or after both."""
    from strata.builds import run

    dbt = run.run_dbt
    calls: list[int] = []

    def stopped(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == step:
            raise KeyboardInterrupt
        return dbt(*arguments)  # type: ignore[arg-type]

    def unsettled(*arguments: object) -> None:
        raise KeyboardInterrupt

    patch.setattr(run, "run_dbt", stopped)
    if step == 3:
        patch.setattr(run.Builder, "_settle", unsettled)


def test_a_relation_that_is_gone_is_built_again(toy: Toy) -> None:
    with toy.session.warehouse() as warehouse:
        warehouse.execute(f"drop view {toy.session.settings.schema('shop')}.revenue_in_thousands")
    _, reasons = toy.plan()
    assert reasons["revenue_in_thousands"].startswith("there is no ")
    assert models(toy.build()) == {"revenue_in_thousands"}


def test_all_runs_everything_and_the_unit_tests(toy: Toy) -> None:
    found = toy.build(all=True, unit_tests=True)
    assert _ANEW | {"stg_club__visits", "shop_prices", "revenue_is_amount_times_price", "amounts_are_positive"} <= found
    assert toy.build() == set()


def test_unit_tests_of_what_runs(toy: Toy) -> None:
    toy.load("shop", 9)
    assert "revenue_is_amount_times_price" in toy.build(unit_tests=True)


def test_the_plan_writes_nothing(toy: Toy) -> None:
    toy.load("shop", 7)
    assert toy.plan()[1] == toy.plan()[1]
    assert "revenue" in toy.build()


def test_a_selection_runs_whatever_is_new_and_is_recorded(toy: Toy) -> None:
    nodes = {node.name for node in toy.select("--select", "stg_shop__sales", "revenue")}
    assert nodes >= _SHOP
    assert toy.build() == set()
    toy.load("shop", 11)
    toy.select("--select", "stg_shop__sales")
    assert models(toy.build()) == {"revenue"}
    toy.is_as_after_a_full_refresh()


def test_a_selection_on_changed_code_is_built_anew_later(toy: Toy) -> None:
    toy.load("shop", 12)
    toy.edit("macros/shop/factor.sql", "2", "4")
    toy.select("--select", "stg_shop__sales", "revenue")
    toy.edit("macros/shop/factor.sql", "4", "2")
    assert "revenue" in toy.plan()[1]
    toy.build()
    toy.is_as_after_a_full_refresh()


def test_a_full_refresh_of_a_part_does_not_hide_a_change_above_it(toy: Toy) -> None:
    toy.edit("models/shop/stg_shop__sales.sql", "records.amount,", "2 * records.amount as amount,")
    toy.select("--select", "revenue", "--full-refresh")
    assert models(toy.build()) >= _SHOP
    toy.is_as_after_a_full_refresh()


def test_dbt_alone_on_the_same_project_leaves_nothing_to_do(toy: Toy) -> None:
    toy.load("shop", 13)
    assert toy.dbt("run")
    found = toy.build()
    assert models(found) == set()
    assert "amounts_are_positive" in found
    assert toy.build() == set()


def test_what_dbt_alone_built_of_other_code_is_built_anew(toy: Toy) -> None:
    toy.load("shop", 14)
    toy.edit("macros/shop/factor.sql", "2", "6")
    assert toy.dbt("run")
    toy.edit("macros/shop/factor.sql", "6", "2")
    plan, _ = toy.plan()
    assert {name.rsplit(".", 1)[1] for name in plan.anew} >= _ANEW
    toy.build()
    toy.is_as_after_a_full_refresh()


def test_what_dbt_alone_built_with_other_variables_is_built_anew(toy: Toy) -> None:
    toy.load("shop", 15)
    assert toy.dbt("run", "--vars", "{markup: 50}")
    assert toy.build() >= _ANEW
    toy.is_as_after_a_full_refresh()


def test_dbt_reads_the_project_once_a_process_and_only_what_changed(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    session = toy.again()
    assert session.manifest is session.manifest
    from dbt.parser.manifest import ManifestLoader

    skipped: list[bool] = []
    loaded = ManifestLoader.load

    def load(self: ManifestLoader) -> object:
        result = loaded(self)
        skipped.append(self.skip_parsing)
        return result

    monkeypatch.setattr(ManifestLoader, "load", load)
    parse_project(session.settings)
    monkeypatch.setenv("PGAPPNAME", "another process")
    parse_project(session.settings)
    assert skipped == [True, True]
