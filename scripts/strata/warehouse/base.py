"""What all warehouses share: tables as their contracts say, rows that are staged and shipped, and questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from strata.contract import Contract
from strata.errors import StrataError
from strata.reference import Seed
from strata.settings import Settings

_SQL_TYPES = {"string": "text"}


class Warehouse(ABC):
    """An open warehouse. Use it as a context; entering makes what is missing and looks for damage."""

    def __init__(self, settings: Settings, contracts: dict[tuple[str, str], Contract], seeds: dict[str, Seed]) -> None:
        self.settings = settings
        self.contracts = contracts
        self.seeds = seeds

    # What an engine must bring.

    is_duckdb: bool

    @property
    @abstractmethod
    def engine(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection in which files are screened."""

    @abstractmethod
    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement with ``?`` for its parameters; its rows, if it has any."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside commits together, or not at all."""

    @abstractmethod
    def stage(self, contract: Contract) -> str:
        """An empty place for the rows of one batch, as a relation of ``engine`` with the columns of the raw table."""

    def part_staged(self, contract: Contract) -> None:  # noqa: B027
        """Called when another part of a large file is staged, where ``is_duckdb`` is false."""

    @abstractmethod
    def ship(self, contract: Contract, batch_id: int) -> None:
        """Bring the staged rows of a batch into the raw table."""

    @abstractmethod
    def append(self, table: Contract, query: str, parameters: Sequence[Any]) -> None:
        """Append the rows of a query of ``engine`` to a table."""

    @abstractmethod
    def create_table(self, contract: Contract, columns: str) -> None:
        """Make a table, and what goes with it, where it is missing."""

    @abstractmethod
    def columns_of(self, contract: Contract) -> list[str]:
        """Names of a table's columns as they stand."""

    @abstractmethod
    def data_folder(self) -> Path | None:
        """The folder whose disk a load fills; none where it is another machine's."""

    @abstractmethod
    def close(self, *, is_clean: bool) -> None:
        """Let go of everything."""

    # What follows from it.

    def __enter__(self) -> Self:
        """Make what is missing, and look whether the raw tables hold what was loaded."""
        try:
            self._create_tables()
            self._check_counts()
        except BaseException:
            self.close(is_clean=False)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close(is_clean=kind is None)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a question to the warehouse. The schema ``ops`` is written ``{ops}``."""
        return self.execute(sql.format(ops=self.settings.schema("ops")), parameters)

    def ops(self, table: str) -> str:
        """Full name of an ops table that a contract describes."""
        return self.contracts["ops", table].relation

    def append_to_ops(self, table: str, query: str, parameters: Sequence[Any]) -> None:
        """Append the rows of a query of ``engine`` to an ops table that a contract describes."""
        self.append(self.contracts["ops", table], query, parameters)

    def has(self, schema: str, name: str) -> bool:
        """Whether a relation is there."""
        return bool(
            self.execute(
                "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
                [self.settings.schema(schema), name],
            )
        )

    def require(self, schema: str, name: str) -> str:
        """The full name of a published relation.

        Raises:
            StrataError: it was not built yet.
        """
        if not self.has(schema, name):
            raise StrataError(f"There is no {schema}.{name} yet. Run `strata build` first.")
        return f"{self.settings.schema(schema)}.{name}"

    def batches_behind(self) -> int:
        """How many batches some table does not take into account yet."""
        last, built = self.query(
            "select (select coalesce(max(batch_id), 0) from {ops}.batches), "
            "(select coalesce(min(batch_id), 0) from {ops}.watermarks)"
        )[0]
        return int(last - built)

    def _create_tables(self) -> None:
        for contract in self.contracts.values():
            kinds = {name: _SQL_TYPES.get(kind, kind) for name, kind in contract.all_columns().items()}
            self.create_table(contract, ", ".join(f'"{name}" {kind}' for name, kind in kinds.items()))
            present = self.columns_of(contract)
            if present != list(kinds):
                raise StrataError(
                    f"The table {contract.relation} has the columns {', '.join(present)}; its contract names "
                    f"{', '.join(kinds)}. Change the table or the contract so that they agree."
                )

    def _check_counts(self) -> None:
        """A damaged write-ahead log can open with rows missing and no error; the batches know how many there were."""
        batches = {
            (area, name): (loaded, rejected)
            for area, name, loaded, rejected in self.execute(
                "select area, table_name, cast(sum(records_loaded) as bigint), cast(sum(records_rejected) as bigint) "
                f"from {self.ops('batches')} group by area, table_name"
            )
        }
        turned_away = {
            (area, name): count
            for area, name, count in self.execute(
                f"select area, table_name, count(*) from {self.ops('rejections')} group by area, table_name"
            )
        }
        for key, contract in self.contracts.items():
            if contract.format == "none":
                continue
            loaded, rejected = batches.get(key, (0, 0))
            rows = self.execute(f"select count(*) from {contract.relation}")[0][0]
            _require_equal(f"{contract.relation} holds {rows:,} rows, its batches brought", rows, loaded)
            kept = turned_away.get(key, 0)
            what = f"{self.ops('rejections')} holds {kept:,} records of {contract.relation}, its batches rejected"
            _require_equal(what, kept, rejected)
        records = self.execute(f"select count(*) from {self.ops('rejected_records')}")[0][0]
        expected = sum(rejected for _, rejected in batches.values())
        _require_equal(
            f"{self.ops('rejected_records')} holds {records:,} records, all batches rejected", records, expected
        )

    @abstractmethod
    def stage_name(self, contract: Contract) -> str:
        """The relation that ``stage`` made last for a table."""

    def insert(self, table: str, values: Sequence[Any]) -> None:
        """Append one row to an ops table that a contract describes."""
        self.execute(f"insert into {self.ops(table)} values ({', '.join('?' * len(values))})", values)


def _require_equal(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise StrataError(
            f"{what} {expected:,}. The warehouse is damaged or was changed by hand. Restore a copy of it, "
            "or load the files into a new one."
        )
