"""Metrics against numpy and the standard library: percentiles, exact sums and histograms, on both engines."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from engines import new_prefix, session_for

from strata.session import Session
from strata.settings import TARGETS

_FIRST = datetime(2026, 2, 1)
_MODELS = ["--select", "+metric_aggregates", "+metric_histograms", "--exclude-resource-types", "test", "unit_test"]
_QUANTILES = {"p50": 50, "p90": 90, "p99": 99}


class Value(NamedTuple):
    """One value of a metric."""

    name: str
    at: datetime
    value: float


def drawn_values() -> list[Value]:
    """Series of every shape over one February, some with two or three values a period."""
    chance = Random("metrics")
    edges = [
        edge
        for power in range(-41, 54)
        for edge in (2.0**power, math.nextafter(2.0**power, 0), math.nextafter(2.0**power, math.inf))
        if edge <= 1e16
    ]
    series = {
        "log-normal": [chance.lognormvariate(3, 1.5) for _ in range(1500)],
        "constant": [12.345] * 300,
        "negative": [-chance.lognormvariate(0, 2) for _ in range(700)],
        "zero": [0.0, -0.0] * 40,
        "heavy-tailed": [min(chance.paretovariate(0.3), 1e16) for _ in range(1500)],
        "edges": [sign * edge for edge in edges for sign in (1, -1)],
        "tiny": [5e-324, 1e-310, 0.0, 1e-300] * 10,
        "few": [round(chance.uniform(0, 9), 3) for _ in range(45)],
        "one": [chance.gauss(0, 1)],
    }
    return [
        Value(name, _FIRST + timedelta(seconds=chance.randint(0, 28 * 86_400 - 1)), value)
        for name, values in series.items()
        for value in values
    ]


VALUES = drawn_values()


@pytest.fixture(scope="module", params=TARGETS)
def session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: None
) -> Iterator[Session]:
    """A warehouse of the values, built with exact percentiles."""
    folder = tmp_path_factory.mktemp("metrics")
    with pytest.MonkeyPatch.context() as patch:
        session = session_for(request.param, folder, folder / "landing", patch, prefix=new_prefix())
        write(folder / "landing")
        session.load(session.files([]), lambda item: None)
        build(session, {"as_of": "2026-03-01"})
        yield session


def write(landing: Path) -> None:
    """The values as a file of the landing folder."""
    folder = landing / "product" / "metrics"
    folder.mkdir(parents=True)
    lines = (
        json.dumps({
            "id": f"m{number}", "name": name, "metric_type": "gauge", "value": value, "timestamp": at.isoformat() + "Z",
            "tags": {"zone": "é", "endpoint": "/a"}, "unit": None,
        })
        for number, (name, at, value) in enumerate(VALUES)
    )  # fmt: skip
    (folder / "metrics-1.ndjson").write_text("\n".join(lines), encoding="utf-8")


def build(session: Session, variables: dict[str, str | int]) -> None:
    """The tables of metrics from scratch."""
    nodes = session.build([*_MODELS, "--full-refresh"], lambda name: None, variables)
    assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad or node.status == "skipped"] == []


def periods(value: Value) -> Iterator[tuple[str, str, datetime]]:
    """The four periods in which a value lies."""
    day = value.at.replace(hour=0, minute=0, second=0, microsecond=0)
    yield value.name, "hourly", day.replace(hour=value.at.hour)
    yield value.name, "daily", day
    yield value.name, "weekly", day - timedelta(days=day.weekday())
    yield value.name, "monthly", day.replace(day=1)


def by_period() -> dict[tuple[str, str, datetime], list[float]]:
    """The values of every period."""
    found = defaultdict(list)
    for value in VALUES:
        for period in periods(value):
            found[period].append(value.value)
    return found


def aggregates(session: Session, columns: str) -> dict[tuple[str, str, datetime], tuple[float, ...]]:
    """Columns of metric_aggregates by period."""
    relation = f"{session.settings.schema('product')}.metric_aggregates"
    with session.warehouse() as warehouse:
        rows = warehouse.execute(f"select name, period_type, period_start, {columns} from {relation}")
    return {(name, period_type, start): tuple(numbers) for name, period_type, start, *numbers in rows}


def exact_sum(values: list[float]) -> Decimal:
    """Sum of the shortest decimal text of each value, to twelve places."""
    return sum((Decimal(repr(value)).quantize(Decimal("1e-12"), ROUND_HALF_UP) for value in values), Decimal(0))


def bucket_of(value: float) -> int:
    """The bucket of a value, from its bits."""
    if abs(value) < 2.0**-40:
        return 0
    mantissa, exponent = math.frexp(abs(value))
    bucket = (exponent - 1 + 40) * 64 + int((2 * mantissa - 1) * 64) + 1
    return bucket if value > 0 else -bucket


def test_percentiles_are_those_of_numpy_to_the_last_digit(session: Session) -> None:
    found = aggregates(session, "p50, p90, p99")
    expected = {
        period: tuple(float(np.percentile(values, percent)) for percent in _QUANTILES.values())
        for period, values in by_period().items()
        if period[0] != "tiny"
    }
    assert len(expected) > 2000
    # Zeros are equal whatever their sign, here and in SQL.
    assert {period: numbers for period, numbers in found.items() if period[0] != "tiny"} == expected


def test_values_too_small_for_a_product_are_their_lower_neighbour(session: Session) -> None:
    tiny = {values for period, values in aggregates(session, "p50, p90").items() if period[:2] == ("tiny", "monthly")}
    assert tiny == {(5e-324, 1e-300)}


def test_counts_sums_and_means_are_exact(session: Session) -> None:
    found = aggregates(session, "count, sum, min, max, avg")
    expected = {
        period: (len(values), (total := float(exact_sum(values))), min(values), max(values), total / len(values))
        for period, values in by_period().items()
    }
    assert found == expected


def test_hourly_histograms_add_up_to_those_of_the_month(session: Session) -> None:
    with session.warehouse() as warehouse:
        rows = warehouse.execute(
            "select name, bucket, sum(value_count), min(min_value), max(max_value) "
            f"from {session.settings.schema('product')}.metric_histograms group by name, bucket"
        )
    found = {(name, bucket): (int(count), least, most) for name, bucket, count, least, most in rows}
    counts = Counter((value.name, bucket_of(value.value)) for value in VALUES)
    assert {key: count for key, (count, _, _) in found.items()} == counts
    for (_, bucket), (_, least, most) in found.items():
        assert bucket_of(least) == bucket_of(most) == bucket


def test_merged_histograms_are_within_one_percent(session: Session) -> None:
    try:
        build(session, {"as_of": "2026-03-31", "metric_raw_days": 0})
        found = aggregates(session, "p50, p90, p99")
    finally:
        build(session, {"as_of": "2026-03-01"})
    seen = set()
    for period, values in by_period().items():
        if period[0] in ("edges", "tiny"):
            continue  # Between neighbours of different size an interpolation has no relative error.
        for number, percent in zip(found[period], _QUANTILES.values(), strict=True):
            low, high = (float(np.percentile(values, percent, method=method)) for method in ("lower", "higher"))
            share = (len(values) - 1) * percent / 100 % 1
            # Each neighbour is at most 0.8 % off, so the value between them is no further off than they are together.
            bound = 0.01 * ((1 - share) * abs(low) + share * abs(high))
            assert abs(number - float(np.percentile(values, percent))) <= bound + 2.0**-40, (period, percent)
        seen.add(period[:2])
    assert len(seen) == 4 * 7


def test_periods_pass_to_histograms_as_the_day_moves(session: Session) -> None:
    def raw_days(as_of: date) -> dict[tuple[str, str, datetime], tuple[float, ...]]:
        arguments = [*_MODELS]
        nodes = session.build(arguments, lambda name: None, {"as_of": str(as_of), "metric_raw_days": 10})
        assert [f"{node.name}: {node.message}" for node in nodes if node.is_bad] == []
        return aggregates(session, "p50, p90, p99, sum")

    try:
        for day in (date(2026, 2, 15), date(2026, 2, 20), date(2026, 2, 17)):
            moved = raw_days(day)
            build(session, {"as_of": str(day), "metric_raw_days": 10})
            assert moved == aggregates(session, "p50, p90, p99, sum")
            assert {at.date() <= day for _, _, at in moved} == {True}
    finally:
        build(session, {"as_of": "2026-03-01"})
