"""Which warehouse the settings mean."""

from __future__ import annotations

from strata.contract import Contract
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.duckdb import DuckDBWarehouse


def open_warehouse(
    settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]
) -> DuckDBWarehouse:
    """The warehouse of the settings' target, not yet entered."""
    return DuckDBWarehouse(settings, contracts, seeds)
