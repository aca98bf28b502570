"""Product: a million metric values from a file to metric_aggregates, beside hand-written SQL over the same raw table.

    python scripts/bench/product/metrics.py [--values 1000000]

The models are timed by dbt (their own time, without dbt's start and tests). The hand-written SQL computes the published
tables in one go: the copies settled, tags in order, histograms, and the four periods with sums and percentiles.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import duckdb

from strata.session import Session
from strata.settings import read_settings

_TABLES = ["--select", "+metric_aggregates", "--exclude-resource-types", "test", "unit_test", "seed"]
_VALUES = """
copy (
    select
        lpad(cast(number as varchar), 32, '0') as id,
        'metric.' || number % 20 as name,
        'timer' as metric_type,
        exp(random() * 8) as value,
        strftime(timestamp '2026-08-01' + to_seconds(cast(random() * 7776000 as int)), '%Y-%m-%dT%H:%M:%SZ')
            as timestamp,
        {{'endpoint': '/api/' || number % 300 // 20, 'status': '200'}} as tags
    from range({values}) as numbers (number)
) to '{file}' (format json)
"""
_PERIODS = ("hour", "day", "week", "month")


def by_hand() -> str:
    """The published tables as one would write them for DuckDB alone."""
    aggregates = " union all ".join(
        f"select name, tags, '{period}', date_trunc('{period}', timestamp), count(*), sum(amount), min(value),"
        " max(value), quantile_cont(value, [0.5, 0.9, 0.99]) from bench_values group by all"
        for period in _PERIODS
    )
    return f"""
    create table bench_values as
    select
        arg_min(name, timestamp) as name,
        arg_min(cast(tags as varchar), timestamp) as tags,
        arg_min(value, timestamp) as value,
        min(timestamp) as timestamp,
        cast(cast(arg_min(value, timestamp) as varchar) as decimal(38, 12)) as amount
    from raw_product.metrics
    group by id;
    create table bench_histograms as
    select
        name, tags, date_trunc('hour', timestamp) as hour_start, floor(log2(value) * 64) as bucket, count(*) as values
    from bench_values
    group by all;
    create table bench_aggregates as {aggregates};
    """


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=int, default=1_000_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="strata-bench-") as name:
        folder = Path(name)
        file = folder / "landing" / "product" / "metrics" / "metrics-1.ndjson"
        file.parent.mkdir(parents=True)
        duckdb.execute(_VALUES.format(values=wanted.values, file=file))
        os.environ |= {
            "STRATA_DUCKDB_PATH": str(folder / "bench.duckdb"), "STRATA_LANDING": str(folder / "landing"),
            "STRATA_TARGET": "duckdb", "DBT_TARGET_PATH": str(folder / "target"), "DBT_LOG_PATH": str(folder / "logs"),
        }  # fmt: skip
        session = Session(read_settings())
        began = time.perf_counter()
        session.load(session.files([]), lambda item: None)
        print(f"load            {time.perf_counter() - began:6.1f} s")
        session.build(_TABLES, lambda name: None)
        results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
        models = {result["unique_id"].split(".")[-1]: result["execution_time"] for result in results}
        began = time.perf_counter()
        with duckdb.connect(str(folder / "bench.duckdb")) as connection:
            connection.execute("set memory_limit = '2GB'")
            connection.execute(by_hand())
        print(f"by hand         {time.perf_counter() - began:6.1f} s")
        print(f"models together {sum(models.values()):6.1f} s")
        for model, seconds in sorted(models.items(), key=lambda item: -item[1]):
            print(f"    {model:32} {seconds:6.1f} s")


if __name__ == "__main__":
    main()
