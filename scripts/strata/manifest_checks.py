"""Rules of the house that dbt's manifest can prove: `dbt parse`, then `python -m strata.manifest_checks`.

Each check takes the project as dbt parsed it and yields findings; no finding means that the rule holds. The names of
checks begin with the rules of the specifications that they enforce, where there are any. The columns of the SQL itself
are compared with the yml by dbt in every run, since ``p_04_ag_data_05_contracts_enforced`` holds.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from strata import meta_checks, work_checks
from strata.checks import CHECKS, Check, Finding, check, run_checks
from strata.contract import IDENTIFIER
from strata.errors import ExitCode
from strata.manifest import Manifest, folder_of
from strata.meta_checks import read_reference
from strata.settings import project_folder
from strata.specified import read_specified

__all__ = ["CHECKS", "Check", "Finding", "meta_checks", "run_checks", "work_checks"]

LAYERS = ("staging", "snapshot", "aggregation", "marts")
# Layers and kinds of the own area that a layer may read. Raw tables are the sources of an area.
MAY_READ = {
    "staging": {"raw", "seed", "staging"},
    "snapshot": {"seed", "staging", "snapshot"},
    "aggregation": {"seed", "snapshot", "aggregation"},
    "marts": {"seed", "snapshot", "aggregation", "marts"},
}
OPS_READERS = ("staging", "marts")
GRAIN = "One row per "
_ENGINE_WORDS = re.compile(
    r"\b(target\.(type|name)|adapter\.(type|dispatch)|duckdb|postgres(ql)?|snowflake|bigquery|redshift)\b",
    re.IGNORECASE,
)
_ENGINE_BRANCH = re.compile(r"\b(target\.(type|name)|adapter\.type)\b")
_CLOCK = re.compile(r"\b(current_(date|time(stamp)?)|localtimestamp|now\s*\(|today\s*\(|run_started_at)", re.IGNORECASE)
_CONFIG = re.compile(r"\{\{-?\s*config\s*\(")
_FORMULA = re.compile(r"\b(sum|count|avg|rank|row_number|lag|lead)\s*\(|\bcase\b|/ nullif", re.IGNORECASE)
_ENGINE_VERSION = re.compile(r"^(default|duckdb|postgres)__")
# Macros of dbt that the project replaces; dbt describes their arguments.
_OVERRIDES = {"generate_schema_name"}
_SIGNATURE = re.compile(r"\{%-?\s*(?:macro|test)\s+(\w+)\s*\((.*?)\)\s*-?%\}", re.DOTALL)


@check
def p_05_ag_data_03_one_direction(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Law 3: raw → staging → snapshot → aggregation → marts; of another area, its public tables only.

    What the warehouse knows of itself (ops) is read where records are settled and where people read.
    """
    models = {str(model.node["unique_id"]): model for model in manifest.models}
    for model in manifest.models:
        if model.layer not in MAY_READ:
            continue
        for parent in model.node["depends_on"]["nodes"]:
            kind, _, name = parent.split(".", 2)
            source = models.get(parent)
            if source is not None and source.area != model.area:
                is_allowed = not source.is_helper and source.layer == "marts"
            elif source is not None:
                is_allowed = source.layer in MAY_READ[model.layer]
            elif kind == "source" and name.startswith("ops."):
                is_allowed = model.layer in OPS_READERS
            elif kind == "source":
                is_allowed = "raw" in MAY_READ[model.layer] and name.split(".")[0] == model.area
            else:
                is_allowed = kind in MAY_READ[model.layer]
            if not is_allowed:
                yield model.name, f"({model.layer}) may not read {parent}"


@check
def p_04_ag_data_05_published_columns(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Law 6: tables that a specification names are there, with its columns in its order."""
    models = {(model.area, model.name): model for model in manifest.models}
    for area, specified in manifest.specified.items():
        for name, columns in specified.columns.items():
            model = models.get((area, name))
            if model is None:
                yield name, f"is specified for {area} and missing"
            elif tuple(model.node["columns"]) != columns:
                yield name, f"has the columns {', '.join(model.node['columns'])}; specified are {', '.join(columns)}"
        for name in sorted(specified.names - {model.name for model in manifest.models if model.area == area}):
            yield name, f"is specified for {area} and missing"


@check
def p_04_ag_data_05_contracts_enforced(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """No model takes a column that its yml does not declare: dbt compares them in every run."""
    for model in manifest.models:
        if not model.node["config"]["contract"]["enforced"] or not model.node["columns"]:
            yield model.name, "has no enforced contract"
        for column in model.node["columns"].values():
            if not column["data_type"]:
                yield model.name, f"says no data_type for {column['name']}"
        is_incremental = model.node["config"]["materialized"] == "incremental"
        if is_incremental and model.node["config"]["on_schema_change"] != "fail":
            yield model.name, "must have on_schema_change: fail"


@check
def column_claims_are_asked(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """A table keeps its constraints; where there is none, and of restricted text, constraints_hold asks for them."""
    asked = {
        test["depends_on"]["nodes"][0]
        for test in manifest.nodes("test")
        if test.get("test_metadata", {}).get("name") == "constraints_hold"
    }
    for node in (*(model.node for model in manifest.models), *manifest.nodes("seed"), *manifest.sources):
        columns = node["columns"].values()
        types = {constraint["type"] for column in columns for constraint in column["constraints"]}
        restricted = any(column["config"]["meta"].get("classification") == "restricted" for column in columns)
        is_kept = node["config"].get("materialized") == "incremental" and not restricted
        for kind in sorted(types - {"not_null", "check"}):
            yield str(node["name"]), f"has a constraint {kind}; only not_null and check are asked for"
        if types and not is_kept and node["unique_id"] not in asked:
            yield str(node["name"]), "has constraints that no engine keeps, and no test constraints_hold"


@check
def names(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """stg_<area>__ in staging, int_<area>__ for helpers; other names are those that a specification gives."""
    for model in manifest.models:
        helper = f"int_{model.area}__"
        of_area = manifest.specified.get(model.area)
        specified = {*of_area.columns, *of_area.names} if of_area else set()
        if model.layer == "staging" and not model.name.startswith((f"stg_{model.area}__", helper)):
            yield model.name, f"must be called stg_{model.area}__… or {helper}…"
        elif model.layer in LAYERS[1:] and not model.name.startswith(helper) and model.name not in specified:
            yield model.name, f"is no specified name; a helper is called {helper}…"
        for name in (model.name, *(name.removeprefix("_") for name in model.node["columns"])):
            if not IDENTIFIER.fullmatch(name):
                yield model.name, f"{name!r} is no identifier ({IDENTIFIER.pattern})"


@check
def folder_is_layer_is_schema(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """models/<area>/<layer>/ is built in staging_<area> or <area>; seeds in reference_<area>; raw in raw_<area>.

    What an area finds wrong in its input lies in models/<area>/ops/ and is built in ops.
    """
    for model in manifest.models:
        if model.area != "ops" and (model.layer not in (*LAYERS, "ops") or len(model.path.parts) != 4):
            yield model.name, f"lies in {model.path.parent}, not in models/<area>/<layer>/"
            continue
        expected = {"staging": f"staging_{model.area}", "ops": "ops"}.get(model.layer, model.area)
        if manifest.schema_of(model.node) != expected:
            yield model.name, f"is built in {model.node['schema']}, not in {expected}"
    for seed in manifest.nodes("seed"):
        area = PurePosixPath(seed["original_file_path"]).parts[1]
        if manifest.schema_of(seed) != (area if area == "ops" else f"reference_{area}"):
            yield str(seed["name"]), f"is built in {seed['schema']}"
    for source in manifest.sources:
        area, name = source["source_name"], source["name"]
        if manifest.schema_of(source) != (area if area == "ops" else f"raw_{area}"):
            yield f"{area}.{name}", f"stands in {source['schema']}"
        if source["original_file_path"] != f"models/{area}/contracts/{name}.yml":
            yield f"{area}.{name}", f"is described in {source['original_file_path']}, not in contracts/{name}.yml"


@check
def yml_beside_model(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """One yml a model and a seed, beside it and of its name; its unit tests stand in it."""
    owners = [*(model.node for model in manifest.models), *manifest.nodes("seed")]
    for node in owners:
        expected = PurePosixPath(node["original_file_path"]).with_suffix(".yml")
        if str(node["patch_path"] or "").split("://")[-1] != str(expected):
            yield str(node["name"]), f"must be described in {expected}"
    beside = {str(model.name): str(model.path.with_suffix(".yml")) for model in manifest.models}
    for unit_test in manifest.content["unit_tests"].values():
        if unit_test["original_file_path"] != beside.get(unit_test["model"]):
            yield str(unit_test["name"]), f"must stand in {beside.get(unit_test['model'])}"


@check
def everything_described(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Models, seeds, contracts and their columns, singular tests, macros and their arguments."""
    for node in (*(model.node for model in manifest.models), *manifest.nodes("seed"), *manifest.sources):
        if not node["description"].strip():
            yield str(node["name"]), "has no description"
        for column in node["columns"].values():
            if not column["description"].strip():
                yield str(node["name"]), f"does not describe its column {column['name']}"
    for test in manifest.nodes("test"):
        if "test_metadata" not in test and not test["description"].strip():
            yield str(test["name"]), "has no description"
    public = {macro["name"] for macro in manifest.macros}
    for macro in manifest.macros:
        name, where = macro["name"], f"macro {macro['name']}"
        if _ENGINE_VERSION.match(name):
            continue
        if not macro["description"].strip():
            yield where, "has no description"
        said, taken = [item["name"] for item in macro["arguments"]], _arguments(macro)
        # A variant (is_touched__user) takes what its public macro says; a generic test says it in its description.
        is_said_elsewhere = name.split("__")[0] in public - {name} or name.startswith("test_") or name in _OVERRIDES
        if said != taken and (said or not is_said_elsewhere):
            yield where, f"takes {', '.join(taken) or 'nothing'}; described are {', '.join(said) or 'none'}"
        if undescribed := [item["name"] for item in macro["arguments"] if not (item["description"] or "").strip()]:
            yield where, f"does not describe {', '.join(undescribed)}"


def _arguments(macro: Mapping[str, Any]) -> list[str]:
    signature = _SIGNATURE.search(macro["macro_sql"])
    # Defaults hold no commas here; one that did would show as an argument too many.
    parts = signature.group(2).split(",") if signature else []
    return [part.split("=")[0].strip() for part in parts if part.strip()]


@check
def grain_comes_first(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """The description of a model or seed, and the first line of a model, begin with what one row is."""
    for node in (*(model.node for model in manifest.models), *manifest.nodes("seed")):
        if not node["description"].startswith(GRAIN):
            yield str(node["name"]), f"must have a description that begins with {GRAIN!r}"
    for model in manifest.models:
        if not model.code.startswith(f"-- {GRAIN}"):
            yield model.name, f"must begin with the comment '-- {GRAIN}…'"
    for source in manifest.sources:
        if GRAIN not in source["description"]:
            yield f"{source['source_name']}.{source['name']}", "does not say what one row is"


@check
def engines_in_dialect_only(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Law 5: no engine word in models, snapshots, analyses and tests; engine versions of macros in macros/dialect."""
    for kind in ("model", "snapshot", "analysis", "test"):
        for node in manifest.nodes(kind):
            if found := _ENGINE_WORDS.search(node["raw_code"]):
                yield str(node["name"]), f"names an engine: {found.group(0)}"
    for macro in manifest.macros:
        if folder_of(macro) == "dialect":
            continue
        if _ENGINE_VERSION.match(macro["name"]):
            yield f"macro {macro['name']}", "is an engine's version and belongs in macros/dialect"
        elif found := _ENGINE_BRANCH.search(macro["macro_sql"]):
            yield f"macro {macro['name']}", f"asks which engine runs: {found.group(0)}"


@check
def no_clock(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """No number depends on when it was computed: models and metrics know var as_of, not the time of day.

    A view that is called live says what is so when it is read.
    """
    for model in manifest.models:
        reads_clock = f"macro.{manifest.name}.reading_time" in model.node["depends_on"]["macros"]
        if reads_clock and not model.name.endswith("_live"):
            yield model.name, "asks for the time of reading, and is not called …_live"
        if found := _CLOCK.search(model.code):
            yield model.name, f"reads the clock: {found.group(0)}"
    for macro in manifest.macros:
        if _computes(macro, manifest) and (found := _CLOCK.search(macro["macro_sql"])):
            yield f"macro {macro['name']}", f"reads the clock: {found.group(0)}"


@check
def no_config_in_models(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Layers are configured by folder in dbt_project.yml, what is a model's own in its yml."""
    for model in manifest.models:
        if _CONFIG.search(model.code):
            yield model.name, "calls config()"


@check
def groups_and_access(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Each area is a group; what people read is public, helpers are not."""
    for model in manifest.models:
        if model.area != "ops" and model.node["group"] != model.area:
            yield model.name, f"must be in the group {model.area}"
        if (model.node["access"] == "public") == model.is_helper:
            yield model.name, f"has access {model.node['access']}"


@check
def formulas_have_unit_tests(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """A model that counts, sums, ranks, divides or decides has a unit test. So do the views of ops that compute."""
    tested = {unit_test["model"] for unit_test in manifest.content["unit_tests"].values()}
    formulas = {
        macro["unique_id"]
        for macro in manifest.macros
        if _computes(macro, manifest) and _FORMULA.search(macro["macro_sql"])
    }
    for model in manifest.models:
        computes = _FORMULA.search(_without_comments(model.code)) or formulas & set(model.node["depends_on"]["macros"])
        if computes and model.name not in tested:
            yield model.name, "computes something and has no unit test"


def _computes(macro: Mapping[str, Any], manifest: Manifest) -> bool:
    """Whether a macro is a formula, or belongs to an area: the other folders are the project's mechanism."""
    return folder_of(macro) in {"metrics", *(model.area for model in manifest.models)}


def _without_comments(code: str) -> str:
    return re.sub(r"--[^\n]*|\{#.*?#\}", "", code, flags=re.DOTALL)


def main() -> int:
    """Check the manifest that dbt wrote last; print findings, one a line."""
    arguments = sys.argv[1:]
    target = project_folder() / os.environ.get("DBT_TARGET_PATH", "target")
    path = Path(arguments[0]) if arguments else target / "manifest.json"
    if not path.is_file():
        print(f"There is no {path}. Run `dbt parse` first.", file=sys.stderr)
        return ExitCode.USAGE
    content = json.loads(path.read_text(encoding="utf-8"))
    prefix = os.environ.get("STRATA_SCHEMA_PREFIX", "")
    project = project_folder()
    findings = run_checks(Manifest(content, prefix, read_specified(project), read_reference(project)))
    for finding in findings:
        print(finding)
    if findings:
        return ExitCode.FAILED
    print(f"{len(CHECKS)} checks of the manifest hold.")
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
