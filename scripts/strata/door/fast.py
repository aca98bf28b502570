"""The first look at the records of a file: one statement that types them and lets the surely clean ones in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from strata.contract import Contract
from strata.door import statement
from strata.door.checks import ContractSql
from strata.door.cut import Cutter, cutter_for
from strata.door.lines import SCHEMA as LINE_SCHEMA
from strata.door.tabular import schema as text_schema
from strata.door.template import find_templates

Seeds = Mapping[str, list[dict[str, str]]]
_TEMPLATE_LINES = 100


@dataclass(frozen=True)
class FastPass:
    """How the engine gets the records of a file, and which query over ``door_records`` gives the rows of clean ones.

    ``schema`` is that of the batches that ``prepared`` makes; ``parameters`` are bound to the query.
    """

    schema: pa.Schema
    query: str
    parameters: dict[str, object]
    cutter: Cutter | None = None

    def prepared(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """What the engine is given of the reader's batches."""
        return self.cutter.cut(batches) if self.cutter else batches


def fast_pass(
    contract: Contract, seeds: Seeds, first: pa.RecordBatch, batch_id: int, *, is_json: bool
) -> FastPass | None:
    """The fast pass over a file that begins with a batch; none where its lines show no template, or need a parser.

    Lines of JSON are cut along their templates where that can be done, else parsed by the engine and compared.
    """
    if contract.has_grammar:
        return None
    if not is_json:
        sql, values = ContractSql(contract, seeds, is_json=False), statement.text_values(contract, "door_records")
        return _over(sql, values, statement.is_clean(sql, None), batch_id, text_schema(contract))
    templates = find_templates(contract, first.column("line").slice(0, _TEMPLATE_LINES).to_pylist())
    if not templates:
        return None
    cutter = cutter_for(contract, templates)
    sql = ContractSql(contract, seeds, is_json=False, is_cut=cutter is not None)
    if cutter:
        return _over(sql, "from door_records", statement.is_clean(sql, None), batch_id, cutter.schema, cutter)
    values = statement.fast_values(contract, "door_records")
    return _over(sql, values, statement.is_clean(sql, templates), batch_id, LINE_SCHEMA)


def _over(
    sql: ContractSql, values: str, is_clean: str, batch_id: int, schema: pa.Schema, cutter: Cutter | None = None
) -> FastPass:
    columns = statement.raw_columns(sql.contract, str(batch_id), "line_number")
    rows = f"select *, {statement.once(is_clean)} as is_clean from ({statement.typed(sql, values)})"
    return FastPass(schema, f"select {columns} from ({rows}) where is_clean", dict(sql.parameters), cutter)
