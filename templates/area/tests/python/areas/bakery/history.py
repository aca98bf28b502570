"""Histories of the area bakery: few sales of few days, of which many come more than once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from laws.histories import Drawn, Record

_FIRST = datetime(2026, 3, 5, tzinfo=UTC)


class BakeryHistory:
    """Copies that move a sale to another day or product."""

    area = "bakery"
    as_of = None

    def draw(self, chance: Random) -> Drawn:
        """One history of four days."""
        sales = [(number, self._sale(number, chance)) for number in range(chance.randint(20, 60))]
        copies = [self._sale(number, chance) for number, _ in sales if chance.random() < 0.4]
        return Drawn(self.area, [("sale", sale) for sale in [*(sale for _, sale in sales), *copies]], [])

    def _sale(self, number: int, chance: Random) -> Record:
        return {
            "sale_id": f"00000000-0000-4000-8000-{number:012d}",
            "sold_at": (_FIRST + timedelta(minutes=chance.randrange(4 * 1440))).isoformat(),
            "product": chance.choice(["bun", "pie"]),
            "pieces": chance.randint(1, 5),
        }


HISTORY = BakeryHistory()
