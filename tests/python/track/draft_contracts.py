"""Contracts of the tables that the Writer fills, as the limits of strata.track say them.

They stand in until the area ``product`` has its own; then ``test_door.py`` reads those.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from strata.track import MetricType, limits

_FILLED = "trim({0}) <> ''"


def _column(name: str, data_type: str, *claims: str | dict[str, Any]) -> dict[str, Any]:
    """A column; ``not_null`` and conditions are constraints, everything else is a data test."""
    return {
        "name": name,
        "data_type": data_type,
        "description": name,
        "constraints": [
            {"type": "not_null"} if claim == "not_null" else {"type": "check", "expression": claim.format(name)}
            for claim in claims
            if isinstance(claim, str)
        ],
        "data_tests": [claim for claim in claims if not isinstance(claim, str)],
    }


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
        _column("id", "string", "not_null", _FILLED),
        _column("event_type", "string", "not_null", _one_of(limits.EVENT_TYPES)),
        _column("event_name", "string", "not_null", _FILLED),
        _column("timestamp", "timestamp", "not_null"),
        _column("session_id", "string", _FILLED),
        _column("user_id", "string", _FILLED),
        _column("properties", "json"),
        _column("context", "json"),
        _column("page_url", "string", _FILLED),
        _column("referrer", "string", _FILLED),
    ),
    _table(
        "metrics",
        {
            "id": limits.ID_CHARACTERS, "name": limits.NAME_CHARACTERS, "unit": limits.UNIT_CHARACTERS,
            "tags": limits.TAGS_CHARACTERS,
        },
        _column("id", "string", "not_null", _FILLED),
        _column("name", "string", "not_null", _FILLED),
        _column("metric_type", "string", "not_null", _one_of(MetricType)),
        _column(
            "value",
            "float8",
            "not_null",
            f"{{0}} >= -{limits.LARGEST_VALUE:.0f} and {{0}} <= {limits.LARGEST_VALUE:.0f}",
        ),
        _column("timestamp", "timestamp", "not_null"),
        _column("tags", "json"),
        _column("unit", "string", _FILLED),
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
