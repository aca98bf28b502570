"""The KPIs of product as `strata kpis` prints them, and areas without any beside it."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import Door

from strata.areas import print_kpis as print_all
from strata.areas.area import Area
from strata.areas.product import AREA
from strata.areas.product.kpis import print_kpis
from strata.errors import StrataError
from strata.terminal import console

DAY = date(2026, 3, 9)
_COLUMNS = (
    "date date, dau bigint, wau bigint, mau bigint, stickiness double, sessions bigint, bounced_sessions bigint, "
    "bounce_rate double, median_session_ms double, events bigint"
)


@pytest.fixture
def daily(door: Door) -> Door:
    """Nine days; the last has no session."""
    door.warehouse.execute("create schema if not exists product")
    door.warehouse.execute(f"create table product.product_daily ({_COLUMNS})")
    for day in range(1, 10):
        sessions, rate, length = (4, 0.25, 90_000.0) if day < 9 else (0, None, None)
        values = [date(2026, 3, day), day, 20, 40, day / 40, sessions, 1, rate, length, 1_000 * day]
        door.warehouse.execute(f"insert into product.product_daily values ({', '.join('?' * 10)})", values)
    return door


def test_seven_days_up_to_the_last_one(daily: Door) -> None:
    with console.capture() as said:
        assert print_kpis(daily.warehouse, None) == DAY
    rows = [line.split() for line in said.get().splitlines() if line.strip().startswith("2026")]
    assert [row[0][-2:] for row in rows] == ["09", "08", "07", "06", "05", "04", "03"]
    assert rows[1] == ["2026-03-08", "8", "20", "40", "20.0%", "4", "25.0%", "1.5", "8,000"]


def test_a_day_without_events(daily: Door) -> None:
    with pytest.raises(StrataError, match=r"no KPIs of product on 2026-03-10\. The last day with events is 2026-03-09"):
        print_kpis(daily.warehouse, date(2026, 3, 10))
    daily.warehouse.execute("delete from product.product_daily")
    with pytest.raises(StrataError, match="no day with events of product yet"):
        print_kpis(daily.warehouse, None)


def test_an_area_without_kpis_does_not_hide_another(daily: Door) -> None:
    def none_yet(*_: object) -> date:
        raise StrataError("There is nothing.")

    empty = Area("empty", print_kpis=none_yet)
    with console.capture():
        assert print_all([empty, AREA], daily.warehouse, DAY) == DAY
    assert print_all([Area("plain")], daily.warehouse, DAY) is None
    with pytest.raises(StrataError, match="nothing"):
        print_all([empty], daily.warehouse, DAY)
