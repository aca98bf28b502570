"""Checks of raw tables and of the work that new records make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from strata.checks import check
from strata.manifest import Manifest, folder_of
from strata.rules import TABLE_CLAIMS

# A kind of work where it is asked for: is_touched('user_day', ...), tested_rows(ref('x'), 'event_date', ...).
_KIND = re.compile(
    r"\b(?:(?:is_touched|touched_rows|touched_dates|first_touched_date|work_kind)\(|tested_rows\([^()]*\([^()]*\),)\s*'(\w+)'"
)


@check
def raw_tables_make_their_claims(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Laws 1 and 2: every raw table of every area is tested to be append-only and to have its declared columns."""
    made = {
        (str(source), test["test_metadata"]["name"])
        for test in manifest.nodes("test")
        if "test_metadata" in test
        for source in test["depends_on"]["nodes"]
    }
    for source in manifest.sources:
        if source["config"]["meta"].get("format") == "none":
            continue
        for claim in TABLE_CLAIMS:
            if (str(source["unique_id"]), claim) not in made:
                yield f"{source['source_name']}.{source['name']}", f"does not make the claim {claim}"


@check
def work_kinds(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Law 4: a model comes after the work list whose kinds it asks for; a list declares no kind that nobody uses."""
    lists = manifest.work_lists
    kinds = {(area, kind): node for area, node in lists for kind in _kinds_of(node)}
    used = {(area, rule.get("tested_as", "")) for area, node in lists for rule in _kinds_of(node).values()}
    used |= {(folder_of(macro), kind) for macro in manifest.macros for kind in _KIND.findall(macro["macro_sql"])}
    used |= {(str(test["fqn"][1]), kind) for test in manifest.nodes("test") for kind in _KIND.findall(test["raw_code"])}
    for model in manifest.models:
        asked = {*_KIND.findall(model.code), model.node["config"]["meta"].get("recompute_by", "batch")} - {"batch"}
        used |= {(model.area, kind) for kind in asked}
        for kind in sorted(asked):
            source = kinds.get((model.area, kind))
            if source is None:
                yield model.name, f"asks for the kind {kind}, which no work list of {model.area} declares"
            elif source["resource_type"] == "model" and source["unique_id"] not in manifest.ancestors(model.node):
                yield model.name, f"asks for the kind {kind} and does not come after its list {source['name']}"
    for area, kind in sorted(kinds.keys() - used):
        yield f"{area}.{kind}", "is a kind of work that nobody uses"


def _kinds_of(node: Mapping[str, Any]) -> Mapping[str, Any]:
    kinds: Mapping[str, Any] = node["config"]["meta"]["work_list"]["kinds"]
    return kinds
