"""Rules of training about the code that hold for this area alone; those of all areas are in strata.manifest_checks."""

import re
from typing import Any

RESTRICTED_COLUMNS = {"input", "output"}
WRITES_TO_A_SOURCE = re.compile(
    r"\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(\s+table)?|drop\s+table|alter\s+table)"
    r"\s+\{\{\s*source\(\s*['\"](?!ops['\"])",
    re.IGNORECASE,
)


def training_models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["fqn"][1] == "training"
    ]


def layer(manifest: dict[str, Any], unique_id: str) -> str:
    kind = unique_id.split(".")[0]
    if kind != "model":
        return kind
    fqn = manifest["nodes"][unique_id]["fqn"]
    return str(fqn[2]) if fqn[1] == "training" else str(fqn[1])


def p_03_findings(manifest: dict[str, Any]) -> list[str]:
    """P-03 and AG-DATA-02: nothing in the project writes to a raw table, and no model is built among them."""
    found = [
        f"{item['unique_id']} writes to a raw table"
        for items, code in (("nodes", "raw_code"), ("macros", "macro_sql"))
        for item in manifest[items].values()
        if item["package_name"] == "strata" and WRITES_TO_A_SOURCE.search(item.get(code) or "")
    ]
    found += [
        f"{node['unique_id']} is built in {node['schema']}"
        for node in training_models(manifest)
        if "raw_" in node["schema"]
    ]
    return found


def ag_data_06_findings(manifest: dict[str, Any]) -> list[str]:
    """AG-DATA-06: every mart that people read has the three version columns, and its user or scope."""
    found = []
    for node in training_models(manifest):
        if layer(manifest, node["unique_id"]) != "marts" or node["name"].startswith("int_"):
            continue
        missing = {"module_version", "scenario_version", "prompt_version"} - set(node["columns"])
        if not {"scope_id", "user_id"} & set(node["columns"]):
            missing.add("scope_id or user_id")
        found += [f"{node['unique_id']} lacks {column}" for column in sorted(missing)]
    return found


def restricted_text_findings(manifest: dict[str, Any]) -> list[str]:
    """The free text of interactions stands in raw and staging and in no column after them."""
    return [
        f"{node['unique_id']} publishes {column}"
        for node in training_models(manifest)
        if layer(manifest, node["unique_id"]) != "staging"
        for column in sorted(RESTRICTED_COLUMNS & set(node["columns"]))
    ]
