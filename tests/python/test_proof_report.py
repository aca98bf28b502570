"""The report of the long form: it says what was counted, and a proof that did too little is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from proof_report import CLAIMS, Proofs


@pytest.fixture
def whole() -> Proofs:
    """Every proof has done just enough, on two engines."""
    counted = Proofs()
    for name, claim in CLAIMS.items():
        for engine in ("duckdb", "postgres"):
            least = claim.least | {what: 1 for what in claim.least_each if what not in claim.least}
            least |= {what: max(number, claim.least_each.get(what, 0)) for what, number in least.items()}
            counted.count(name, engine, 7, **{what.replace(" ", "_"): number for what, number in least.items()})
    return counted


def test_a_whole_proof_is_reported(whole: Proofs) -> None:
    assert whole.shortcomings() == []
    whole.count("kills", "duckdb", 8, kills=1_000)
    report = whole.report()
    assert all(f"## {claim.title}\n" in report for claim in CLAIMS.values())
    assert "| | kills | hit half-done work |" in report
    assert "| duckdb | 1,300 | 60 |" in report
    assert "| **all** | 1,600 | 120 |" in report
    assert "Seeds: 7-8." in report


@pytest.mark.parametrize("name", CLAIMS)
def test_a_proof_that_did_not_run_is_found(whole: Proofs, name: str) -> None:
    del whole.figures[name]
    assert whole.shortcomings() == [f"{CLAIMS[name].title}: did not run"]


def test_a_proof_that_left_out_an_engine_is_found(whole: Proofs) -> None:
    whole.figures["kills"]["duckdb"] += whole.figures["kills"].pop("postgres")
    assert whole.shortcomings() == ["A kill costs a rerun: did not run on postgres"]


def test_a_proof_that_did_too_little_is_found(whole: Proofs) -> None:
    whole.figures["kills"]["duckdb"]["hit half-done work"] = 0
    whole.figures["kills"]["postgres"]["kills"] = -1
    found = whole.shortcomings()
    assert found[0].startswith("A kill costs a rerun: 299 kills, at least 300")
    assert found[1].startswith("A kill costs a rerun, duckdb: 0 hit half-done work")


def test_every_long_form_is_run_by_the_proof() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py")}
    long = {name for name, text in texts.items() if "import IS_LONG" in text}
    assert len(long) > 10
    assert {name for name in long if "mark.proof" not in texts[name]} == set()
