"""The area product: from events and metrics of an application to sessions, funnels, retention and dashboards."""

from __future__ import annotations

from strata.areas.area import Area, SampleMade, SampleRequest
from strata.areas.product.kpis import print_kpis


def _write_sample(wanted: SampleRequest) -> SampleMade:
    from strata.areas.product.sample import write_product_sample

    made = write_product_sample(**wanted.arguments())
    return SampleMade(
        records=made.records,
        files=len(made.files),
        people=f"{made.users:,} users",
        notes=(f"{made.damaged} damaged records are among them.",),
    )


AREA = Area(
    name="product",
    write_sample=_write_sample,
    demo_events=20_000,
    demo_days=60,
    print_kpis=print_kpis,
    folders=("scripts/strata/track", "tests/python/track"),
)
