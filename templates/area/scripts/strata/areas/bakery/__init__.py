"""The area bakery: from sales to what sold best. A sample is all that it adds to the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

from strata.areas.area import Area, SampleMade, SampleRequest

_PRODUCTS = ("bun", "pie", "tart")


def _write_sample(wanted: SampleRequest) -> SampleMade:
    """One NDJSON file with sales of a few products, and one damaged record."""
    chance = Random(wanted.seed)
    midnight = datetime.combine(wanted.last_day, time(), UTC)
    lines = [
        {
            "sale_id": str(UUID(int=chance.getrandbits(128), version=4)),
            "sold_at": (midnight - timedelta(minutes=chance.randrange(1440 * wanted.days))).isoformat(),
            "product": chance.choice(_PRODUCTS),
            "pieces": chance.randint(1, 12),
        }
        for _ in range(wanted.events)
    ]
    lines[-1]["pieces"] = 0
    file = wanted.landing / "bakery" / "sale" / "sales.ndjson"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return SampleMade(records={"bakery.sale": len(lines)}, files=1, people=f"{len(_PRODUCTS)} products")


AREA = Area(name="bakery", write_sample=_write_sample, demo_events=500, demo_days=14)
