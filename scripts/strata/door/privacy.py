"""Records that name persons: screened in memory that is never written to disk, and stored without what names them.

A person's id becomes a random pseudonym. The only way from one to the other is ``ops.subjects``, which knows the id's
HMAC-SHA-256 under a key that the warehouse does not hold.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import duckdb
import pyarrow as pa

from strata.contract import Column, Contract
from strata.door import payload
from strata.door.checks import ContractSql
from strata.door.screen import REJECTIONS, Screening
from strata.errors import UsageError
from strata.reference import Seed

STAGE = "door_vault"
_PART = "door_part"
KEY_CHECK = "(key check)"
# A key that fewer persons sent might itself be a person's.
_FEWEST_PERSONS = 5
_OTHER = "(other)"


@dataclass
class Subjects:
    """Pseudonyms of persons. ``find`` asks the warehouse for those of some digests, ``keep`` stores new ones.

    With ``is_replay``, a value that is a pseudonym already (``is_known`` tells) stays as it is.
    """

    key: bytes
    find: Callable[[Sequence[str]], dict[str, str]]
    keep: Callable[[dict[str, str]], None]
    is_known: Callable[[Sequence[str]], set[str]] | None = None
    _known: dict[str, str] = field(default_factory=dict, repr=False)

    def digest(self, subject: str) -> str:
        """HMAC-SHA-256 of an id, in hexadecimal."""
        return hmac.digest(self.key, subject.encode(), "sha256").hex()

    def check_key(self) -> None:
        """Whether this is the key under which the warehouse knows its persons; the first use of a key makes it so.

        Raises:
            UsageError: another key was used before. Every person would get a second pseudonym.
        """
        known = self.find([KEY_CHECK])
        mark = self.digest(KEY_CHECK)
        if not known:
            self.keep({KEY_CHECK: mark})
        elif known[KEY_CHECK] != mark:
            raise UsageError(
                "STRATA_SUBJECT_KEY is not the key with which this warehouse was begun. With another one, every person "
                "would come a second time. Set the first key again, or begin a new warehouse."
            )

    def pseudonyms(self, subjects: Sequence[str]) -> dict[str, str]:
        """A pseudonym for each of these persons; who comes for the first time gets a new one."""
        new = [subject for subject in subjects if subject not in self._known]
        if new and self.is_known:
            self._known |= {subject: subject for subject in self.is_known(new)}
            new = [subject for subject in new if subject not in self._known]
        digests = {self.digest(subject): subject for subject in new}
        found = self.find(list(digests)) if digests else {}
        made = {digest: uuid4().hex for digest in digests if digest not in found}
        if made:
            self.keep(made)
        self._known |= {digests[digest]: pseudonym for digest, pseudonym in (found | made).items()}
        return {subject: self._known[subject] for subject in subjects}


@dataclass
class Vault:
    """Screens the files of one table in memory; ``take`` gets the rows as they are stored, part by part.

    It is the ``Discretion`` of its screening: of a rejected record it keeps what it would have stored of it.
    """

    engine: duckdb.DuckDBPyConnection
    contract: Contract
    seeds: dict[str, Seed]
    subjects: Subjects
    take: Callable[[pa.Table], None]

    def __post_init__(self) -> None:
        """Make the stage and the tables that lead from what names a person to what is stored."""
        kinds = {name: {"string": "text", "json": "text"}.get(kind, kind) for name, kind in self._all_columns().items()}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        self.engine.execute(f"create table {STAGE} ({columns})")
        dropped = "field text, key text, reason text, subject text, records bigint"
        self.engine.execute(f"create table door_dropped ({dropped})")
        self._map("door_subjects", {}, "subject", "pseudonym")
        self._map("door_networks", {}, "address", "network")
        self._lists = {
            column.name: payload.read_allow_list(self.seeds[column.allow_list], column.name)
            for column in self.contract.columns
            if column.allow_list
        }

    def _all_columns(self) -> dict[str, str]:
        return self.contract.all_columns()

    @property
    def _subject(self) -> Column:
        return next(column for column in self.contract.columns if column.is_subject)

    def attach(self, screening: Screening) -> None:
        """Make a screening on this engine hand over each part as it is staged."""
        screening.discretion = self
        screening.on_part = lambda: self.move(screening)

    def move(self, screening: Screening) -> None:
        """Hand over what is staged and sure; the doubtful stay until they are settled."""
        sure = f"from {STAGE} where _line_number > 0"
        self._look_up(sure, f'"{self._subject.name}"', {name: f'"{name}"' for name in self._lists})
        subject = f'"{self._subject.name}"'
        lists = {name: payload.raw_values(keys, f'"{name}"') for name, keys in self._lists.items()}
        raws = ", ".join(["*", *(f'{sql} as "r_{name}"' for name, sql in lists.items())])
        kept = {name: payload.kept_values(keys, f'"r_{name}"', subject) for name, keys in self._lists.items()}
        values = ", ".join(["*", *(f'[{", ".join(sql)}]::varchar[] as "v_{name}"' for name, sql in kept.items())])
        # What takes a parser and many patterns is computed once and read twice.
        self.engine.execute(f"create or replace table {_PART} as select {values} from (select {raws} {sure})")
        columns = ", ".join(self._stored(name) for name in self._all_columns())
        stored = self.engine.sql(
            f"select {columns} from {_PART} join door_subjects on subject = {subject}"
        ).to_arrow_table()
        self._count_dropped()
        self.take(stored)
        screening.moved += stored.num_rows
        self.engine.execute(f"create or replace table {STAGE} as from {STAGE} where _line_number < 0")

    def _stored(self, name: str) -> str:
        """SQL for a column of the raw table as it is stored."""
        if name in self._lists:
            keys = self._lists[name]
            objects = payload.stored(keys, [f'"v_{name}"[{number}]' for number in range(1, len(keys) + 1)])
            return f'case when "{name}" is not null then {objects} end as "{name}"'
        return f'pseudonym as "{name}"' if name == self._subject.name else f'"{name}"'

    def _look_up(self, rows: str, subject: str, objects: dict[str, str]) -> None:
        """Fill the two maps for some rows."""
        found = self.engine.execute(f"select distinct {subject} {rows}").fetchall()
        self._map("door_subjects", self.subjects.pseudonyms([s for (s,) in found if s]), "subject", "pseudonym")
        networks: dict[str, str] = {}
        for name, keys in self._lists.items():
            for key in (item.key for item in keys if item.form == "ip"):
                value = f"json_extract({objects[name]}, '$.{key}')::varchar"
                for (address,) in self.engine.execute(f"select distinct {value} {rows}").fetchall():
                    if network := _network(address):
                        networks[address] = network
        self._map("door_networks", networks, "address", "network")

    def _map(self, table: str, pairs: dict[str, str], left: str, right: str) -> None:
        columns = {left: pa.array(list(pairs), pa.string()), right: pa.array(list(pairs.values()), pa.string())}
        self._make(table, pa.table(columns))

    def _make(self, table: str, content: pa.Table) -> None:
        self.engine.register("door_content", content)
        self.engine.execute(f"create or replace table {table} as from door_content")
        self.engine.unregister("door_content")

    def _count_dropped(self) -> None:
        subject = f'"{self._subject.name}"'
        for name, keys in self._lists.items():
            allowed = [item.key for item in keys]
            unlisted = f'list_filter(json_keys("{name}"), lambda key: not list_contains({allowed}::varchar[], key))'
            unfit = payload.unfit(keys, f'"r_{name}"', f'"v_{name}"')
            for reason, dropped in (("unlisted", unlisted), ("unfit", unfit)):
                self.engine.execute(
                    f"insert into door_dropped select '{name}', key, '{reason}', subject, count(*) from "
                    f"(select {subject} as subject, unnest({dropped}) as key from {_PART}) group by key, subject"
                )

    def dropped(self) -> pa.Table:
        """What was not stored, counted: field, key, reason, records. Of a key that few persons sent, not its name."""
        return self.engine.sql(
            f"""
            with keys as (
                select
                    field, reason, sum(records) as records,
                    case
                        when count(distinct subject) >= {_FEWEST_PERSONS}
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
        """Look up the persons and addresses of rejected records."""
        subject = f"({sql.value(self._subject)})"
        is_rejected = "len(failed) > 0 or line_number in (select line_number from door_verdicts)"
        objects = {name: _as_object(sql.value(self.contract.column(name))) for name in self._lists}
        self._look_up(f"from door_careful where {is_rejected}", subject, objects)

    def record(self, sql: ContractSql) -> str:
        """SQL for what is kept of a rejected record: the columns that are plain, the rest as it would be stored."""
        subject = f"({sql.value(self._subject)})"
        parts = []
        for column in self.contract.columns:
            value = f"({sql.value(column)})"
            if column.is_subject:
                kept = f"to_json((select pseudonym from door_subjects where subject = {value}))"
            elif column.name in self._lists:
                keys = self._lists[column.name]
                raw = payload.raw_values(keys, _as_object(value))
                as_stored = payload.stored(keys, payload.kept_values(keys, raw, subject))
                kept = f"case when {_as_object(value)} is not null then {as_stored} end"
            elif column.filled == "file":
                kept = "to_json($file::varchar)"
            else:
                kept = f"case when {payload.is_plain(value, subject)} then to_json({value}) end"
            parts.append(f"'\"{column.name}\":' || {kept}")
        record = f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"
        return f"case when w is null then null else {record} end" if sql.is_json else record

    def is_whole(self, sql: ContractSql) -> str:
        """SQL that is true where every reason against a record can be found again in what is kept of it."""
        subject = f"({sql.value(self._subject)})"
        others = [c for c in self.contract.columns if not (c.is_subject or c.name in self._lists or c.filled == "file")]
        plain = " and ".join(payload.is_plain(f"coalesce({sql.value(c)}, 'null')", subject) for c in others)
        lost = [number for number, check in enumerate(sql.checks) if check.reason == "wrong_type"]
        settled = "line_number in (select line_number from door_verdicts)"
        return f"({plain} and not list_has_any(failed, {lost}::integer[]) and not {settled})"


def _as_object(value: str) -> str:
    return f"case when try(json_type({value})) = 'OBJECT' then {value} end"


def _network(address: str | None) -> str | None:
    """The network of an address that came as JSON text: /24 of IPv4, /48 of IPv6; none where it is no address.

    A replayed record holds the network already.
    """
    text = (address or "").strip('"').removesuffix("/24").removesuffix("/48")
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((str(parsed).partition("%")[0], 24 if parsed.version == 4 else 48), strict=False))


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
