"""The project as dbt parsed it: target/manifest.json behind a few names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from strata.specified import Specified


@dataclass(frozen=True)
class Model:
    """A model, as the manifest has it."""

    node: Mapping[str, Any]

    @cached_property
    def name(self) -> str:
        """Name of the model."""
        return str(self.node["name"])

    @cached_property
    def path(self) -> PurePosixPath:
        """Path of the SQL file in the project."""
        return PurePosixPath(self.node["original_file_path"])

    @cached_property
    def area(self) -> str:
        """Folder below models/."""
        return self.path.parts[1] if len(self.path.parts) > 2 else ""

    @cached_property
    def layer(self) -> str:
        """Folder below the area's; none in ops, which has no layers."""
        return self.path.parts[2] if len(self.path.parts) > 3 else ""

    @cached_property
    def code(self) -> str:
        """The file as it stands, Jinja and comments included."""
        return str(self.node["raw_code"])

    @cached_property
    def is_helper(self) -> bool:
        """Whether the model is for other models only."""
        return self.name.startswith(("stg_", "int_"))


@dataclass(frozen=True)
class Manifest:
    """A project as dbt parsed it."""

    content: Mapping[str, Any]
    schema_prefix: str = ""
    specified: Mapping[str, Specified] = field(default_factory=dict)
    # Words of config.meta that docs/reference.md describes, by section.
    described: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def models(self) -> list[Model]:
        """All models of the project."""
        return [Model(node) for node in self.nodes("model")]

    def nodes(self, kind: str) -> list[Mapping[str, Any]]:
        """The project's nodes of a kind, by name."""
        found = [node for node in self.content["nodes"].values() if node["resource_type"] == kind]
        return sorted((node for node in found if node["package_name"] == self.name), key=lambda node: str(node["name"]))

    @property
    def name(self) -> str:
        """Name of the project."""
        return str(self.content["metadata"]["project_name"])

    @cached_property
    def sources(self) -> list[Mapping[str, Any]]:
        """Tables of all contracts."""
        return list(self.content["sources"].values())

    @cached_property
    def macros(self) -> list[Mapping[str, Any]]:
        """The project's own macros, generic tests among them."""
        return [macro for macro in self.content["macros"].values() if macro["package_name"] == self.name]

    def schema_of(self, node: Mapping[str, Any]) -> str:
        """Schema without the prefix that tests use to stay apart."""
        return str(node["schema"]).removeprefix(self.schema_prefix)

    @property
    def work_lists(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Models and raw tables that declare kinds of work, with their areas."""
        found = [(model.area, model.node) for model in self.models]
        found += [(str(source["source_name"]), source) for source in self.sources]
        return [(area, node) for area, node in found if "work_list" in node["config"]["meta"]]

    def ancestors(self, node: Mapping[str, Any]) -> set[str]:
        """Unique ids of the node itself and of all that it is made from."""
        found: set[str] = set()
        todo = [str(node["unique_id"])]
        while todo:
            unique_id = todo.pop()
            if unique_id not in found:
                found.add(unique_id)
                todo += self.content["nodes"].get(unique_id, {}).get("depends_on", {}).get("nodes", ())
        return found


def folder_of(macro: Mapping[str, Any]) -> str:
    """Folder below macros/ in which a macro lies; none for generic tests."""
    parts = PurePosixPath(macro["original_file_path"]).parts
    return parts[1] if parts[0] == "macros" else ""
