"""The way in for records that name persons: through a vault in memory, with pseudonyms from the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.identifiers import SubjectKey
from strata.door.privacy import STAGE, Vault, memory_engine
from strata.door.screen import REJECTIONS, Counts, Screening
from strata.door.subjects import Subjects
from strata.errors import UnreadableFileError
from strata.intake.rejections import unquoted
from strata.settings import subject_key
from strata.warehouse.base import Warehouse

_AT_ONCE = 5_000


@dataclass
class PrivateScreening:
    """Screens like ``Screening``, in memory, and brings rows without names into ``stage`` of the warehouse's engine."""

    warehouse: Warehouse
    precedence: dict[str, int]
    contract: Contract
    stage: str
    batch_id: int
    memory_limit: str
    origin: str
    at: datetime
    key: SubjectKey

    def run(self, file: DataFile) -> Counts:
        """Screen a file.

        Raises:
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
        subjects = pseudonyms_of(self.warehouse, self.key, self.at)
        subjects.is_replay = is_replay
        with memory_engine(self.memory_limit) as engine:
            vault = Vault(engine, self.contract, self.warehouse.seeds, subjects, self._take, self.origin)
            screening = Screening(engine, self.warehouse.seeds, self.precedence, STAGE, self.batch_id)
            screening.origin, screening.at = self.origin, self.at
            vault.attach(screening)
            counts = screen(screening)
            vault.move(screening)
            self._insert(f"create or replace temp table {REJECTIONS} as", vault.rejections())
            self._keep_dropped(vault.dropped())
        # A header is needed to read a record again; here the record names its columns itself.
        return replace(counts, header=None)

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
        self.warehouse.append_to_ops(
            "dropped_keys",
            "select ?::bigint as batch_id, ?::varchar as area, ?::varchar as table_name, field as column_name, key, "
            "reason, records from door_stored",
            [self.batch_id, self.contract.area, self.contract.name],
        )
        self.warehouse.engine.unregister("door_stored")


class Keys:
    """The key under which a warehouse knows the persons of its private tables, and their files."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._entered: set[tuple[str, SubjectKey]] = set()

    def of(self, contract: Contract) -> SubjectKey | None:
        """The key of a table; none where its records name nobody.

        Raises:
            UsageError: there is no key, or another one than before.
        """
        if not contract.is_private:
            return None
        key = SubjectKey(subject_key())
        if (contract.relation, key) not in self._entered:
            with self._warehouse.transaction():
                now = datetime.now(UTC).replace(tzinfo=None)
                pseudonyms_of(self._warehouse, key, now).check_key()
                self._replace_plain_digests(contract, key)
            self._entered.add((contract.relation, key))
        return key

    def _replace_plain_digests(self, contract: Contract, key: SubjectKey) -> None:
        """A ledger of an older version knows files by plain digests. Keyed ones take their place and mean the same."""
        batches = self._warehouse.ops("batches")
        plain = self._warehouse.execute(
            f"select batch_id, file_digest from {batches} where area = ? and table_name = ? and kind = 'file' "
            "and file_digest not like 'hmac:%'",
            [contract.area, contract.name],
        )
        for batch_id, digest in plain:
            self._warehouse.execute(
                f"update {batches} set file_digest = ? where batch_id = ?", [key.content(digest), batch_id]
            )


def pseudonyms_of(warehouse: Warehouse, key: SubjectKey, at: datetime) -> Subjects:
    """The persons that a warehouse knows; new ones are written down as of ``at``."""
    table = warehouse.contracts["ops", "subjects"]

    def rows(columns: str, by: str, values: Sequence[str]) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found += warehouse.execute(f"select {columns} from {table.relation} where {by} in ({marks})", some)
        return found

    def keep(pseudonyms: dict[str, str]) -> None:
        columns = {
            "key_digest": pa.array(list(pseudonyms), pa.string()),
            "pseudonym": pa.array(list(pseudonyms.values()), pa.string()),
            "created_at": pa.array([at] * len(pseudonyms), pa.timestamp("us")),
        }
        warehouse.engine.register("door_stored", pa.table(columns))
        warehouse.append(table, "select * from door_stored", [])
        warehouse.engine.unregister("door_stored")

    return Subjects(
        key,
        find=lambda digests: {row[0]: row[1] for row in rows("key_digest, pseudonym", "key_digest", digests)},
        keep=keep,
        known=lambda values: {row[0] for row in rows("pseudonym", "pseudonym", values)},
    )
