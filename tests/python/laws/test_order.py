"""Order does not matter: any split into files, in any order, sent again or late, ends in the same tables.

The reference is one load and one full refresh of everything. `STRATA_SEED=<seed>` replays one history in the long
form's number of orders; `STRATA_PROOF=long` draws many.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from engines import copy_of_the_project
from proof_report import IS_LONG, Proofs

from laws.histories import in_any_order, in_one_load
from laws.registered import HISTORIES
from laws.trials import Trials

pytestmark = pytest.mark.proof

_ONE_SEED = os.environ.get("STRATA_SEED")
_ORDERS = {"duckdb": 5 if IS_LONG or _ONE_SEED else 3, "postgres": 5 if IS_LONG else 1}
_SEEDS = {"duckdb": 18 if IS_LONG else 1, "postgres": 4 if IS_LONG else 1}
_FIRST_SEED = 1_000


def _seeds(engine: str) -> list[int]:
    return [int(_ONE_SEED)] if _ONE_SEED else [_FIRST_SEED + number for number in range(_SEEDS[engine])]


def _orders_that_differ(trials: Trials, area: str, seed: int, orders: int) -> list[str]:
    """One line for every order of a history that ended in other tables than one full refresh."""
    history = HISTORIES[area]
    drawn = history.draw(Random(f"{area} {seed}"))
    trials.play(in_one_load(drawn), full_refresh=True, area=area, as_of=history.as_of)
    trials.keep("reference")
    found = []
    for order in range(orders):
        trials.play(in_any_order(drawn, Random(f"{area} {seed} {order}")), area=area, as_of=history.as_of)
        trials.keep("trial")
        if different := trials.differences("reference", "trial"):
            tables = ", ".join(f"{item.table} {item.differences[0]}" for item in different)
            found.append(f"STRATA_SEED={seed}, order {order}: {tables}")
    return found


@pytest.mark.parametrize("area", sorted(HISTORIES))
@pytest.mark.parametrize("seed", _seeds("duckdb"))
def test_order_does_not_matter_on_duckdb(duckdb_trials: Trials, area: str, seed: int, proofs: Proofs) -> None:
    assert _orders_that_differ(duckdb_trials, area, seed, _ORDERS["duckdb"]) == []
    proofs.count("order", f"{area}, duckdb", seed, histories=1, orders=_ORDERS["duckdb"])


@pytest.mark.parametrize("area", sorted(HISTORIES))
@pytest.mark.parametrize("seed", _seeds("postgres"))
def test_order_does_not_matter_on_postgres(postgres_trials: Trials, area: str, seed: int, proofs: Proofs) -> None:
    assert _orders_that_differ(postgres_trials, area, seed, _ORDERS["postgres"]) == []
    proofs.count("order", f"{area}, postgres", seed, histories=1, orders=_ORDERS["postgres"])


# Faults that a design without this law would have: (area, file, words of it, words in their place).
_FAULTS = {
    "the day of the event before is forgotten": (
        "learning",
        "models/learning/staging/int_learning__touched_sessions.sql",
        "(values (true), (false)) as places",
        "(values (false)) as places",
    ),
    "a mastery sequence goes on from its end": (
        "learning",
        "macros/incremental/is_touched_by.sql",
        "touched.touched_from <=",
        "touched.touched_from =",
    ),
    "a look-back by event time": (
        "training",
        "macros/incremental/is_in_work.sql",
        "{{ is_touched__batch(alias, kind.batch_column, batches) }}",
        "{{ is_touched__batch(alias, kind.batch_column, batches) }} and {{ alias }}.{{ kind.day }} >= "
        "(select max({{ kind.day }}) - 1 from {{ kind.list }} where batch_id <= {{ batches.high }})",
    ),
    "a watermark ahead of its rows": (
        "training",
        "macros/incremental/record_watermark.sql",
        "batch_id = ({{ upstream_watermark() }})",
        "batch_id = ({{ upstream_watermark() }}) + 1",
    ),
}


@pytest.mark.parametrize("fault", list(_FAULTS) if IS_LONG else list(_FAULTS)[:3:2])
def test_a_planted_fault_is_found(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proofs: Proofs) -> None:
    project = copy_of_the_project(tmp_path)
    area, path, words, instead = _FAULTS[fault]
    file = project / path
    healthy = file.read_text(encoding="utf-8")
    assert words in healthy
    file.write_text(healthy.replace(words, instead), encoding="utf-8")
    trials = Trials.start("duckdb", tmp_path, monkeypatch, project)
    found: list[str] = []
    for seed in range(_FIRST_SEED, _FIRST_SEED + 10):
        found = found or _orders_that_differ(trials, area, seed, 1)
    assert found
    proofs.count("faults", f"order: {fault}", planted=1, found=1)
