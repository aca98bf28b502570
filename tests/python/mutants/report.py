"""docs/mutants.md: how many damages were noticed, and which were not, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from mutants.measure import Measured, Outcome

LEAST_SHARE = 0.9
AREAS = Path(__file__).parents[1] / "areas"
_HEAD = """\
# Damage that tests notice

`make mutants` builds a small warehouse, damages one published relation at a time and runs the data tests that read it.
A damage is noticed when the table refuses it or one of them fails. Every area must notice at least {least:.0%}. The
run writes this page; the reasons stand in `tests/python/areas/<area>/mutants.yml`.

Damaged are the public models of every area and all models of the snapshot layer. A view is replaced by a table with its
rows while it is damaged. Columns that say when a row was written are left out, and so are damages that change nothing.
Each damage is done once to one row, which the seed chooses, and once to all rows.

| damage | what is done |
|---|---|
| value | whole number + 1; fraction + 1 %, at least 0.01; day + 1; instant + 1 second |
| | boolean flipped; array emptied; text or id replaced by the next value of its column |
| null | the value is taken away |
| deleted | the row is gone |
| doubled | the row is there twice |
"""


@dataclass(frozen=True)
class Reason:
    """Why some damages are not noticed; relation, column and damage are patterns."""

    relation: str
    column: str
    damage: str
    reason: str

    def covers(self, outcome: Outcome) -> bool:
        """Whether the reason is one for this survivor."""
        damage = outcome.damage
        return (
            fnmatchcase(damage.relation.label, self.relation)
            and fnmatchcase(damage.column or "", self.column)
            and fnmatchcase(damage.label, self.damage)
        )


def read_reasons() -> list[Reason]:
    """The reasons that are known, of all areas."""
    entries: list[Mapping[str, str]] = []
    for file in sorted(AREAS.glob("*/mutants.yml")):
        entries += yaml.safe_load(file.read_text(encoding="utf-8")) or []
    return [Reason(**entry) for entry in entries]


def reason_for(outcome: Outcome, reasons: Sequence[Reason]) -> str | None:
    """The first reason that covers a survivor, or none."""
    return next((reason.reason for reason in reasons if reason.covers(outcome)), None)


def unexplained(measured: Measured, reasons: Sequence[Reason]) -> list[Outcome]:
    """The survivors for which no reason is known."""
    return [outcome for outcome in measured.survivors if reason_for(outcome, reasons) is None]


def report(measured: Measured, reasons: Sequence[Reason]) -> str:
    """The page."""
    return "\n".join([_HEAD.format(least=LEAST_SHARE), *_counts(measured), "", *_survivors(measured, reasons), ""])


def summary(measured: Measured) -> Iterator[str]:
    """One line an area."""
    for area in measured.areas:
        found = measured.of(area)
        noticed = sum(outcome.noticed_by is not None for outcome in found)
        yield f"{area}: {noticed:,} of {len(found):,} damages noticed, {measured.share(area):.1%}"


def _counts(measured: Measured) -> Iterator[str]:
    yield "## Result"
    yield from (f"- {line}" for line in summary(measured))
    yield ""
    yield "| relation | damages | noticed | share |"
    yield "|---|---|---|---|"
    by_relation: dict[str, list[Outcome]] = {}
    for outcome in measured.outcomes:
        by_relation.setdefault(outcome.damage.relation.label, []).append(outcome)
    for label, found in by_relation.items():
        noticed = sum(outcome.noticed_by is not None for outcome in found)
        yield f"| `{label}` | {len(found)} | {noticed} | {noticed / len(found):.0%} |"


def _survivors(measured: Measured, reasons: Sequence[Reason]) -> Iterator[str]:
    yield "## What nobody noticed"
    if not measured.survivors:
        yield "Nothing: every damage was noticed."
        return
    yield "| relation | column | damage | reason |"
    yield "|---|---|---|---|"
    for outcome in measured.survivors:
        damage = outcome.damage
        column = f"`{damage.column}`" if damage.column else "whole rows"
        reason = reason_for(outcome, reasons) or "**no reason is known: write the test, or the reason**"
        yield f"| `{damage.relation.label}` | {column} | {damage.label} | {reason} |"
