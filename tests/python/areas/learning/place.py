"""A warehouse of one engine with events of learning, for tests, and how to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from engines import enter, new_prefix, session_for

from strata.door.identifiers import SubjectKey
from strata.session import Session
from strata.settings import TARGETS

_CHOSEN = ["path:models/learning", "path:seeds/learning"]
MODELS = ["--select", *_CHOSEN, "--exclude-resource-types", "test", "unit_test"]


@dataclass
class Place:
    """A warehouse of one engine, and how to ask it."""

    session: Session
    patch: pytest.MonkeyPatch
    files: int = 0

    def load(self, events: list[dict[str, Any]]) -> None:
        """Take events in from a file of their own."""
        enter(self.session.settings, self.patch)
        self.files += 1
        folder = self.session.settings.landing / f"{self.files}" / "learning" / "raw_events"
        folder.mkdir(parents=True)
        text = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
        (folder / "events.ndjson").write_text(text + " " * self.files, encoding="utf-8")
        loaded = self.session.load(self.session.files([folder]), lambda item: None)
        assert [item.counts.rejected for item in loaded] == [0]

    def build(self, *arguments: str) -> None:
        enter(self.session.settings, self.patch)
        nodes = self.session.build([*MODELS, "--vars", '{as_of: "2025-09-10"}', *arguments], lambda name: None)
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        """Rows of a table of the area; learners by the names that the test gave them."""
        with self.session.warehouse() as warehouse:
            relation = f"{self.session.settings.schema('learning')}.{table}"
            names = [name for name in self._columns(warehouse, table) if columns == "*" or name in columns.split(", ")]
            quoted = ", ".join(f'"{name}"' for name in names)
            found = warehouse.execute(f"select {quoted} from {relation}")
            people = dict(warehouse.query("select pseudonym, key_digest from {ops}.subjects"))
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return [row | ({"learner_id": people[row["learner_id"]]} if "learner_id" in row else {}) for row in rows]

    def unpublished(self, columns: str) -> list[tuple[Any, ...]]:
        """What the area could not publish; `ops.unpublished` shows it beside that of the other areas."""
        with self.session.warehouse() as warehouse:
            schema = self.session.settings.schema("learning")
            return warehouse.execute(f"select {columns} from {schema}.int_learning__unpublished")

    def _columns(self, warehouse: Any, table: str) -> list[str]:
        return [
            row[0]
            for row in warehouse.execute(
                "select column_name from information_schema.columns where table_schema = ? and table_name = ? "
                "order by ordinal_position",
                [self.session.settings.schema("learning"), table],
            )
        ]


KEY = "the key of these tests"


def digest(learner: str) -> str:
    """The name under which a test knows a learner again."""
    return SubjectKey(KEY.encode()).subject(learner)


@pytest.fixture(params=TARGETS)
def place(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: None) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATA_SUBJECT_KEY", KEY)
        yield Place(session_for(request.param, tmp_path, tmp_path / "landing", patch, prefix=new_prefix()), patch)


def plain(value: Any) -> Any:
    """A value as both the fixture's text and the engine's type say it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or value in ("true", "false"):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    try:
        return Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)


def event(number: int, at: datetime, kind: str, session: str = "s1", learner: str = "learner_ann", **data: Any) -> Any:
    return {
        "learner_id": learner,
        "event_type": kind,
        "event_id": f"e{number:05}",
        "session_id": session,
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "data": data,
        "metadata": None,
        "version": "1.0",
    }
