"""What a check of the manifest is: a function that takes the project and yields places where its rule does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from strata.manifest import Manifest


@dataclass(frozen=True)
class Finding:
    """One place where a rule does not hold."""

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.check}: {self.where} {self.message}"


Check = Callable[[Manifest], Iterator[tuple[str, str]]]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check under its name."""
    CHECKS[function.__name__] = function
    return function


def run_checks(manifest: Manifest) -> list[Finding]:
    """Findings of all checks, in the order of the checks."""
    return [Finding(name, where, message) for name, check in CHECKS.items() for where, message in check(manifest)]
