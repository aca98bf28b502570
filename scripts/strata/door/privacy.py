"""Records that name persons: screened in memory that is never written to disk, and stored without what names them.

The engine moves the records; what is stored of a value is decided in Python, once for each different value (``forms``,
``identifiers``), and joined to the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import duckdb
import pyarrow as pa

from strata.contract import Column, Contract
from strata.door import payload
from strata.door.checks import ContractSql
from strata.door.forms import UNFIT, judge
from strata.door.identifiers import DISGUISED, OwnId, bare_sql, is_plain, is_plain_sql
from strata.door.screen import REJECTIONS, Screening
from strata.door.subjects import Subjects
from strata.reference import Seed

STAGE = "door_vault"
UNLISTED, PSEUDONYM = "unlisted", "pseudonym"
# A key that fewer persons sent might itself be a person's.
_FEWEST_PERSONS = 5
_OTHER = "(other)"
_LOST = "struct(field text, key text, reason text)[]"
# What is kept of a rejected record's other columns; what does not look like this is lost. Texts are judged as words.
_INSTANT = r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?)?"
_KEPT_FORMS = {
    "timestamp": _INSTANT,
    "date": _INSTANT,
    "bigint": r"-?\d{1,6}",
    "float8": r"-?\d{1,6}(\.\d{1,6})?",
    "boolean": "(?i)true|false",
}


@dataclass(frozen=True)
class _Slot:
    """A text that is judged by its form: a key of a payload, or a column. ``raw`` is SQL for it as JSON text."""

    field: str
    key: str
    form: str
    raw: str

    @property
    def alias(self) -> str:
        """The name under which what is stored of it is joined."""
        return f"of_{self.field}_{self.key}"


@dataclass
class Vault:
    """Screens the files of one table in memory; ``take`` gets the rows as they are stored, part by part.

    It is the ``Redaction`` of its screening: of a rejected record it keeps what it would have stored of it. ``origin``
    is the file's name as it is stored.
    """

    engine: duckdb.DuckDBPyConnection
    contract: Contract
    seeds: dict[str, Seed]
    subjects: Subjects
    take: Callable[[pa.Table], None]
    origin: str
    _slots: list[_Slot] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Make the stage, and list what is judged by its form."""
        kinds = {name: {"string": "text", "json": "text"}.get(kind, kind) for name, kind in self._all_columns().items()}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        self.engine.execute(f"create table {STAGE} ({columns})")
        dropped = "field text, key text, reason text, subject text, records bigint"
        self.engine.execute(f"create table door_dropped ({dropped})")
        self._subject = next(column.name for column in self.contract.columns if column.is_subject)
        self._ids = [column.name for column in self.contract.columns if column.is_identifier]
        self._lists = {
            column.name: payload.read_allow_list(self.seeds[column.allow_list], column.name)
            for column in self.contract.columns
            if column.allow_list
        }
        self._slots = [_slot(column.name, column.form) for column in self.contract.columns if column.form]
        for name, keys in self._lists.items():
            for number, item in enumerate(keys, 1):
                raw = f'"r_{name}"[{number}]'
                raw = payload.without_query(raw) if item.form == "path" else raw
                self._slots.append(_Slot(name, item.key, item.form, raw))

    def _all_columns(self) -> dict[str, str]:
        return self.contract.all_columns()

    def attach(self, screening: Screening) -> None:
        """Make a screening on this engine hand over each part as it is staged."""
        screening.redaction = self
        screening.on_part = lambda: self.move(screening)

    def move(self, screening: Screening) -> None:
        """Hand over what is staged, and empty the stage."""
        self._resolve(STAGE, self._slots)
        self.engine.execute(
            "insert into door_dropped select item.field, item.key, item.reason, subject, count(*) from "
            f'(select "{self._subject}" as subject, unnest(_lost) as item from door_resolved) group by all'
        )
        columns = ", ".join(f'{self._stored(column)} as "{column.name}"' for column in self.contract.columns)
        technical = [name for name in self._all_columns() if name not in {c.name for c in self.contract.columns}]
        stored = self.engine.sql(f"select {', '.join([columns, *technical])} from door_resolved").to_arrow_table()
        self.take(stored)
        screening.moved += stored.num_rows
        self.engine.execute(f"create or replace table {STAGE} as from {STAGE} limit 0")

    def _stored(self, column: Column) -> str:
        """SQL over ``door_resolved`` for a column of the raw table as it is stored."""
        if column.is_subject:
            return "_pseudonym"
        if column.name in self._lists:
            keys = self._lists[column.name]
            values = [f'"of_{column.name}_{item.key}"' for item in keys]
            return f'case when "{column.name}" is not null then {payload.stored(keys, values)} end'
        if column.form:
            return f"json_extract_string(\"of_{column.name}_{column.name}\", '$')"
        return f'"of_{column.name}"' if column.is_identifier else f'"{column.name}"'

    def _resolve(self, rows: str, slots: Sequence[_Slot]) -> None:
        """Make ``door_resolved``: some rows, with the pseudonym, what is stored of each value, and what is ``_lost``.

        ``rows`` is what follows `from`; they hold the columns of the contract, payloads as text.
        """
        self._mark_own(rows)
        self._judge_values(slots)
        self._judge_ids()
        columns, joins, lost = ["door_marked.*"], [], []
        for slot in slots:
            value, reason, join = _joined(slot)
            columns.append(f'{value} as "{slot.alias}"')
            joins.append(join)
            lost.append(_lost(slot.field, slot.key, reason, f"{reason} is not null"))
        for name in self._ids:
            of = f'"id_{name}"'
            columns.append(f'case when {of}.raw is null then "{name}" else {of}.stored end as "of_{name}"')
            joins.append(f'left join door_ids as {of} on {of}.raw = "{name}" and {of}.own = _own')
            lost.append(_lost(name, name, f"'{PSEUDONYM}'", f'{of}.stored <> "{name}"'))
        found = f"list_filter([{', '.join(lost)}]::{_LOST}, lambda item: item is not null)"
        unlisted = [self._unlisted(name, keys) for name, keys in self._lists.items()]
        self.engine.execute(
            f"create or replace table door_resolved as select {', '.join(columns)}, "
            f"{' || '.join([found, *unlisted])} as _lost from door_marked {' '.join(joins)}"
        )

    @staticmethod
    def _unlisted(name: str, keys: Sequence[payload.AllowedKey]) -> str:
        allowed = [item.key for item in keys]
        others = f'list_filter(json_keys("{name}"), lambda key: not list_contains({allowed}::varchar[], key))'
        each = f"struct_pack(field := '{name}', key := key, reason := '{UNLISTED}')"
        return f"coalesce(list_transform({others}, lambda key: {each}), [])::{_LOST}"

    def _mark_own(self, rows: str) -> None:
        """Make ``door_marked``: the rows with the values of listed keys, the pseudonym, and whose id they may hold.

        ``_own`` is the sender's id where some value of the record may hold it, and empty elsewhere, so that values need
        not be judged person by person.
        """
        subject = f'"{self._subject}"'
        found = [s for (s,) in self.engine.execute(f"select distinct {subject} from {rows}").fetchall() if s]
        pseudonyms = self.subjects.pseudonyms(found)
        self._make(
            "door_subjects",
            _person=pa.array(pseudonyms, pa.string()),
            _pseudonym=pa.array(pseudonyms.values(), pa.string()),
            _spellings=pa.array([_own_id(person).spellings for person in pseudonyms], pa.list_(pa.string())),
            _disguises=pa.array([_own_id(person).disguises for person in pseudonyms], pa.list_(pa.string())),
        )
        lists = [f'{payload.raw_values(keys, _quoted(name))} as "r_{name}"' for name, keys in self._lists.items()]
        texts = [f'"{name}"' for name in (*self._ids, *(c.name for c in self.contract.columns if c.form))]
        texts += [f"array_to_string(\"r_{name}\", ' ')" for name in self._lists]
        said = f"concat_ws(' ', {', '.join(texts)})"
        may_hold = (
            # An escape in a path can hide anything.
            "contains(_said, '%') or list_bool_or(list_transform(_spellings, lambda text: contains(_bare, text))) "
            f"or case when len(_spellings) = 0 then contains(lower(_said), lower({subject})) else false end "
            f"or case when regexp_matches(_said, '{DISGUISED}') "
            "then list_bool_or(list_transform(_disguises, lambda text: contains(_bare, text))) else false end"
        )
        self.engine.execute(
            f"create or replace table door_marked as select * exclude (_said, _bare, _spellings, _disguises, _person), "
            f"case when {may_hold} then coalesce({subject}, '') else '' end as _own "
            f"from (select *, {bare_sql('_said')} as _bare from "
            f"(select *, {said} as _said from (select {', '.join(['*', *lists])} from {rows}))) "
            f"left join door_subjects on _person = {subject}"
        )

    def _judge_values(self, slots: Sequence[_Slot]) -> None:
        """Make ``door_values``: what is stored of each different text value, by form and by whose it may be."""
        judged: dict[tuple[str, str, str], tuple[str | None, str | None]] = {}
        for slot in slots:
            if slot.form == payload.NUMBER:
                continue
            for raw, own in self.engine.execute(
                f"select distinct {slot.raw} as raw, _own from door_marked where raw <> 'null'"
            ).fetchall():
                if (slot.form, raw, own) not in judged:
                    found = judge(slot.form, raw, _own_id(own) if own else None)
                    judged[slot.form, raw, own] = (found.stored, found.reason)
        keys = list(zip(*judged, strict=True)) or [(), (), ()]
        values = list(zip(*judged.values(), strict=True)) or [(), ()]
        columns = dict(zip(("form", "raw", "own", "stored", "reason"), (*keys, *values), strict=True))
        self._make("door_values", **{name: pa.array(column, pa.string()) for name, column in columns.items()})

    def _judge_ids(self) -> None:
        """Make ``door_ids``: the ids that are not surely stored as they came. Of a blank one nothing is stored."""
        every = " union ".join(
            f'select "{name}" as raw, _own as own from door_marked '
            f"where _own <> '' or not {is_plain_sql(_quoted(name))}"
            for name in self._ids
        )
        pairs = self.engine.execute(f"select distinct raw, own from ({every}) where raw is not null").fetchall()
        stored = [self._kept_id(raw, own) for raw, own in pairs]
        raws, owns = zip(*pairs, strict=True) if pairs else ((), ())
        columns = {"raw": raws, "own": owns, "stored": stored}
        self._make("door_ids", **{name: pa.array(column, pa.string()) for name, column in columns.items()})

    def _kept_id(self, text: str, own: str) -> str | None:
        if not text.strip():
            return None
        is_kept = is_plain(text) and not (own and _own_id(own).is_in(text))
        return text if is_kept else self.subjects.key.identifier(text)

    def _make(self, table: str, **columns: pa.Array) -> None:
        self.engine.register("door_content", pa.table(columns))
        self.engine.execute(f"create or replace table {table} as from door_content")
        self.engine.unregister("door_content")

    def dropped(self) -> pa.Table:
        """What was not stored as it came, counted: field, key, reason, records.

        Of an unlisted key that few persons sent, not its name. A listed one is known to everybody.
        """
        return self.engine.sql(
            f"""
            with keys as (
                select
                    field, reason, sum(records) as records,
                    case
                        when reason <> '{UNLISTED}' or count(distinct subject) >= {_FEWEST_PERSONS}
                            and regexp_full_match(key, '[A-Za-z_][A-Za-z0-9_]{{0,62}}') then key
                        else '{_OTHER}'
                    end as name
                from door_dropped group by field, reason, key
            )
            select field, name as key, reason, cast(sum(records) as bigint) as records
            from keys group by field, name, reason order by field, reason, name
            """
        ).to_arrow_table()

    def rejections(self) -> pa.Table:
        """The rejections of the screening."""
        return self.engine.sql(f"from {REJECTIONS}").to_arrow_table()

    def prepare(self, sql: ContractSql) -> None:
        """Make ``door_kept``: by line number what is kept of a rejected record, and whether all reasons stand in it."""
        values = [f'{_as_object(sql, column)} as "{column.name}"' for column in self.contract.columns]
        is_nothing = "w is null" if sql.is_json else "false"
        self.engine.execute(
            f"create or replace table door_turned_away as select line_number, failed, {is_nothing} as is_nothing, "
            f"{', '.join(values)} from door_careful "
            "where len(failed) > 0 or line_number in (select line_number from door_verdicts)"
        )
        words = [_slot(column.name, "word") for column in self._others() if column.data_type == "string"]
        self._resolve("door_turned_away", [*self._slots, *words])
        parts = [f"'\"{column.name}\":' || {self._kept(column)}" for column in self.contract.columns]
        others = [f'(({self._kept(column)}) is not null or "{column.name}" is null)' for column in self._others()]
        lost = [number for number, check in enumerate(sql.checks) if self._is_lost(check.column, check.reason)]
        settled = "line_number in (select line_number from door_verdicts)"
        self.engine.execute(
            "create or replace table door_kept as select line_number, "
            f"case when not is_nothing then '{{' || concat_ws(',', {', '.join(parts)}) || '}}' end as record, "
            f"{' and '.join(['true', *others])} and not list_has_any(failed, {lost}::integer[]) and not {settled} "
            "as is_whole from door_resolved"
        )

    def _others(self) -> list[Column]:
        """The columns of which only what looks like its type is kept of a rejected record."""
        return [
            column
            for column in self.contract.columns
            if not (column.is_subject or column.is_identifier or column.form or column.name in self._lists)
            and column.filled != "file"
        ]

    def _is_lost(self, name: str | None, reason: str) -> bool:
        """Whether a fault is no longer to be seen in what is kept of a record, so that it would look good."""
        if reason == "wrong_type":
            return True
        column = next((column for column in self.contract.columns if column.name == name), None)
        is_replaced = column is not None and (column.is_subject or column.is_identifier or column.form is not None)
        return is_replaced and reason not in ("missing_key", "null_value")

    def _kept(self, column: Column) -> str:
        """SQL over ``door_resolved`` for what is kept of a rejected record's column, as JSON text."""
        if column.filled == "file":
            origin = self.origin.replace("'", "''")
            return f"to_json('{origin}')"
        if column in self._others():
            if column.data_type == "string":
                return f'"of_{column.name}_{column.name}"'
            form = _KEPT_FORMS.get(column.data_type)
            fits = f"regexp_full_match(\"{column.name}\", '{form}')" if form else "false"
            return f'case when {fits} then to_json("{column.name}") end'
        stored = self._stored(column)
        return stored if column.name in self._lists else f"to_json({stored})"

    def record(self) -> str:
        """SQL for what is kept of a rejected record."""
        return "(select record from door_kept where door_kept.line_number = door_careful.line_number)"

    def is_whole(self) -> str:
        """SQL that is true where every reason against a record can be found again in what is kept of it."""
        return "(select is_whole from door_kept where door_kept.line_number = door_careful.line_number)"


@lru_cache(maxsize=20_000)
def _own_id(subject: str) -> OwnId:
    return OwnId(subject)


def _slot(column: str, form: str) -> _Slot:
    return _Slot(column, column, form, f'to_json("{column}")::varchar')


def _joined(slot: _Slot) -> tuple[str, str, str]:
    """SQL for what is stored of a value, for the reason why not all of it is, and the join that both need."""
    if slot.form == payload.NUMBER:
        return payload.number(slot.raw), f"case when {payload.is_lost_number(slot.raw)} then '{UNFIT}' end", ""
    of = f'"judged_{slot.alias}"'
    join = (
        f"left join (from door_values where form = '{slot.form}') as {of} on {of}.raw = {slot.raw} and {of}.own = _own"
    )
    return f"{of}.stored", f"{of}.reason", join


def _quoted(name: str) -> str:
    return f'"{name}"'


def _lost(name: str, key: str, reason: str, condition: str) -> str:
    return f"case when {condition} then struct_pack(field := '{name}', key := '{key}', reason := {reason}) end"


def _as_object(sql: ContractSql, column: Column) -> str:
    value = sql.value(column)
    return f"case when try(json_type({value})) = 'OBJECT' then {value} end" if column.allow_list else value


@contextmanager
def memory_engine(memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that writes nothing to disk, not even when memory runs short."""
    con = duckdb.connect(":memory:", config={"memory_limit": memory_limit, "preserve_insertion_order": False})
    try:
        con.execute("set temp_directory = ''")
        con.execute("set TimeZone = 'UTC'")
        yield con
    finally:
        con.close()
