"""What a node of the project is built from: digests of its code, macros, variables, seeds and models upstream."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# The day and the range of a run, which are no part of the code; `as_of` is compared by itself.
_OF_A_RUN = {"as_of", "backfill_from", "backfill_to"}
# The macro by which an incremental model asks whether `as_of` has moved; it concerns models of some kinds only.
_COMPARES_HORIZONS = ("moved_horizon",)
_DISPATCHED = ("default__", "duckdb__", "postgres__")
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_SQL_COMMENT = re.compile(r"^[ \t]*--[^\n]*$", re.MULTILINE)
_CALL = re.compile(r"\b(\w+)\s*\(")
_DISPATCH = re.compile(r"dispatch\(\s*['\"](\w+)['\"]")
# A macro whose name is put together: context['is_touched__' ~ kind].
_NAME_BEGINS = re.compile(r"['\"](\w+__)['\"]\s*~")
_QUOTED = re.compile(r"['\"](\w+)['\"]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Text:
    """A piece of code, without its comments."""

    code: str

    @classmethod
    def of(cls, code: str) -> Text:
        """The code without comments and empty lines, so that a better wording computes nothing again."""
        lines = _SQL_COMMENT.sub("", _JINJA_COMMENT.sub("", code)).splitlines()
        return cls("\n".join(line.rstrip() for line in lines if line.strip()))

    @cached_property
    def calls(self) -> set[str]:
        """Names that are called, macros among them."""
        return {*_CALL.findall(self.code), *_DISPATCH.findall(self.code)}

    @cached_property
    def beginnings(self) -> set[str]:
        """Beginnings of the names of macros that are called by a name put together."""
        return set(_NAME_BEGINS.findall(self.code))

    @cached_property
    def quoted(self) -> set[str]:
        """Quoted words, names of variables among them; these may reach `var()` through an argument."""
        return set(_QUOTED.findall(self.code))


class Macros:
    """The project's own macros and which of them a text leads to.

    dbt records the macros that a node calls while it is parsed; what is called in a run only, or by a name put
    together, is not among them. So the names are looked for in the texts.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = {name: Text.of(code) for name, code in texts.items()}
        self._versions: dict[str, list[str]] = {}
        for name in self.texts:
            for prefix in _DISPATCHED:
                if name.startswith(prefix):
                    self._versions.setdefault(name.removeprefix(prefix), []).append(name)

    def reached(self, text: Text, *, without: Collection[str] = ()) -> set[str]:
        """Names of all macros that the text calls, and that these call, and so on; ``without`` some and what they call.

        Where a name is put together, its end is a word of the text itself: the kind of partition that a model names.
        """
        words = set(_WORD.findall(text.code))
        found: set[str] = set()
        todo = [text]
        while todo:
            item = todo.pop()
            named = {name for call in item.calls for name in (call, *self._versions.get(call, ()))}
            named |= {beginning + word for beginning in item.beginnings for word in words}
            new = (named & self.texts.keys()) - found - set(without)
            found |= new
            todo += [self.texts[name] for name in new]
        return found


@dataclass(frozen=True)
class Inputs:
    """What a node is built from: a digest by the name of each thing, and whether `as_of` is one of them."""

    digests: Mapping[str, str]
    reads_as_of: bool

    @cached_property
    def text(self) -> str:
        """As it is stored."""
        return json.dumps(self.digests, sort_keys=True, separators=(",", ":"))


def inputs_of_nodes(manifest: Any, variables: Mapping[str, Any]) -> dict[str, Inputs]:
    """What every model, seed and data test of the project is built from, by unique id.

    A node's inputs hold a digest of those of each model and seed it reads. So a change shows in all that is below it.
    Hooks and the incremental strategy are left out: they say how rows are written, not which.
    """
    project = str(manifest.metadata.project_name)
    macros = Macros({
        macro.name: macro.macro_sql for macro in manifest.macros.values() if macro.package_name == project
    })  # fmt: skip
    waiting = _waiting_kinds(manifest)
    known: dict[str, Inputs] = {}
    for unique_id in _in_order(manifest.nodes):
        node = manifest.nodes[unique_id]
        text = Text.of(_code_of(node))
        reached = macros.reached(text)
        texts = [text, *(macros.texts[name] for name in reached)]
        named = variables.keys() & {name for item in texts for name in item.quoted}
        digests = {"code": digest(text.code, _settings_of(node))}
        digests |= {f"macro {name}": digest(macros.texts[name].code) for name in reached}
        digests |= {f"variable {name}": digest(str(variables.get(name))) for name in named - _OF_A_RUN}
        for parent in node.depends_on_nodes:
            if parent in known:
                kind, _, name = parent.split(".", 2)
                digests[f"{kind} {name}"] = digest(known[parent].text)
        if getattr(node.config, "materialized", "") == "incremental":
            # A table takes its constraints when it is made. What a view or a seed claims is its test's business.
            digests["constraints"] = _claims_of(node)
        if str(node.resource_type) == "test":
            asked = [manifest.nodes.get(parent) or manifest.sources[parent] for parent in node.depends_on_nodes]
            digests |= {f"constraints {parent.unique_id}": _claims_of(parent) for parent in asked}
            # There are many, and nobody asks of one which of its inputs changed.
            digests = {"test": digest(json.dumps(digests, sort_keys=True))}
        known[unique_id] = Inputs(digests, _names_as_of(text, macros) or _waits(node, waiting))
    return known


def _names_as_of(text: Text, macros: Macros) -> bool:
    """Whether a node's own code leads to the variable; every incremental model compares horizons."""
    reached = macros.reached(text, without=_COMPARES_HORIZONS)
    return any("as_of" in item.quoted for item in (text, *(macros.texts[name] for name in reached)))


def _waiting_kinds(manifest: Any) -> set[tuple[str, str]]:
    """Areas and kinds of work of the lists whose rows wait for `as_of` (they name instants)."""
    lists = ((node, node.config.meta.get("work_list") or {}) for node in manifest.nodes.values())
    return {
        (node.fqn[1], kind) for node, work_list in lists if work_list.get("instants") for kind in work_list["kinds"]
    }


def _waits(node: Any, waiting: Collection[tuple[str, str]]) -> bool:
    """Whether a table is computed again, by its kind of work, when `as_of` moves."""
    return (node.fqn[1], node.config.meta.get("recompute_by", "")) in waiting


def digest(*parts: str) -> str:
    """A short digest of texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def changed_inputs(before: str, now: Inputs) -> list[str]:
    """Names of the inputs that are not what they were, by what was stored of them."""
    old: dict[str, str] = json.loads(before)
    return sorted(name for name in old.keys() | now.digests.keys() if old.get(name) != now.digests.get(name))


def _in_order(nodes: Mapping[str, Any]) -> Iterable[str]:
    """Models, seeds and data tests, each after what it reads."""
    done: dict[str, None] = {}

    def visit(unique_id: str) -> None:
        if unique_id in done or unique_id not in nodes:
            return
        for parent in nodes[unique_id].depends_on_nodes:
            visit(parent)
        if str(nodes[unique_id].resource_type) in ("model", "seed", "test"):
            done[unique_id] = None

    for unique_id in sorted(nodes):
        visit(unique_id)
    return done


def _claims_of(node: Any) -> str:
    """A digest of the constraints of a node's columns."""
    claims = [
        [name, item.type, item.expression] for name, column in node.columns.items() for item in column.constraints
    ]
    return digest(json.dumps(claims, default=str))


def _code_of(node: Any) -> str:
    """The node's SQL and what names macros beside it: the kind of partition, the arguments of a test."""
    if str(node.resource_type) == "seed":
        return ""
    arguments = getattr(node, "test_metadata", None)
    beside = arguments.kwargs if arguments else node.config.meta
    return f"{node.raw_code}\n{json.dumps(beside, sort_keys=True, default=str)}"


def _settings_of(node: Any) -> str:
    """Configuration, columns with their types, and of a seed the digest of its file."""
    config = {name: value for name, value in node.config.to_dict().items() if name not in ("docs", "tags")}
    columns = [[name, str(column.data_type)] for name, column in node.columns.items()]
    return json.dumps([node.checksum.checksum if str(node.resource_type) == "seed" else "", config, columns],
                      sort_keys=True, default=str)  # fmt: skip
