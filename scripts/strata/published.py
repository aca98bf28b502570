"""What the project publishes, as dbt's manifest has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from strata.errors import StrataError
from strata.settings import Settings


@dataclass(frozen=True)
class Published:
    """A published relation: its area's schema without a prefix, its columns and data types, its key.

    ``partition`` is the column whose values cut the relation into pieces (its date), or none. ``pseudonyms`` are
    columns whose values are random and differ between warehouses. Columns that say when a row was written are left out.
    """

    schema: str
    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    partition: str | None
    pseudonyms: tuple[str, ...] = ()


def published_tables(settings: Settings, manifest: Any) -> list[Published]:
    """All public models of the areas, by name, but those that tell of this warehouse only (``warehouse_specific``).

    Raises:
        StrataError: a public model does not say which columns are its key.
    """
    models = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    public = [node for node in models if str(node.access) == "public" and not node.schema.endswith("ops")]
    public = [node for node in public if not node.config.meta.get("warehouse_specific", False)]
    return sorted((_published(node, settings) for node in public), key=lambda table: (table.schema, table.name))


def _published(node: Any, settings: Settings) -> Published:
    columns = {
        name: str(column.data_type)
        for name, column in node.columns.items()
        if not column.config.meta.get("run_time", False)
    }
    key = tuple(node.config.meta.get("key", ()))
    if not key or not set(key) <= set(columns):
        raise StrataError(f"The model {node.name} must name its key in config.meta.key.")
    dates = [name for name in ("date", "partition_date") if name in columns]
    schema = node.schema.removeprefix(settings.schema_prefix)
    pseudonyms = tuple(name for name in columns if node.columns[name].config.meta.get("pseudonym"))
    return Published(schema, node.alias, columns, key, dates[0] if dates else None, pseudonyms)
