"""A build: what is asked of dbt, and what is recorded of its nodes before and after."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from strata.builds.plan import Found, Plan, Wanted, make_plan
from strata.builds.project import Project, ProjectNode
from strata.builds.states import State, now, read_states, write_states
from strata.claims import broken
from strata.dbt_runner import Node, environment, run_dbt
from strata.errors import StrataError
from strata.jobs import record_failure
from strata.settings import Settings
from strata.warehouse.base import Warehouse
from strata.warehouse.failures import sentence_for

OnNode = Callable[[str], None]
OpenWarehouse = Callable[[], Warehouse]
_PASSED = ("success", "pass", "warn")
_CHOSEN, _CHOSEN_ANEW = "strata_chosen", "strata_chosen_anew"


@dataclass(frozen=True)
class Builder:
    """Builds on one warehouse, with one value of `as_of` (none: the instant of the run)."""

    settings: Settings
    read_project: Callable[[], Project]
    manifest: Callable[[], Any]
    warehouse: OpenWarehouse
    on_node: OnNode
    as_of: str | None = None

    @cached_property
    def project(self) -> Project:
        """The project; read when the warehouse was found to be in order."""
        with self._failure_recorded():
            return self.read_project()

    def plan(self, warehouse: Warehouse, wanted: Wanted) -> Plan:
        """What would run, and why. Nothing is written."""
        return make_plan(self.project, self._find(warehouse), wanted)

    def build_what_is_new(self, wanted: Wanted) -> list[Node]:
        """Run what has to run: first what can go on from where it stands, then, anew, what is at or below a change."""
        with self.warehouse() as warehouse:
            found = self._find(warehouse)
            plan = make_plan(self.project, found, wanted)
            prepared = self._prepare(warehouse, found, plan)
        if not plan.reasons:
            return []
        anew = {unique_id for unique_id in plan.reasons if {unique_id, *self.project[unique_id].reads} & plan.anew}
        scope = "all" if wanted.all or wanted.full_refresh else "touched"
        nodes: list[Node] = []
        for chosen, tag in ((plan.reasons.keys() - anew, _CHOSEN), (anew, _CHOSEN_ANEW)):
            flags = ["--full-refresh"] if tag == _CHOSEN_ANEW and plan.anew else []
            if any(node.is_bad for node in nodes):
                # What failed is upstream of some of the second run, and dbt would not know.
                nodes += [_skipped(self.project[unique_id]) for unique_id in chosen]
            elif chosen:
                with self._tagged(chosen, tag, wanted.unit_tests):
                    select = ["--select", f"tag:{tag}", "--indirect-selection", "empty"]
                    nodes += self._dbt([*flags, *select], scope)
        is_whole = plan.anew if wanted.full_refresh is not False else plan.reasons.keys()
        self._settle(prepared, nodes, is_whole, plan.last_batch)
        return nodes

    def build_selected(self, arguments: list[str], scope: str, variables: Mapping[str, str]) -> list[Node]:
        """Run `dbt build` with arguments in dbt's own words, whatever is new; what became of it is recorded."""
        with self.warehouse() as warehouse:
            found = self._find(warehouse)
            prepared = self._prepare(warehouse, found, make_plan(self.project, found, Wanted()))
        nodes = self._dbt(arguments, scope, variables)
        is_whole = self.project.keys() if "--full-refresh" in arguments else set()
        self._settle(prepared, nodes, is_whole, None)
        return nodes

    def _find(self, warehouse: Warehouse) -> Found:
        relations = warehouse.query("select table_schema || '.' || table_name from information_schema.tables")
        batches = warehouse.query("select area, table_name, max(batch_id) from {ops}.batches group by area, table_name")
        return Found(
            states=read_states(warehouse),
            relations=frozenset(name for (name,) in relations),
            watermarks=dict(warehouse.query("select model_name, batch_id from {ops}.watermarks")),
            batches={(area, table): last for area, table, last in batches},
            as_of=self.as_of or f"today {datetime.now(UTC):%Y-%m-%d}",
        )

    def _prepare(self, warehouse: Warehouse, found: Found, plan: Plan) -> dict[str, State]:
        """Write down what will not be true any more when this run is cut off; the states as they then are.

        Models that nothing new reaches have taken in the last batch by doing nothing.
        """
        states = {node.unique_id: _prepared(found, plan, node) for node in self.project.values()}
        up_to_date = [
            [name, found.last_batch]
            for name in (self.project[unique_id].relation for unique_id in plan.up_to_date)
            if found.watermarks.get(name, found.last_batch) < found.last_batch
        ]
        if states != found.states or up_to_date:
            with warehouse.transaction():
                write_states(warehouse, states.values())
                for name, batch_id in up_to_date:
                    warehouse.execute(
                        f"update {warehouse.ops('watermarks')} set batch_id = ? where model_name = ?", [batch_id, name]
                    )
        return states

    def _dbt(self, arguments: list[str], scope: str, variables: Mapping[str, str] | None = None) -> list[Node]:
        values = {**(variables or {}), **({"as_of": self.as_of} if self.as_of else {})}
        given = ["--vars", json.dumps(values)] if values else []
        scope = os.environ.get("STRATA_TEST_SCOPE", scope)
        with self._failure_recorded(), environment(STRATA_TEST_SCOPE=scope, STRATA_KEEPS_STATES="true"):
            nodes = run_dbt(self.settings, ["build", *arguments, *given], self.on_node, self.manifest())
        for node in nodes:
            if node.is_bad and (sentence := sentence_for(node.message, self.settings)):
                raise sentence
        return [self._with_claims(node) for node in nodes]

    def _with_claims(self, node: Node) -> Node:
        """dbt counts what a test finds; of claims about columns the user is told which are broken."""
        if not node.claims_query:
            return node
        with self.warehouse() as warehouse:
            return replace(node, message=broken(warehouse, node.claims_query))

    @contextlib.contextmanager
    def _failure_recorded(self) -> Iterator[None]:
        """A run that ends before dbt has written its job is a failed job all the same."""
        began = now()
        try:
            yield
        except StrataError as error:
            # A server that went away takes no row; what went wrong matters more.
            with contextlib.suppress(StrataError), self.warehouse() as warehouse:
                record_failure(warehouse, "dbt build", began, error)
            raise

    def _settle(
        self, prepared: Mapping[str, State], nodes: Iterable[Node], is_whole: Iterable[str], last_batch: int | None
    ) -> None:
        """Record from what each node was built; dbt has recorded how it ended, and for which `as_of`.

        A node that was built anew on something whose own origin is not known stays unknown.
        """
        done = {node.unique_id for node in nodes if node.status in _PASSED}
        whole = set(is_whole)
        with self.warehouse() as warehouse:
            states = {**prepared, **read_states(warehouse)}
            for node in self.project.values():
                if node.unique_id in done:
                    is_made = node.unique_id in whole or node.kind in ("view", "seed", "test")
                    is_known = all(states[parent].inputs for parent in node.reads)
                    state = states[node.unique_id]
                    states[node.unique_id] = replace(
                        state,
                        inputs=node.inputs.text if is_made and is_known else state.inputs,
                        batch_id=state.batch_id if last_batch is None else last_batch,
                    )
            with warehouse.transaction():
                write_states(warehouse, states.values())

    @contextlib.contextmanager
    def _tagged(self, chosen: Iterable[str], tag: str, unit_tests: bool) -> Iterator[None]:
        """A tag in memory on nodes, and on the unit tests of those that are models.

        By a tag dbt selects a thousand nodes at once; by their names it takes seconds.
        """
        manifest = self.manifest()
        nodes = [manifest.nodes[unique_id] for unique_id in chosen]
        if unit_tests:
            nodes += [test for test in manifest.unit_tests.values() if set(chosen) & set(test.depends_on.nodes)]
        for node in nodes:
            node.tags.append(tag)
        try:
            yield
        finally:
            for node in nodes:
                node.tags.remove(tag)


def _prepared(found: Found, plan: Plan, node: ProjectNode) -> State:
    """The state of a node as it is if the run that begins now is cut off."""
    state = found.states.get(node.unique_id)
    inputs = node.inputs.text
    if state and state.inputs == inputs and node.unique_id not in plan.unknown:
        return state
    is_test = node.kind == "test"
    # What is not there yet can only be built whole; what is there holds rows that were made from something else.
    known = inputs if is_test or node.relation not in found.relations else ""
    status = state.status if state and not is_test else "unbuilt"
    if state and (state.inputs, state.status) == (known, status):
        return state
    return State(node.unique_id, known, state.batch_id if state else 0, state.as_of if state else None, status, now())


def _skipped(node: ProjectNode) -> Node:
    kind = node.kind if node.kind in ("seed", "test") else "model"
    return Node(node.name, kind, "skipped", "", node.unique_id)
