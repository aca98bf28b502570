"""Rules about ``config.meta``, the words by which a yml tells the project more than dbt has words for.

They belong to ``strata.manifest_checks``, which runs them with all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from strata.checks import check
from strata.manifest import Manifest

REFERENCE = "docs/reference.md"
# A section of the reference, and a word in the first cell of one of its tables.
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_WORD = re.compile(r"^\| `([a-z_.]+)` \|", re.MULTILINE)


def read_reference(project: Path) -> dict[str, frozenset[str]]:
    """The words that docs/reference.md describes, by the heading of their section."""
    _, *parts = _SECTION.split((project / REFERENCE).read_text(encoding="utf-8"))
    return {heading: frozenset(_WORD.findall(text)) for heading, text in zip(parts[::2], parts[1::2], strict=True)}


@check
def meta_words_are_described(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Every word of meta that the project uses is described in docs/reference.md, and no other."""
    used: dict[str, dict[str, str]] = {}
    for section, owner, meta in _metas(manifest):
        for word in _words(meta):
            used.setdefault(section, {}).setdefault(word, owner)
    for section, words in used.items():
        for word in sorted(words.keys() - manifest.described.get(section, frozenset())):
            yield words[word], f"uses the word {word}, which {REFERENCE} does not describe under {section}"
    for section, described in manifest.described.items():
        for word in sorted(described - used.get(section, {}).keys()):
            yield REFERENCE, f"describes {word} under {section}, which nobody uses"


def _metas(manifest: Manifest) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Section of the reference, name and meta of everything that can have one."""
    owners = [("Models", node) for node in manifest.nodes("model")]
    owners += [("Raw tables", source) for source in manifest.sources]
    owners += [("Seeds", node) for node in manifest.nodes("seed")]
    owners += [("Tests", node) for node in manifest.nodes("test")]
    for section, node in owners:
        yield section, str(node["name"]), node["config"]["meta"]
        for name, column in node["columns"].items():
            yield f"Columns of {section.lower()}", f"{node['name']}.{name}", column["config"]["meta"]


def _words(meta: Mapping[str, Any]) -> Iterator[str]:
    """The words of a meta; those inside another word behind a dot. Names that a yml chooses itself are no words."""
    for word, value in meta.items():
        yield word
        if word == "only":  # names of columns
            continue
        inner = list(value.values()) if word == "kinds" else value if isinstance(value, list) else [value]
        for part in inner:
            if isinstance(part, Mapping):
                yield from (f"{word}.{below}" for below in _words(part))


@check
def published_tables_are_restated(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """A published table that is built incrementally keeps the old values of frozen days (meta.restate).

    A helper may do so for the mart that shows its rows (``published``).
    """
    public = {(model.area, model.name) for model in manifest.models if model.node["access"] == "public"}
    for model in manifest.models:
        config = model.node["config"]
        restate = config["meta"].get("restate", {})
        if (model.area, model.name) in public and config["materialized"] == "incremental" and not restate:
            yield model.name, "is published and built incrementally, and has no meta.restate"
        if restate and (model.area, restate.get("published", model.name)) not in public:
            yield model.name, f"restates {restate.get('published', model.name)}, which is not published"
