"""Contracts of the tables that the Writer fills, as the limits of strata.track say them.

They stand in until the area ``product`` has its own; then ``test_door.py`` reads those.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from strata.track import MetricType, limits


def _column(name: str, data_type: str = "string", *tests: Any) -> dict[str, Any]:
    return {"name": name, "data_type": data_type, "description": name, "data_tests": list(tests)}


def _table(name: str, lengths: dict[str, int], *columns: dict[str, Any]) -> dict[str, Any]:
    """A table whose records have every key, and texts of at most so many characters."""
    meta = {"format": "json", "key": ["id"], "event_time": "timestamp", "unknown_fields": "reject"}
    tests = [
        {"max_length": {"arguments": {"characters": length, "columns": [column]}}} for column, length in lengths.items()
    ]
    for column in columns:
        column["config"] = {"meta": {"presence": "required"}}
    return {"name": name, "description": name, "config": {"meta": meta}, "data_tests": tests, "columns": list(columns)}


def _one_of(values: Any) -> dict[str, Any]:
    return {"accepted_values": {"arguments": {"values": [str(value) for value in values]}}}


TABLES = [
    _table(
        "analytics_events",
        {
            "id": limits.ID_CHARACTERS, "event_name": limits.NAME_CHARACTERS, "session_id": limits.ID_CHARACTERS,
            "user_id": limits.ID_CHARACTERS, "page_url": limits.URL_CHARACTERS, "referrer": limits.URL_CHARACTERS,
            "properties": limits.JSON_CHARACTERS, "context": limits.JSON_CHARACTERS,
        },
        _column("id", "string", "not_null", "not_empty"),
        _column("event_type", "string", "not_null", _one_of(limits.EVENT_TYPES)),
        _column("event_name", "string", "not_null", "not_empty"),
        _column("timestamp", "timestamp", "not_null"),
        _column("session_id", "string", "not_empty"),
        _column("user_id", "string", "not_empty"),
        _column("properties", "json"),
        _column("context", "json"),
        _column("page_url", "string", "not_empty"),
        _column("referrer", "string", "not_empty"),
    ),
    _table(
        "metrics",
        {
            "id": limits.ID_CHARACTERS, "name": limits.NAME_CHARACTERS, "unit": limits.UNIT_CHARACTERS,
            "tags": limits.TAGS_CHARACTERS,
        },
        _column("id", "string", "not_null", "not_empty"),
        _column("name", "string", "not_null", "not_empty"),
        _column("metric_type", "string", "not_null", _one_of(MetricType)),
        _column(
            "value",
            "float8",
            "not_null",
            {"in_range": {"arguments": {"min_value": -limits.LARGEST_VALUE, "max_value": limits.LARGEST_VALUE}}},
        ),
        _column("timestamp", "timestamp", "not_null"),
        _column("tags", "json"),
        _column("unit", "string", "not_empty"),
    ),
]  # fmt: skip


def write(project: Path) -> None:
    """Adds the contracts to a copy of the project."""
    schema = "{{ env_var('STRATA_SCHEMA_PREFIX', '') }}raw_product"
    folder = project / "models" / "product" / "contracts"
    folder.mkdir(parents=True)
    for table in TABLES:
        source = {"name": "product", "schema": schema, "tables": [table]}
        (folder / f"{table['name']}.yml").write_text(yaml.safe_dump({"sources": [source]}), encoding="utf-8")
