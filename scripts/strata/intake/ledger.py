"""The ledger of what came in: batches, the partitions they touched, and what was rejected."""

from __future__ import annotations

from datetime import UTC, datetime

from strata.contract import Contract
from strata.door.screen import Counts
from strata.intake.rejections import RECORDS, rejections
from strata.warehouse.base import Warehouse


class Ledger:
    """Writes what is known of each batch. Every method is called inside the batch's transaction."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def next_batch(self) -> int:
        """The number of the batch that begins: one more than the last."""
        return int(self._warehouse.query("select coalesce(max(batch_id), 0) + 1 from {ops}.batches")[0][0])

    def keep(
        self, contract: Contract, batch_id: int, kind: str, name: str, digest: str, size: int, counts: Counts
    ) -> None:
        """The rows of a batch, its row in the ledger, and the partitions that it touched."""
        self._warehouse.ship(contract, batch_id)
        values = [batch_id, contract.area, contract.name, kind, name, digest, size]
        values += [counts.header, counts.records_in, counts.loaded, counts.rejected, now()]
        self._warehouse.insert("batches", values)
        if contract.event_time:
            stage = self._warehouse.stage_name(contract)
            self._warehouse.append_to_ops(
                "touched_partitions",
                f"select ?::bigint as batch_id, ?::varchar as area, ?::varchar as table_name, "
                "_event_date as partition_date, count(*) as records "
                f"from {stage} where _batch_id = ? group by _event_date order by _event_date",
                [batch_id, contract.area, contract.name, batch_id],
            )

    def keep_rejections(self, contract: Contract, batch_id: int, name: str) -> None:
        """The reasons and the records of what the batch turned away."""
        values = [batch_id, contract.area, contract.name, name, now()]
        self._warehouse.append_to_ops("rejections", rejections(contract), values)
        self._warehouse.append_to_ops("rejected_records", RECORDS, [batch_id])


def now() -> datetime:
    """This instant (UTC, without a zone), as ops tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None)
