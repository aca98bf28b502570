"""When `as_of` moves on, or back, without new data, the tables end as a full refresh of that moment makes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from proof_report import IS_LONG

from laws.histories import in_any_order, in_one_load
from laws.registered import HISTORIES
from laws.trials import Trials
from strata.builds.plan import Wanted

_AREAS = [area for area, history in sorted(HISTORIES.items()) if history.as_of]
_SEEDS = range(2_000, 2_006 if IS_LONG else 2_001)
_HOURS = (-40, 96, -12) if IS_LONG else (-40, 96)


@pytest.mark.proof
@pytest.mark.parametrize("engine", ["duckdb", "postgres"] if IS_LONG else ["duckdb"])
@pytest.mark.parametrize("area", _AREAS)
@pytest.mark.parametrize("seed", _SEEDS)
def test_as_of_moves_without_new_data(engine: str, area: str, seed: int, request: pytest.FixtureRequest) -> None:
    trials: Trials = request.getfixturevalue(f"{engine}_trials")
    history = HISTORIES[area]
    drawn = history.draw(Random(f"{area} {seed}"))
    moments = [str(datetime.fromisoformat(str(history.as_of)) + timedelta(hours=hours)) for hours in _HOURS]
    for place, moment in enumerate(moments):
        trials.play(in_one_load(drawn), full_refresh=True, area=area, as_of=moment)
        trials.keep(f"fresh_{place}")
    trials.play(in_any_order(drawn, Random(f"{area} {seed} 0")), area=area, as_of=history.as_of)
    for place, moment in enumerate(moments):
        nodes = trials.session.build_what_is_new(lambda name: None, Wanted(data_tests=False), moment)
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
        trials.keep("moved")
        found = trials.differences(f"fresh_{place}", "moved")
        assert [f"{moment}: {item.table} {item.differences[0]}" for item in found] == []
