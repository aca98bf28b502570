"""What the door accepts, the build can hold: records at the extremes of every contract never make a build fail."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from engines import enter, new_prefix, session_for

from laws.extremes import Extremes, content_of
from strata.session import Session
from strata.settings import TARGETS
from strata.unpublished import unpublished

_RECORDS = 80
_CROWD = 10_000


def load(session: Session, extremes: Extremes, count: int, crowd: int, folder: Path) -> dict[str, tuple[int, int]]:
    """Load records of every table; how many came in and how many were sent, by table."""
    for contract in extremes.contracts:
        records = extremes.records(contract, count)
        if crowd and contract.event_time:
            records += extremes.crowd(contract, crowd)
        ending, content = content_of(contract, records)
        place = folder / contract.area / contract.name
        place.mkdir(parents=True)
        (place / f"extremes.{ending}").write_bytes(content)
    loaded = session.load(session.files([folder]), lambda item: None)
    return {item.file.contract.name: (item.counts.loaded, item.counts.records_in) for item in loaded}


@pytest.mark.parametrize("target", TARGETS)
def test_what_the_door_accepts_the_build_can_hold(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: None
) -> None:
    monkeypatch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
    session = session_for(target, tmp_path, tmp_path / "landing", monkeypatch, prefix=new_prefix())
    contracts = [contract for contract in session.contracts.values() if contract.format != "none"]
    extremes = Extremes(contracts, session.seeds, Random(f"extremes of {target}"))
    for number, (count, crowd) in enumerate([(_RECORDS, 0), (_RECORDS, _CROWD)]):
        enter(session.settings, monkeypatch)
        found = load(session, extremes, count, crowd, tmp_path / f"delivery-{number}")
        # Rules that the draw does not know turn some of its records away; never most of them.
        assert {name for name, (came_in, sent) in found.items() if 2 * came_in < sent} == set(), found
        # Data tests judge values, which the first delivery has all of; the crowd is there for the joins of the models.
        arguments = ["--exclude-resource-types", "unit_test", *(["test"] if number else [])]
        nodes = session.build(arguments, lambda name: None)
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad or node.status == "skipped"] == []
    with session.warehouse() as warehouse:
        found = {(table, reason): count for table, reason, count in unpublished(warehouse)}
    assert set(found) == {("learning.session_metrics", "session_too_long"), ("learning.raw_events", "unfit_score")}
