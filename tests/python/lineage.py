"""Where the value of a column comes from, through all models: read from the SQL that dbt compiled.

A flow is a raw column, or a key of a JSON column, and whether it only comes out aggregated: counted, summed or
averaged over several rows. The least or the greatest of several values is still one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

# What the door adds to every raw table.
TECHNICAL = ("_batch_id", "_line_number", "_event_date")
_AGGREGATES = (exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance)


@dataclass(frozen=True, order=True)
class Origin:
    """A column of a raw table, or one key of it where it is JSON."""

    relation: str
    column: str
    key: str = ""


@dataclass(frozen=True)
class Flow:
    """An origin, and whether the value is only seen aggregated."""

    origin: Origin
    is_aggregated: bool = False


Flows = frozenset[Flow]


@dataclass
class Lineage:
    """Flows into each column of each relation, filled model by model."""

    columns: dict[str, dict[str, Flows]] = field(default_factory=dict)

    @classmethod
    def of(cls, manifest: dict[str, Any], dialect: str = "duckdb") -> Lineage:
        """The lineage of all models of a ``manifest.json`` that `dbt compile` wrote."""
        made = cls()
        for source in manifest["sources"].values():
            made.add_source(source["relation_name"], [*source["columns"], *TECHNICAL])
        waiting = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
        while waiting:
            ready = [name for name, node in waiting.items() if not waiting.keys() & _parents(node)]
            for name in ready:
                node = waiting.pop(name)
                if node["resource_type"] == "model":
                    made.add_model(node["relation_name"], node["compiled_code"], dialect)
                else:
                    made.columns[_plain(node["relation_name"])] = dict.fromkeys(node["columns"], frozenset())
        return made

    def add_source(self, relation: str, columns: Iterable[str]) -> None:
        """A raw table: every column comes from itself."""
        name = _plain(relation)
        self.columns[name] = {column: frozenset({Flow(Origin(name, column))}) for column in columns}

    def add_model(self, relation: str, sql: str, dialect: str = "duckdb") -> None:
        """A model, from its compiled SQL; what it reads must be known."""
        tree = qualify(parse_one(sql, dialect=dialect), dialect=dialect, schema=self._schema(), quote_identifiers=False)
        root = build_scope(tree)
        assert root is not None, f"no query in {relation}"
        self.columns[_plain(relation)] = _Query(self.columns).outputs(root)

    def _schema(self) -> dict[str, dict[str, dict[str, str]]]:
        nested: dict[str, dict[str, dict[str, str]]] = {}
        for relation, columns in self.columns.items():
            schema, table = relation.split(".")
            nested.setdefault(schema, {})[table] = dict.fromkeys(columns, "text")
        return nested


@dataclass
class _Query:
    """One compiled query, scope by scope."""

    known: Mapping[str, Mapping[str, Flows]]
    done: dict[int, dict[str, Flows]] = field(default_factory=dict)

    def outputs(self, scope: Scope) -> dict[str, Flows]:
        """Flows into each output column of a query, a common table expression or a subquery."""
        # By the expression: what a recursive query reads of itself is another scope of its first half.
        name = id(scope.expression)
        if name not in self.done:
            self.done[name] = self._union(scope) if scope.set_operation_scopes else self._select(scope)
        return self.done[name]

    def _select(self, scope: Scope) -> dict[str, Flows]:
        return {item.alias_or_name: self._flows(item, scope) for item in scope.expression.selects}

    def _union(self, scope: Scope) -> dict[str, Flows]:
        first, second = scope.set_operation_scopes
        found, before = self.outputs(first), dict(self.done)
        while True:
            other = self.outputs(second).values()
            joined = {name: flows | more for (name, flows), more in zip(found.items(), other, strict=True)}
            if joined == found or not _is_recursive(scope):
                return joined
            # The second half reads what the first has become, until nothing new comes round.
            found = joined
            self.done = before | {id(first.expression): found}

    def _flows(self, node: exp.Expression, scope: Scope) -> Flows:
        if isinstance(node, exp.Column):
            return self._column(node, scope)
        if isinstance(node, exp.Subquery | exp.Select | exp.SetOperation):
            inner = node.unnest()
            for sub in scope.subquery_scopes:
                if sub.expression is inner:
                    return frozenset().union(*self.outputs(sub).values())
            raise AssertionError(f"no scope for {node.sql()}")
        if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
            return self._key_of(node.this, node.expression, scope)
        if isinstance(node, exp.JSONType) and node.expression:
            return self._key_of(node.this, node.expression, scope)
        if isinstance(node, exp.Window):
            # What a window is cut and sorted by does not come out; one row may be its whole frame.
            return self._inner(node.this, scope)
        flows = self._inner(node, scope)
        if isinstance(node, _AGGREGATES):
            return frozenset(replace(flow, is_aggregated=True) for flow in flows)
        return flows

    def _inner(self, node: exp.Expression, scope: Scope) -> Flows:
        return frozenset().union(*(self._flows(child, scope) for child in node.iter_expressions()))

    def _key_of(self, document: exp.Expression, path: exp.Expression, scope: Scope) -> Flows:
        keys = [str(part.this) for part in path.find_all(exp.JSONPathKey)]
        if isinstance(path, exp.Literal):
            keys = [path.name.removeprefix("$.")]
        return frozenset(
            replace(flow, origin=replace(flow.origin, key=key))
            for flow in self._flows(document, scope)
            for key in (keys[:1] if keys and not flow.origin.key else [flow.origin.key])
        )

    def _column(self, node: exp.Column, scope: Scope) -> Flows:
        source = self._source(node.table, scope)
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Func):
            # A function that makes rows of its arguments: each of its columns can hold any of them.
            return self._inner(source.this, scope)
        if isinstance(source, exp.Table):
            return self.known[f"{source.db}.{source.name}"][node.name]
        if isinstance(source.expression, exp.UDTF):
            return self._inner(source.expression, scope)
        return self.outputs(source)[node.name]

    @staticmethod
    def _source(name: str, scope: Scope) -> exp.Table | Scope:
        at: Scope | None = scope
        while at is not None:
            if name in at.sources:
                found = at.sources[name]
                assert isinstance(found, exp.Table | Scope)
                return found
            at = at.parent
        raise AssertionError(f"no source {name} in {scope.expression.sql()[:500]}")


def _is_recursive(scope: Scope) -> bool:
    cte = scope.expression.parent
    clause = cte.parent if isinstance(cte, exp.CTE) else None
    if not (isinstance(clause, exp.With) and clause.recursive):
        return False
    return any(table.name == cte.alias for table in scope.expression.find_all(exp.Table))


def _parents(node: dict[str, Any]) -> set[str]:
    return set(node.get("depends_on", {}).get("nodes", []))


def _plain(relation: str) -> str:
    """``schema.table`` of a relation's name."""
    return ".".join(part.strip('"') for part in relation.split(".")[-2:])
