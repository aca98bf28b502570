"""The area product: from events and metrics of an application to sessions, funnels, retention and dashboards."""

from __future__ import annotations

from strata.areas.area import Area

AREA = Area(name="product", folders=("scripts/strata/track", "tests/python/track"))
