"""Which nodes have to run, and why: decided from the project, the recorded states and the ledger of batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from strata.builds.inputs import changed_inputs
from strata.builds.project import Project, ProjectNode
from strata.builds.states import State

_AFTER = {
    "failed": "it failed last time",
    "skipped": "it was skipped last time",
    "running": "its last run was cut off",
    "unbuilt": "it was never run",
}


@dataclass(frozen=True)
class Found:
    """What the warehouse says: recorded states, relations that are there, watermarks, the last batch of each table."""

    states: Mapping[str, State]
    relations: frozenset[str]
    watermarks: Mapping[str, int]
    batches: Mapping[tuple[str, str], int]
    as_of: str

    @property
    def last_batch(self) -> int:
        """The last batch of all."""
        return max(self.batches.values(), default=0)


@dataclass(frozen=True)
class Wanted:
    """What the user asks for beyond what is new. ``full_refresh`` false: nothing is built anew, changed or not."""

    all: bool = False
    full_refresh: bool | None = None
    unit_tests: bool = False
    data_tests: bool = True


@dataclass
class Plan:
    """Why each node runs, by unique id.

    ``unknown`` were built from something else than the project says now, or are below such a node; ``anew`` are built
    with a full refresh. ``up_to_date`` are the incremental models that nothing reaches.
    """

    last_batch: int
    reasons: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    anew: set[str] = field(default_factory=set)
    up_to_date: set[str] = field(default_factory=set)


def make_plan(project: Project, found: Found, wanted: Wanted) -> Plan:
    """Decide for every node; those that read others come after them."""
    plan = Plan(found.last_batch)
    for node in project.values():
        if node.kind == "test" and not wanted.data_tests:
            continue
        is_there = node.kind == "test" or node.relation in found.relations
        is_below = bool(plan.unknown & node.reads)
        reason = _unknown(found, node)
        if node.kind != "test" and (is_below or (reason and is_there)):
            plan.unknown.add(node.unique_id)
        if not reason and is_below:
            reason = "something upstream is computed from scratch"
        if not reason and not is_there:
            reason = f"there is no {node.relation}"
        reason = reason or _outdated(found, plan, node)
        if not reason and (wanted.all or wanted.full_refresh):
            reason = "asked for"
        if reason:
            plan.reasons[node.unique_id] = reason
        elif node.kind == "incremental":
            plan.up_to_date.add(node.unique_id)
    plan.anew = set(plan.unknown)
    if wanted.full_refresh is not None:
        plan.anew = {unique_id for unique_id in plan.reasons if wanted.full_refresh}
    return plan


def _unknown(found: Found, node: ProjectNode) -> str | None:
    """Why the node may have been built from something else than what the project says now."""
    state = found.states.get(node.unique_id)
    if state is None:
        return "no run of it is recorded"
    if not state.inputs:
        return "its last run was cut off, or was one of dbt alone on other code"
    changed = changed_inputs(state.inputs, node.inputs)
    if not changed:
        return None
    own = [name for name in changed if not name.startswith(("model ", "seed "))] or changed
    more = f" and {len(own) - 1} more" if len(own) > 1 else ""
    return f"{own[0]}{more} changed"


def _outdated(found: Found, plan: Plan, node: ProjectNode) -> str | None:
    """Why a node that is built from the right things has to run all the same."""
    state = found.states[node.unique_id]
    if state.status in _AFTER:
        return _AFTER[state.status]
    if new := _new_batches(found, node, state):
        return f"new batches of {', '.join(new)}"
    if node.inputs.reads_as_of and state.as_of != found.as_of:
        return f"as_of was {state.as_of or 'unknown'} and is {found.as_of}"
    if node.kind == "test" and plan.reasons.keys() & node.reads:
        return "something it reads runs"
    return None


def _new_batches(found: Found, node: ProjectNode, state: State) -> list[str]:
    """Raw tables upstream with batches that the node has not taken in. A view has nothing to take in."""
    if node.kind in ("view", "seed"):
        return []
    done = found.watermarks.get(node.relation, 0) if node.kind == "incremental" else state.batch_id
    raw = sorted((source.area, source.table) for source in node.sources if source.is_raw)
    if node.kind == "test" and node.sources and not raw:
        # A test of what strata writes itself, which is something with every batch.
        return ["any table"] if found.last_batch > done else []
    return [f"{area}.{table}" for area, table in raw if found.batches.get((area, table), 0) > done]
