"""The guide for applications: its examples run, and its numbers are the limits."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from strata.track import limits
from track.children import parts, records

GUIDE = (PROJECT / "docs" / "track.md").read_text(encoding="utf-8")


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    first, writer, store = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(first, names)
    assert [event["event_name"] for event in records(tmp_path / "landing")] == [
        "page_view", "user_identified", "plan_chosen", "search_performed",
    ]  # fmt: skip
    assert [metric["name"] for metric in records(tmp_path / "landing", "metrics")] == [
        "api.request.duration", "upload.size",
    ]  # fmt: skip
    exec(writer, names)
    assert len(records(tmp_path / "landing")) == 5
    assert not parts(tmp_path / "landing")
    exec(store, names)
    with closing(sqlite3.connect("app.db")) as connection:
        for table in ("analytics_events", "metrics", "funnels"):
            assert connection.execute(f"select count(*) from {table}").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("`id`", limits.ID_CHARACTERS),
        ("`event_name`", limits.NAME_CHARACTERS),
        ("`page_url`", limits.URL_CHARACTERS),
        ("`unit`", limits.UNIT_CHARACTERS),
        ("`tags`", limits.TAGS_CHARACTERS),
        ("`properties`", limits.JSON_CHARACTERS),
        ("`properties`", limits.JSON_DEPTH),
    ],
)
def test_the_guide_names_the_limits(field: str, limit: int) -> None:
    [row] = re.findall(rf"^\| {field}.*$", GUIDE, re.MULTILINE)
    assert re.search(rf"up to {limit:,}\b", row)


def test_the_guide_names_the_event_types_and_the_largest_value() -> None:
    *most, last = [f"`{name}`" for name in limits.EVENT_TYPES]
    assert f"Event types are {', '.join(most)} and {last}." in GUIDE
    assert f"at most {limits.LARGEST_VALUE:g}".replace("+", "") in GUIDE
