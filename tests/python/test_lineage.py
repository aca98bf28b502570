"""The classification of every raw column and payload key, followed through the SQL of all models to what is published.

Values are followed once more, through a real warehouse, in test_privacy.py.
"""

from __future__ import annotations

import copy
import csv
import json
from typing import Any

import pytest
from engines import PROJECT, session_for
from lineage import Flow, Lineage, Origin

from strata.dbt_runner import run_dbt

EVENTS, CALLS = "raw_learning.raw_events", "raw_training.interaction_log"
ACTIONS = "raw_product.analytics_events"
CLASSES = {"public", "internal", "restricted"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest that `dbt compile` writes."""
    folder = tmp_path_factory.mktemp("lineage")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for("duckdb", folder, folder / "landing", patch)
        assert run_dbt(session.settings, ["compile"], lambda name: None)
        read: dict[str, Any] = json.loads((folder / "target-duckdb" / "manifest.json").read_text(encoding="utf-8"))
        return read


@pytest.fixture(scope="module")
def lineage(manifest: dict[str, Any]) -> Lineage:
    return Lineage.of(manifest)


def keys_of(seed: str) -> dict[str, str]:
    """Classification of each key of an allow-list."""
    [path] = (PROJECT / "seeds").rglob(f"{seed}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return {f"{row['field']}.{row['key']}": row["classification"] for row in csv.DictReader(stream)}


def classes(manifest: dict[str, Any]) -> dict[Origin, str]:
    """What contracts and allow-lists say; a column of which nothing is said is internal."""
    found = {}
    for source in manifest["sources"].values():
        relation = f"{source['schema']}.{source['identifier']}"
        for name, column in source["columns"].items():
            meta = column["config"]["meta"]
            found[Origin(relation, name)] = meta.get("classification", "internal")
            for key, value in keys_of(meta["allow_list"]).items() if "allow_list" in meta else ():
                if key.startswith(f"{name}."):
                    found[Origin(relation, name, key.removeprefix(f"{name}."))] = value
            for key in meta.get("internal_keys", ()):
                found[Origin(relation, name, key)] = "internal"
    return found


def published(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """Published tables, each with the columns that say themselves that not everybody may read them."""
    return {
        f"{node['schema']}.{node['alias']}": {
            name
            for name, column in node["columns"].items()
            if column["config"]["meta"].get("classification") == "restricted"
        }
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["access"] == "public"
    }


def leaks(manifest: dict[str, Any], lineage: Lineage) -> set[tuple[str, str, Origin]]:
    """Columns of published tables into which something restricted flows other than aggregated."""
    known = classes(manifest)
    return {
        (relation, column, flow.origin)
        for relation, restricted in published(manifest).items()
        for column, flows in lineage.columns[relation].items()
        if column not in restricted
        for flow in flows
        # A key that no allow-list knows is as restricted as the column it stands in.
        if not flow.is_aggregated
        and known.get(flow.origin, known.get(Origin(flow.origin.relation, flow.origin.column))) == "restricted"
    }


def test_what_is_restricted_comes_out_of_no_published_column(manifest: dict[str, Any], lineage: Lineage) -> None:
    assert {origin for origin, name in classes(manifest).items() if name == "restricted"} == {
        Origin(EVENTS, "data"), Origin(EVENTS, "metadata"), Origin(EVENTS, "metadata", "ip"),
        Origin(CALLS, "input"), Origin(CALLS, "output"), Origin("ops.rejected_records", "record"),
        Origin(ACTIONS, "properties"), Origin(ACTIONS, "context"),
    }  # fmt: skip
    assert set(classes(manifest).values()) <= CLASSES
    assert leaks(manifest, lineage) == set()


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("json_extract_string(events.metadata, '$.ip')", Origin(EVENTS, "metadata", "ip")),
        ("events.metadata ->> 'ip'", Origin(EVENTS, "metadata", "ip")),
        ("upper(left(json_extract_string(events.metadata, '$.ip'), 3))", Origin(EVENTS, "metadata", "ip")),
        ("cast(events.metadata as text)", Origin(EVENTS, "metadata")),
        ("json_extract_string(events.data, '$.unlisted')", Origin(EVENTS, "data", "unlisted")),
        ("case when cast(events.data as text) like '%x%' then 1 end", Origin(EVENTS, "data")),
        ("json_extract_string(events.data, '$.page')", None),
    ],
)
def test_a_restricted_value_that_came_out_would_be_found(
    manifest: dict[str, Any], expression: str, found: Origin | None
) -> None:
    """A published model that a careless change lets through."""
    careless = copy.deepcopy(manifest)
    [model] = [node for node in careless["nodes"].values() if node["name"] == "session_quality"]
    model["compiled_code"] = (
        f"with a as (select {expression} as seen from {EVENTS} as events), b as (select a.* from a) "
        "select b.seen as network from b union all select max(b.seen) from b"
    )
    expected = {(f"{model['schema']}.session_quality", "network", found)} if found else set()
    assert leaks(careless, Lineage.of(careless)) == expected


ADDRESS = Origin("raw.events", "metadata", "ip")


@pytest.mark.parametrize(
    ("sql", "flows"),
    [
        ("select count(distinct metadata ->> 'ip') as a from raw.events", {Flow(ADDRESS, True)}),
        ("select avg(length(metadata ->> 'ip')) as a from raw.events", {Flow(ADDRESS, True)}),
        ("select min(metadata ->> 'ip') as a from raw.events", {Flow(ADDRESS)}),
        ("select list(metadata ->> 'ip') as a from raw.events", {Flow(ADDRESS)}),
        ("select sum(length(metadata ->> 'ip')) over (partition by id) as a from raw.events", {Flow(ADDRESS)}),
        ("select row_number() over (order by metadata ->> 'ip') as a from raw.events", set()),
        ("select id as a from raw.events where metadata ->> 'ip' = 'x'", {Flow(Origin("raw.events", "id"))}),
        ("select (select max(e.metadata ->> 'ip') from raw.events as e) as a from raw.events", {Flow(ADDRESS)}),
        ("with m as (select metadata as k from raw.events) select k ->> 'ip' as a from m", {Flow(ADDRESS)}),
        ("select x.a from (select metadata ->> 'ip' as a from raw.events) as x", {Flow(ADDRESS)}),
        ("select u.v as a from raw.events as e cross join unnest([e.metadata ->> 'ip']) as u (v)", {Flow(ADDRESS)}),
        ("select 1 as a union all select length(metadata ->> 'ip') from raw.events", {Flow(ADDRESS)}),
        (
            "with recursive r as (select '' as a, metadata ->> 'ip' as b from raw.events "
            "union all select b, a from r) select a from r",
            {Flow(ADDRESS)},
        ),
        ("select count(n) as a from (select max(metadata ->> 'ip') as n from raw.events)", {Flow(ADDRESS, True)}),
    ],
)  # fmt: skip
def test_flows(sql: str, flows: set[Flow]) -> None:
    lineage = Lineage()
    lineage.add_source("raw.events", ["id", "metadata"])
    lineage.add_model("mart.m", sql)
    assert lineage.columns["mart.m"]["a"] == flows


def test_where_each_key_comes_out_is_known(manifest: dict[str, Any], lineage: Lineage) -> None:
    """A key that reaches a published column it did not reach before is a change to be reviewed, here."""
    reached: dict[str, set[str]] = {key: set() for key in keys_of("learning_payload_keys")}
    for relation in published(manifest):
        for column, flows in lineage.columns[relation].items():
            for flow in flows:
                if flow.origin.relation == EVENTS and flow.origin.key and not flow.is_aggregated:
                    reached[f"{flow.origin.column}.{flow.origin.key}"].add(f"{relation.split('.')[1]}.{column}")
    tables = ("mastery_deltas", "content_mastery_trends", "content_performance")
    content = {f"{table}.content_id" for table in tables}
    numbers = ("current_mastery", "previous_mastery", "mastery_delta", "confidence_score")
    mastery = {f"mastery_deltas.{column}" for column in numbers}
    assert {key: columns for key, columns in reached.items() if columns} == {
        "data.lesson_id": content,
        "data.assessment_id": content,
        "data.skill_id": content,
        "data.score": mastery,
        "data.max_score": mastery,
    }
