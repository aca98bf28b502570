"""Which warehouse the settings mean."""

from __future__ import annotations

from strata.contract import Contract
from strata.reference import Seed
from strata.settings import Settings
from strata.warehouse.base import Warehouse
from strata.warehouse.duckdb import DuckDBWarehouse


def open_warehouse(settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> Warehouse:
    """The warehouse of the settings' target, not yet entered."""
    if settings.target == "postgres":
        # Its drivers are wanted only by those who use it.
        from strata.warehouse.postgres import PostgresWarehouse

        return PostgresWarehouse(settings, contracts, seeds)
    return DuckDBWarehouse(settings, contracts, seeds)
