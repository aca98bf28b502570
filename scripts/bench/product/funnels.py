"""What a funnel of five steps costs over a number of events, and over twice as many.

    PYTHONPATH=scripts/bench python scripts/bench/product/funnels.py [--events 1000000] [--rounds 3]

The SQL of the model is that of a full refresh, on DuckDB, over events of actors with fifty events each. Seconds of the
clock and of the processor are printed for each size, the least of the rounds, and how one grows to the other.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import duckdb
from measure import Measured, in_process

from strata.session import Session

_MODEL = "int_product__funnel_entries"
_STEPS = ("view", "cart", "address", "pay", "done")
_EVENTS_OF_AN_ACTOR = 50
_FUNNEL = """
insert into staging_product.stg_product__funnels (id, name, steps, created_at, _batch_id, _line_number)
values ('checkout', 'Checkout', '[{steps}]', timestamp '2026-01-01', 1, 1)
"""
# Half of the events are of no step.
_EVENTS = """
insert into product.int_product__events (
    event_id, event_type, event_name, timestamp, event_date, user_id, actor, sent_actor, is_counted, properties
)
select
    'e' || number, 'track', names[1 + (hash(number) % 10)::int], happened_at, happened_at::date,
    'u' || actor, 'u:u' || actor, 'u:u' || actor, true, '{{"plan":"pro"}}'
from (
    select
        number,
        hash(number + 1) % {actors} as actor,
        timestamp '2026-03-01' + to_milliseconds((hash(number + 2) % 2592000000)::bigint) as happened_at,
        ['view', 'cart', 'address', 'pay', 'done', 'other', 'other', 'other', 'other', 'other'] as names
    from range({events}) as numbers (number)
)
"""


def main() -> None:
    """Measure both sizes and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strata-bench-") as name:
        folder = Path(name)
        os.environ |= {"STRATA_TARGET": "duckdb", "STRATA_DUCKDB_PATH": str(folder / "empty.duckdb")}
        os.environ |= {"STRATA_LANDING": str(folder / "landing"), "DBT_TARGET_PATH": str(folder / "target")}
        in_process(_build)
        [compiled] = (folder / "target" / "compiled").rglob(f"{_MODEL}.sql")
        query = compiled.read_text(encoding="utf-8").replace('"empty".', "")
        least = [_least(folder, query, events, arguments.rounds) for events in (arguments.events, 2 * arguments.events)]
    print(f"twice the events: {least[1].seconds / least[0].seconds:.2f} times the time, "
          f"{least[1].cpu_seconds / least[0].cpu_seconds:.2f} times the processor's")  # fmt: skip


def _build() -> None:
    """All that the model reads, without rows; the first build compiles what a full refresh computes."""
    chosen = ["--select", f"+{_MODEL}", "--exclude-resource-types", "test", "unit_test"]
    nodes = Session.start().build(chosen, lambda name: None)
    assert [node.message for node in nodes if node.is_bad] == []


def _least(folder: Path, query: str, events: int, rounds: int) -> Measured:
    path = folder / f"{events}.duckdb"
    path.write_bytes((folder / "empty.duckdb").read_bytes())
    with duckdb.connect(str(path)) as con:
        steps = ",".join(f'{{"event_name":"{name}"}}' for name in _STEPS)
        con.execute(_FUNNEL.format(steps=steps))
        con.execute(_EVENTS.format(actors=events // _EVENTS_OF_AN_ACTOR, events=events))

    def compute() -> None:
        with duckdb.connect(str(path), config={"memory_limit": "2GB"}) as con:
            con.execute(f"create temp table computed as {query}")

    measured = [in_process(compute) for _ in range(rounds)]
    least = min(measured, key=lambda item: item.cpu_seconds)
    print(f"{events:,} events: {least.seconds:.1f} s, {least.cpu_seconds:.1f} s of the processor, "
          f"{least.peak_mb:,.0f} MB", flush=True)  # fmt: skip
    return least


if __name__ == "__main__":
    main()
