"""The records as files: NDJSON of each week, metrics also as CSV, what came late, and a SQLite file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import zstandard

from strata.areas.product.sample.damage import DAMAGED_VALUES, damaged_events, damaged_metrics
from strata.areas.product.sample.story import Record
from strata.track.migration import migrate

EVENTS, METRICS, FUNNELS = "analytics_events", "metrics", "funnels"
_DAY = 86_400
_FUNNELS: Mapping[str, Any] = {
    "mission": [{"event_name": name} for name in ("mission_created", "spec_created", "mission_completed")],
    "from page to mission": {
        "steps": [
            {"event_name": "page_view", "event_type": "page", "where": {"page_url": "/missions/new"}},
            {"event_name": "mission_created"},
        ],
        "window_seconds": _DAY,
    },
    "plan at once": {
        "steps": [
            {"event_name": "forge_item_created", "where": {"properties.item_type": ["image", "text"]}},
            {"event_name": "mission_completed", "where": {"properties.status": "success"}},
            {"event_name": "plan_chosen"},
        ],
        "window_seconds": 3_600,
        "exclusions": [{"event_name": "search_performed", "after_step": 1, "before_step": 3}],
    },
}


@dataclass
class _Files:
    """Files that were written, and the records in them by table."""

    folder: Path
    written: list[Path] = field(default_factory=list)
    records: Counter[str] = field(default_factory=Counter)

    def write(self, table: str, name: str, records: Iterable[Record], *, as_csv: bool = False) -> None:
        """One file, compressed as its name says; none where there are no records."""
        records = list(records)
        if not records:
            return
        text = _csv(records) if as_csv else "".join(f"{json.dumps(_wire(record))}\n" for record in records)
        content = text.encode()
        if name.endswith(".gz"):
            content = gzip.compress(content, mtime=0)
        elif name.endswith(".zst"):
            content = zstandard.compress(content)
        path = self.folder / table / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.written.append(path)
        self.records[f"product.{table}"] += len(records)


def write_files(
    folder: Path, chance: Random, events: list[Record], metrics: list[Record], last_day: date, *, single_file: bool
) -> tuple[list[Path], dict[str, int]]:
    """Write all records, and some of them again; the files, and the number of records by table."""
    files = _Files(folder)
    funnels = _funnels(events[0]["timestamp"])
    if single_file:
        for table, records in ((EVENTS, events), (METRICS, metrics), (FUNNELS, funnels)):
            files.write(table, "everything.ndjson", records)
        return files.written, dict(files.records)
    late = [event for event in events if chance.random() < 0.01]
    late_ids = {event["id"] for event in late}
    again = [event for event in events if chance.random() < 0.004]
    conflicting = [event | {"event_name": "page_view_again"} for event in again if event["event_name"] == "page_view"]
    for number, week in enumerate(_weeks(events, last_day)):
        ending = ("", ".gz", ".zst")[number % 3]
        punctual = (event for event in week if event["id"] not in late_ids)
        files.write(EVENTS, f"events-{number + 1:02}.ndjson{ending}", punctual)
    # Counters are kept in SQLite by the application that counts.
    counted = [metric for metric in metrics if metric["metric_type"] == "counter"]
    elsewhere = [metric for metric in metrics if metric["metric_type"] != "counter"]
    half = len(elsewhere) // 2
    files.write(METRICS, "metrics-1.csv", elsewhere[:half], as_csv=True)
    files.write(METRICS, "metrics-2.ndjson.zst", elsewhere[half:])
    files.write(EVENTS, "late.ndjson", [*late, *again, *conflicting[:5]])
    files.write(EVENTS, "damaged.ndjson", damaged_events(events[0]))
    files.write(METRICS, "damaged.ndjson", damaged_metrics(metrics[0]))
    _write_database(files, counted, funnels)
    return files.written, dict(files.records)


def _weeks(events: list[Record], last_day: date) -> list[list[Record]]:
    """The events in lists of seven days, the last of which ends with the last day or soon after."""
    weeks: dict[int, list[Record]] = {}
    end = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + timedelta(days=1)
    for event in events:
        weeks.setdefault(min((event["timestamp"] - end) // timedelta(days=7), -1), []).append(event)
    return [weeks[number] for number in sorted(weeks)]


def _funnels(at: datetime) -> list[Record]:
    return [
        {"id": f"funnel-{number}", "name": name, "description": None, "steps": steps, "created_at": at}
        for number, (name, steps) in enumerate(_FUNNELS.items(), 1)
    ]


def _write_database(files: _Files, metrics: list[Record], funnels: list[Record]) -> None:
    """The application's own SQLite file; two of its metrics hold what SQLite takes and the door does not."""
    path = files.folder / "application.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    bad = [metrics[-1] | {"id": f"damaged-{n}", "value": value} for n, value in enumerate(DAMAGED_VALUES)]
    with closing(sqlite3.connect(path)) as connection:
        migrate(connection)
        for table, records in ((METRICS, [*metrics, *bad]), (FUNNELS, funnels)):
            names = list(records[0])
            holes = ", ".join("?" * len(names))
            rows = [tuple(map(_cell, record.values())) for record in records]
            connection.executemany(f"insert into {table} ({', '.join(names)}) values ({holes})", rows)
            files.records[f"product.{table}"] += len(records)
        connection.commit()
    files.written.append(path)


def _csv(records: list[Record]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(records[0])
    writer.writerows(map(_cell, record.values()) for record in records)
    return text.getvalue()


def _wire(record: Record) -> Record:
    """A record as JSON has it; what is null is left out of most."""
    return {name: _instant(value) for name, value in record.items() if value is not None}


def _cell(value: Any) -> Any:
    """A value as a column of text has it."""
    return json.dumps(value) if isinstance(value, dict | list) else _instant(value)


def _instant(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else value
