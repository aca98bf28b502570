"""A warehouse that is emptied for every trial, and copies of what a trial published to compare afterwards.

All trials of an engine use one place, so that dbt, which looks at the environment, parses the project once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from engines import enter, new_prefix, session_for

from laws.histories import Batch, write_batches
from strata.builds.plan import Wanted
from strata.dbt_runner import run_dbt
from strata.door.landing import find_files
from strata.intake.results import Loaded
from strata.parity import Compared, Side, compare
from strata.published import Published
from strata.session import Session

MODELS_ONLY = ["--exclude-resource-types", "seed", "test", "unit_test"]
# A view is the same after every build; a full refresh of the tables below may drop it, so that one makes them again.
TABLES_ONLY = [*MODELS_ONLY, "--exclude", "config.materialized:view"]


def tables_of(area: str) -> list[str]:
    """The tables of an area, for builds of which the others are no part."""
    return [*TABLES_ONLY, "--select", f"path:models/{area}"]


def models_of(area: str) -> list[str]:
    """The tables and views of an area, and the views about all areas that stand on them."""
    return [*MODELS_ONLY, "--select", f"path:models/{area}", "path:models/ops"]


@dataclass
class Trials:
    """One engine's warehouse for trials, with all tables built and empty."""

    session: Session
    manifest: Any
    patch: pytest.MonkeyPatch
    folder: Path
    compared: list[Published]
    emptied: list[str]
    known: list[Batch] = field(default_factory=list)
    delivered: int = 0
    # The areas of the trial's records; the tables of others stay empty and are not compared.
    areas: set[str] = field(default_factory=set)

    @classmethod
    def start(cls, target: str, folder: Path, patch: pytest.MonkeyPatch, project: Path | None = None) -> Trials:
        """Seeds and an empty build of everything; then every build of a trial is an incremental one."""
        session = session_for(target, folder, folder / "landing", patch, prefix=new_prefix())
        # Writing manifest.json and run_results.json takes as long as half the models.
        patch.setenv("DBT_WRITE_JSON", "false")
        patch.setenv("STRATA_SUBJECT_KEY", "the key of all these trials")
        if project:
            session = Session(replace(session.settings, project=project))
        build(session, ["--exclude-resource-types", "test", "unit_test"])
        manifest = session.manifest
        compared, built = compared_tables(session, manifest)
        # Persons keep their pseudonyms, so that trials can be compared by them.
        # What is known of the nodes stays true: emptied tables are what a build of no records leaves.
        kept = ("subjects", "node_states")
        relations = [contract.relation for contract in session.contracts.values() if contract.name not in kept]
        return cls(session, manifest, patch, folder, compared, relations + built)

    def reset(self) -> None:
        """Empty every table and the ledger; every watermark is 0."""
        enter(self.session.settings, self.patch)
        watermarks = self.session.contracts["ops", "watermarks"].relation
        with self.session.warehouse() as warehouse, warehouse.transaction():
            for relation in self.emptied:
                if relation != watermarks:
                    warehouse.execute(f"delete from {relation}")
            warehouse.execute(f"update {watermarks} set batch_id = 0, previous_batch_id = 0")
        self.known.clear()
        self.areas.clear()

    def play(
        self,
        deliveries: list[list[Batch]],
        *,
        full_refresh: bool = False,
        area: str | None = None,
        as_of: str | None = None,
    ) -> None:
        """Begin anew and load the deliveries, with a `strata build` without tests after each.

        With ``full_refresh`` dbt alone computes everything anew, of one area or of all: the reference for the others.
        """
        self.reset()
        arguments = ["--full-refresh", *(["--select", f"path:models/{area}"] if area else [])]
        if as_of:
            arguments = [*arguments, "--vars", json.dumps({"as_of": as_of})]
        built = 0
        for batches in deliveries:
            self.deliver(batches)
            if full_refresh:
                nodes = run_dbt(self.session.settings, ["run", *arguments], lambda name: None, self.manifest)
            else:
                nodes = self.session.build_what_is_new(lambda name: None, Wanted(data_tests=False), as_of)
            assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
            built += len(nodes)
        assert built, "nothing was built"

    def read_again(self) -> None:
        """Another session, as another process has it: the project was changed."""
        self.session = Session(self.session.settings)

    def deliver(self, batches: list[Batch]) -> None:
        """Load batches through the door, in this order; each must load whole or be known already."""
        loaded = self.load_some(batches)
        assert [item for item in loaded if item.known_as is None and item.counts.rejected] == []

    def load_some(self, batches: list[Batch]) -> list[Loaded]:
        """Load batches through the door, in this order; records may be turned away."""
        enter(self.session.settings, self.patch)
        self.delivered += 1
        self.areas |= {batch.area for batch in batches}
        paths = write_batches(batches, self.session.contracts, self.folder / f"delivery-{self.delivered}", self.known)
        files = [find_files(self.session.settings.landing, self.session.contracts, [path])[0] for path in paths]
        return self.session.load(files, lambda item: None)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a question; a schema is written ``{ops}``, without a prefix."""
        schemas = {name: self.session.settings.schema(name) for name in re.findall(r"{(\w+)}", sql)}
        with self.session.warehouse() as warehouse:
            return warehouse.execute(sql.format(**schemas))

    def keep(self, name: str) -> Side:
        """Put what is compared aside under a name."""
        with self.session.warehouse() as warehouse:
            for table in self._shown:
                schema = self._kept(name)(table.schema)
                warehouse.execute(f"create schema if not exists {schema}")
                warehouse.execute(f"drop table if exists {schema}.{table.name}")
                origin = f"{self.session.settings.schema(table.schema)}.{table.name}"
                warehouse.execute(f"create table {schema}.{table.name} as select * from {origin}")
            return Side(name, warehouse, self._kept(name))

    def differences(self, left: str, right: str) -> list[Compared]:
        """The tables in which two kept trials differ."""
        with self.session.warehouse() as warehouse:
            sides = [Side(name, warehouse, self._kept(name)) for name in (left, right)]
            compared = list(compare(sides[0], sides[1], self._shown))
        assert sum(item.rows[0] for item in compared) > 0, "nothing was published, so nothing was compared"
        return [item for item in compared if not item.is_equal]

    @property
    def _shown(self) -> list[Published]:
        return [table for table in self.compared if table.schema.removeprefix("staging_") in self.areas]

    def _kept(self, name: str) -> Callable[[str], str]:
        return lambda schema: f"{self.session.settings.schema_prefix}{name}_{schema}"


def compared_tables(session: Session, manifest: Any = None) -> tuple[list[Published], list[str]]:
    """What is compared of all that a build makes, and the relations that it fills."""
    nodes = (manifest or session.manifest).nodes.values()
    models = [node for node in nodes if node.resource_type == "model" and "ops" not in node.fqn[1:3]]
    built = [node for node in models if node.config.materialized == "incremental"]
    compared = [_table(node, session) for node in models if node in built or str(node.access) == "public"]
    return [table for table in compared if table], [f"{node.schema}.{node.alias}" for node in built]


def build(session: Session, arguments: list[str]) -> None:
    """`strata build`, which must succeed."""
    nodes = session.build(arguments, lambda name: None)
    assert nodes, "nothing was built"
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []


def _table(node: Any, session: Session) -> Published | None:
    """What is compared of a relation: all columns but the technical ones.

    A work list and a list of copies name batches and lines, which another split numbers otherwise.
    """
    meta = node.config.meta
    columns = {
        name: str(column.data_type)
        for name, column in node.columns.items()
        if not name.startswith("_") and not column.config.meta.get("run_time", False)
    }
    if meta.get("work_list") or "_batch_id" in meta.get("key", ()) or meta.get("warehouse_specific"):
        return None
    key = tuple(name for name in meta.get("key", columns) if name in columns)
    schema = node.schema.removeprefix(session.settings.schema_prefix)
    return Published(schema, node.alias, columns, key, "date" if "date" in columns else None)
