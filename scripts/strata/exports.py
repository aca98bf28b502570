"""Marts as files for other systems."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from strata.errors import StrataError
from strata.warehouse.base import Warehouse


def export_insights(warehouse: Warehouse, day: date, folder: Path) -> tuple[Path, int]:
    """Write one JSON document per user who left a record on a day, as NDJSON in the order of the users.

    The file is complete or not there: it is written beside its place and moved.

    Raises:
        StrataError: nothing is known of that day, or the marts were not built yet.
    """
    relation = warehouse.require("training", "insights_payload")
    rows = warehouse.query(f"select payload from {relation} where date = ? order by user_id", [day])
    if not rows:
        raise StrataError(f"Nobody left a record on {day}. `strata status` shows which days there are.")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"insights-{day}.ndjson"
    unfinished = target.with_suffix(".ndjson.part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        for (payload,) in rows:
            document = json.loads(payload) if isinstance(payload, str) else payload
            stream.write(json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n")
    unfinished.replace(target)
    return target, len(rows)
