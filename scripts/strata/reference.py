"""The reviewed reference data in seeds/, as the door reads it."""

from __future__ import annotations

import csv
from pathlib import Path

from strata.contract import Contract
from strata.errors import ContractError
from strata.rules import FilledWhenRequired, InSeed

Seed = list[dict[str, str]]
# Columns of an allow-list of payload keys.
_LISTS = {"field", "key", "form", "action"}


def read_seeds(project: Path) -> dict[str, Seed]:
    """All seeds by name, as rows of text."""
    seeds: dict[str, Seed] = {}
    for file in sorted(project.glob("seeds/*/*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            seeds[file.stem] = list(csv.DictReader(stream))
    return seeds


def check_references(contract: Contract, seeds: dict[str, Seed]) -> None:
    """Whether every seed and column that a contract names is there, and every code has its place in the order.

    Raises:
        ContractError: one is missing.
    """
    codes = {row["code"] for row in seeds["rejection_codes"]}
    for column in contract.columns:
        where = f"contract {contract.area}.{contract.name}, column {column.name}"
        if column.allow_list and _LISTS - set((seeds.get(column.allow_list) or [{}])[0]):
            raise ContractError(f"{where}: the seed {column.allow_list} or its columns {sorted(_LISTS)} are missing.")
        if column.code and column.code not in codes:
            raise ContractError(f"{where}: the code {column.code} is not in the seed rejection_codes.")
        for rule in column.rules:
            if isinstance(rule, InSeed | FilledWhenRequired):
                needed = {rule.field} | ({rule.flag} if isinstance(rule, FilledWhenRequired) else set())
                if not seeds.get(rule.seed) or not needed <= set(seeds[rule.seed][0]):
                    raise ContractError(f"{where}: the seed {rule.seed} or its columns {sorted(needed)} are missing.")
                if any(row[name] is None for row in seeds[rule.seed] for name in needed):
                    raise ContractError(f"{where}: a line of the seed {rule.seed} has fewer cells than its header.")


def code_precedence(seeds: dict[str, Seed]) -> dict[str, int]:
    """Rejection codes and their order; the lowest that applies is the record's code."""
    return {row["code"]: int(row["precedence"]) for row in seeds["rejection_codes"]}
