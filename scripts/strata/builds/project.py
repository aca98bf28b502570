"""The project as a plan needs it, kept in a file so that a build with nothing to do need not start dbt."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from strata.builds.inputs import Inputs, inputs_of_nodes
from strata.settings import Settings

_FOLDERS = ("models", "macros", "seeds", "snapshots", "tests", "analyses")


@dataclass(frozen=True)
class Source:
    """A table that a contract describes. Raw tables are loaded by the door; strata and dbt write the others."""

    area: str
    table: str
    is_raw: bool


@dataclass(frozen=True)
class ProjectNode:
    """A model, seed or data test.

    ``kind`` is a model's materialization, or seed or test; ``relation`` is what it builds, with its schema. ``reads``
    are the models and seeds whose rows it reads: its parents, and what lies behind those that are views. ``sources``
    are the tables that it reads, directly or through models.
    """

    unique_id: str
    name: str
    kind: str
    relation: str
    inputs: Inputs
    reads: frozenset[str]
    sources: frozenset[Source]


# Nodes by unique id, each after what it reads.
Project = dict[str, ProjectNode]


def read_project(settings: Settings, manifest: Callable[[], Any]) -> Project:
    """The nodes of the project as its files are now; dbt parses them where they have changed since the last time."""
    kept = settings.parsed_folder / "strata_project.json"
    key = _digest_of_files(settings)
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        if content["key"] == key:
            return {row["unique_id"]: _node(row) for row in content["nodes"]}
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there is none, or it was cut off: it is made anew
    project = project_of(settings, manifest())
    rows = [
        {**asdict(node), "reads": sorted(node.reads), "sources": [asdict(source) for source in node.sources]}
        for node in project.values()
    ]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"key": key, "nodes": rows}), encoding="utf-8")
    return project


def project_of(settings: Settings, manifest: Any) -> Project:
    """The nodes of a parsed project."""
    import yaml

    written = yaml.safe_load((settings.project / "dbt_project.yml").read_text(encoding="utf-8"))
    project: Project = {}
    for unique_id, inputs in inputs_of_nodes(manifest, written.get("vars", {})).items():
        node = manifest.nodes[unique_id]
        parents = [project[parent] for parent in node.depends_on_nodes if parent in project]
        tables = [manifest.sources[parent] for parent in node.depends_on_nodes if parent in manifest.sources]
        direct = {Source(table.source_name, table.name, table.config.meta.get("format") != "none") for table in tables}
        kind = str(node.resource_type)
        project[unique_id] = ProjectNode(
            unique_id,
            node.name,
            str(node.config.materialized) if kind == "model" else kind,
            f"{node.schema}.{node.alias}",
            inputs,
            frozenset(parent.unique_id for parent in parents).union(
                *(parent.reads for parent in parents if parent.kind == "view")
            ),
            frozenset(direct).union(*(parent.sources for parent in parents)),
        )
    return project


def _node(row: Mapping[str, Any]) -> ProjectNode:
    return ProjectNode(**{
        **row,
        "inputs": Inputs(**row["inputs"]),
        "reads": frozenset(row["reads"]),
        "sources": frozenset(Source(**source) for source in row["sources"]),
    })  # fmt: skip


def _digest_of_files(settings: Settings) -> str:
    """One digest of all that decides how the project is parsed."""
    whole = hashlib.sha256(f"{settings.target} {settings.schema_prefix} {version('dbt-core')}".encode())
    for path in _files(settings.project):
        whole.update(f"\0{path}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def _files(project: Path) -> Iterator[Path]:
    """The project's files, and the code that makes the digests."""
    yield project / "dbt_project.yml"
    yield from sorted(Path(__file__).parent.glob("*.py"))
    for folder in _FOLDERS:
        for path, folders, names in os.walk(project / folder):
            folders[:] = sorted(name for name in folders if name not in ("python", "__pycache__"))
            yield from (Path(path, name) for name in sorted(names))
