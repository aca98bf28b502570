"""The way in for records that name persons: through a vault in memory, with pseudonyms from the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.privacy import STAGE, Subjects, Vault, memory_engine
from strata.door.screen import REJECTIONS, Counts, Screening
from strata.errors import UnreadableFileError
from strata.reference import Seed
from strata.settings import subject_key
from strata.warehouse.rejections import unquoted

if TYPE_CHECKING:
    from strata.warehouse.base import Warehouse

_AT_ONCE = 5_000


@dataclass
class PrivateScreening:
    """Screens like ``Screening``, in memory, and brings rows without names into ``stage`` of the warehouse's engine."""

    warehouse: Warehouse
    contracts: dict[tuple[str, str], Contract]
    seeds: dict[str, Seed]
    precedence: dict[str, int]
    contract: Contract
    stage: str
    batch_id: int
    memory_limit: str
    origin: str
    at: datetime

    def run(self, file: DataFile) -> Counts:
        """Screen a file.

        Raises:
            UsageError: there is no key, or another one than before.
            UnreadableFileError: the file cannot be read as a whole.
        """
        try:
            return self._through_vault(lambda screening: screening.run(file), is_replay=False)
        except UnreadableFileError as error:
            raise unquoted(error) from None

    def run_records(self, contract: Contract, parts: Iterable[tuple[pa.Table, bool]]) -> Counts:
        """Screen rejected records again."""
        return self._through_vault(lambda screening: screening.run_records(contract, parts), is_replay=True)

    def _through_vault(self, screen: Callable[[Screening], Counts], *, is_replay: bool) -> Counts:
        subjects = Subjects(subject_key(), self._find, self._keep, self._known if is_replay else None)
        subjects.check_key()
        with memory_engine(self.memory_limit) as engine:
            vault = Vault(engine, self.contract, self.seeds, subjects, self._take)
            screening = Screening(engine, self.seeds, self.precedence, STAGE, self.batch_id)
            screening.origin, screening.at = self.origin, self.at
            vault.attach(screening)
            counts = screen(screening)
            vault.move(screening)
            self._insert(f"create or replace temp table {REJECTIONS} as", vault.rejections())
            self._keep_dropped(vault.dropped())
        return counts

    def _take(self, rows: pa.Table) -> None:
        self._insert(f"insert into {self.stage}", rows)

    def _insert(self, what: str, rows: pa.Table) -> None:
        self.warehouse.engine.register("door_stored", rows)
        self.warehouse.engine.execute(f"{what} select * from door_stored")
        self.warehouse.engine.unregister("door_stored")

    def _keep_dropped(self, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        self.warehouse.engine.register("door_stored", rows)
        self.warehouse.append(
            self.contracts["ops", "dropped_keys"],
            "select ?::bigint as batch_id, ?::varchar as area, ?::varchar as table_name, field as column_name, key, "
            "reason, records from door_stored",
            [self.batch_id, self.contract.area, self.contract.name],
        )
        self.warehouse.engine.unregister("door_stored")

    def _find(self, digests: Sequence[str]) -> dict[str, str]:
        return {row[0]: row[1] for row in self._subjects("key_digest, pseudonym", "key_digest", digests)}

    def _known(self, values: Sequence[str]) -> set[str]:
        return {value for (value,) in self._subjects("pseudonym", "pseudonym", values)}

    def _subjects(self, columns: str, by: str, values: Sequence[str]) -> list[tuple[str, ...]]:
        relation = self.contracts["ops", "subjects"].relation
        found: list[tuple[str, ...]] = []
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found += self.warehouse.execute(f"select {columns} from {relation} where {by} in ({marks})", some)
        return found

    def _keep(self, pseudonyms: dict[str, str]) -> None:
        columns = {
            "key_digest": pa.array(list(pseudonyms), pa.string()),
            "pseudonym": pa.array(list(pseudonyms.values()), pa.string()),
            "created_at": pa.array([self.at] * len(pseudonyms), pa.timestamp("us")),
        }
        self.warehouse.engine.register("door_stored", pa.table(columns))
        self.warehouse.append(self.contracts["ops", "subjects"], "select * from door_stored", [])
        self.warehouse.engine.unregister("door_stored")
