"""Grammars of columns of JSON: an area provides them, as functions in ``strata/areas/<area>/grammars.py``."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Collection
from typing import Any

from strata.errors import ContractError

# Of a parsed value and the values that a seed allows: what is wrong with it, as a sentence; none where nothing is.
Grammar = Callable[[Any, Collection[str]], str | None]


def grammar_of(area: str, name: str) -> Grammar:
    """The grammar of that name.

    Raises:
        ContractError: the area has none.
    """
    module = f"strata.areas.{area}.grammars"
    try:
        is_there = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        is_there = False
    found = getattr(importlib.import_module(module), name, None) if is_there and not name.startswith("_") else None
    if not callable(found):
        raise ContractError(f"There is no grammar {name!r} in strata/areas/{area}/grammars.py.")
    grammar: Grammar = found
    return grammar
