"""A project of seven models in two areas, which builds in a second: for what a build has to run, and why."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from engines import PROJECT, enter, new_prefix, session_for

from strata.builds.plan import Plan, Wanted
from strata.dbt_runner import Node, run_dbt
from strata.session import Session

_SOURCE = """\
sources:
  - name: {area}
    schema: "{{{{ env_var('STRATA_SCHEMA_PREFIX', '') }}}}raw_{area}"
    tables:
      - name: {table}
        description: One record of the area.
        config: {{meta: {{format: table, key: [id], unknown_fields: reject}}}}
        data_tests: [constraints_hold]
        columns:
          - {{name: id, data_type: string, constraints: [{{type: not_null}}]}}
          - {{name: article, data_type: string}}
          - {{name: amount, data_type: bigint}}
"""
_STAGING = """\
select records.id, records.article, records.amount, records._batch_id
from {{{{ source('{area}', '{table}') }}}} as records
{{% if is_incremental() %}}
where records._batch_id > {{{{ batch_range().low }}}} and records._batch_id <= {{{{ batch_range().high }}}}
{{% endif %}}
"""
_FILES = {
    "models/shop/contracts/sale.yml": _SOURCE.format(area="shop", table="sale"),
    "models/club/contracts/visit.yml": _SOURCE.format(area="club", table="visit"),
    "models/shop/stg_shop__sales.sql": _STAGING.format(area="shop", table="sale"),
    "models/club/stg_club__visits.sql": _STAGING.format(area="club", table="visit"),
    "models/shop/revenue.sql": """\
select sales.id, sales.amount * prices.price * {{ factor() }} * {{ var('markup') }} as revenue, sales._batch_id
from {{ ref('stg_shop__sales') }} as sales
inner join {{ ref('shop_prices') }} as prices on sales.article = prices.article
{% if is_incremental() %}
where sales._batch_id > {{ batch_range().low }} and sales._batch_id <= {{ batch_range().high }}
{% endif %}
""",
    "models/shop/revenue_by_day.sql": "select {{ as_of_date() }} as day, sum(revenue) as revenue\n"
    "from {{ ref('revenue') }}\n",
    "models/shop/revenue_in_thousands.sql": "select revenue / 1000.0 as revenue from {{ ref('revenue_by_day') }}\n",
    "models/club/visits_by_article.sql": "select article, count(*) as visits from {{ ref('stg_club__visits') }}\n"
    "group by article\n",
    "models/shop/_shop.yml": """\
models:
  - name: revenue
    columns: [{name: id, data_tests: [not_null, unique]}]
  - name: revenue_in_thousands
    columns: [{name: revenue, data_tests: [not_null]}]
unit_tests:
  - name: revenue_is_amount_times_price
    model: revenue
    overrides: {macros: {is_incremental: false}}
    given:
      - {input: ref('stg_shop__sales'), rows: [{id: a, article: tea, amount: 2, _batch_id: 1}]}
      - {input: ref('shop_prices'), rows: [{article: tea, price: 3}]}
    expect: {rows: [{id: a, _batch_id: 1}]}
""",
    "models/club/_club.yml": """\
models:
  - name: visits_by_article
    columns: [{name: article, data_tests: [not_null]}]
""",
    "seeds/shop/shop_prices.csv": "article,price\ntea,3\ncake,5\n",
    "macros/shop/factor.sql": "{% macro factor() -%}2{%- endmacro %}\n",
    "tests/shop/amounts_are_positive.sql": "select * from {{ ref('stg_shop__sales') }} where amount < -100\n",
}
_TABLES = {"shop": "sale", "club": "visit"}


@dataclass
class Toy:
    """The project, and a warehouse on one engine."""

    session: Session
    patch: pytest.MonkeyPatch
    loads: int = 0

    @classmethod
    def made(cls, engine: str, folder: Path, patch: pytest.MonkeyPatch) -> Toy:
        """The files of the project and an empty warehouse."""
        project = folder / "project"
        for part in ("macros/config", "macros/dialect", "macros/incremental", "tests/generic", "models/ops/contracts",
                     "seeds/ops"):  # fmt: skip
            shutil.copytree(PROJECT / part, project / part)
        _drop_tests(project / "models" / "ops" / "contracts")
        for file in ("profiles.yml", "models/ops/_ops__docs.md"):
            shutil.copyfile(PROJECT / file, project / file)
        written = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
        area = {"+materialized": "view", "+pre-hook": "{{ record_watermark() }}"}
        meta = {"recompute_by": "batch", "partition_date": "_batch_id"}
        incremental = {"+materialized": "incremental", "+on_schema_change": "fail", "+meta": meta}
        written["models"] = {"strata": {
            "shop": {**area, "+schema": "shop", "stg_shop__sales": incremental, "revenue": incremental},
            "club": {**area, "+schema": "club", "stg_club__visits": incremental},
        }}  # fmt: skip
        written["seeds"] = {"strata": {"shop": {"+schema": "shop"}, "ops": {"+schema": "ops"}}}
        written.pop("data_tests")
        written["vars"]["markup"] = 1
        files = {**_FILES, "dbt_project.yml": yaml.safe_dump(written, sort_keys=False)}
        for name, text in files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        session = session_for(engine, folder, folder / "landing", patch, prefix=new_prefix())
        return cls(Session(replace(session.settings, project=project)), patch)

    def again(self) -> Session:
        """Another session, as another process has it."""
        enter(self.session.settings, self.patch)
        self.session = Session(self.session.settings)
        return self.session

    def load(self, area: str, *amounts: int) -> None:
        """One file with a record for each amount."""
        self.loads += 1
        rows = [f"{self.loads}-{number},tea,{amount}" for number, amount in enumerate(amounts)]
        path = self.session.settings.landing / area / _TABLES[area] / f"{self.loads}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["id,article,amount", *rows, ""]), encoding="utf-8")
        session = self.again()
        [loaded] = session.load(session.files([path]), lambda item: None)
        assert loaded.counts.rejected == 0

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the project."""
        path = self.session.settings.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def plan(self, as_of: str | None = None, **wanted: Any) -> tuple[Plan, dict[str, str]]:
        """What would run, and the reasons by name."""
        session = self.again()
        with session.warehouse() as warehouse:
            plan = session.plan(warehouse, Wanted(**wanted), as_of)
        return plan, {session.project[unique_id].name: reason for unique_id, reason in plan.reasons.items()}

    def nodes(self, as_of: str | None = None, **wanted: Any) -> list[Node]:
        """`strata build`; what it ran."""
        return self.again().build_what_is_new(lambda name: None, Wanted(**wanted), as_of)

    def build(self, as_of: str | None = None, **wanted: Any) -> set[str]:
        """`strata build`, which must succeed; names of what it ran."""
        nodes = self.nodes(as_of, **wanted)
        bad = [f"{node.name}: {node.message}" for node in nodes if node.is_bad]
        assert not bad, bad
        return {node.name for node in nodes}

    def select(self, *arguments: str) -> list[Node]:
        """`strata build --select`, or what dbt takes instead."""
        return self.again().build(list(arguments), lambda name: None)

    def dbt(self, *arguments: str) -> list[Node]:
        """dbt alone."""
        return run_dbt(self.again().settings, arguments, lambda name: None)

    def published(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of every model."""
        found = {}
        with self.session.warehouse() as warehouse:
            for node in self.session.project.values():
                if node.kind in ("view", "incremental"):
                    rows = warehouse.execute(f"select * from {node.relation}")
                    found[node.name] = sorted(tuple(map(str, row)) for row in rows)
        return found

    def is_as_after_a_full_refresh(self) -> None:
        """The tables as they stand are those that a full refresh makes."""
        before = self.published()
        self.build(full_refresh=True)
        assert self.published() == before


def _drop_tests(contracts: Path) -> None:
    """Take the data tests out of all contracts but that of the batches: they are most of the toy's time."""
    for path in contracts.glob("*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem != "batches":
            [table] = document["sources"][0]["tables"]
            for item in (table, *table["columns"]):
                item.pop("data_tests", None)
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
