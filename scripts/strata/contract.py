"""Contracts: what models/<area>/contracts/*.yml say, as typed objects. The only reader of those files in Python."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

from strata.errors import ContractError
from strata.grammars import grammar_of
from strata.rules import (
    AcceptedValues,
    FollowsGrammar,
    InSeed,
    NotNull,
    Rule,
    read_constraint,
    read_rule,
    read_table_rules,
)

# The loader in C reads the same YAML ten times as fast; a build of PyYAML may lack it.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
DATA_TYPES = ("string", "uuid", "timestamp", "date", "bigint", "float8", "boolean", "text[]", "json")
FORMATS = ("json", "table", "none")
TECHNICAL_COLUMNS = {"_batch_id": "bigint", "_line_number": "bigint"}
EVENT_DATE = {"_event_date": "date"}
_TABLE_META = {"format", "key", "event_time", "unknown_fields", "partition", "lookups", "prefix", "work_list"}
_TABLE_META |= {"database_rows", "long_key"}
_COLUMN_META = {"path", "presence", "code", "empty_as_null", "classification", "run_time"}
_COLUMN_META |= {"pseudonym", "form", "allow_list", "filled", "end_of_time_as_null", "internal_keys"}
# What the door knows better than the sender: the file, the instant of the load, the UTC date of the event time.
FILLED = ("file", "load_time", "event_date")
# Whose id a column holds: a person's, or that of a thing, which may hold a person's.
PSEUDONYMS = ("subject", "identifier")
TEXT_FORMS = ("version",)


@dataclass(frozen=True)
class Column:
    """One column of a raw table.

    ``path`` is where a JSON record holds it; ``code`` is the rejection code for its absence (null: the schema's).
    ``is_subject``: the value is a person's id and is stored as a pseudonym. ``is_identifier``: the id of a thing,
    stored as it came only where it is plainly that. ``form`` is what a text must look like to be stored, one of
    ``TEXT_FORMS``. ``allow_list`` is the seed that names the keys of a payload that may be stored. ``filled`` is what
    the door writes itself, one of ``FILLED``.
    ``is_empty_null``: text that is empty or white space counts as null. ``is_end_of_time_null``: 9999-12-31 counts as
    null, which is how many systems write that something has no end. ``is_restricted``: the text is not for everybody,
    so that no sentence may quote it.
    """

    name: str
    data_type: str
    path: tuple[str, ...]
    is_presence_required: bool
    is_empty_null: bool
    code: str | None
    rules: tuple[Rule, ...]
    is_subject: bool = False
    allow_list: str | None = None
    filled: str | None = None
    is_end_of_time_null: bool = False
    is_restricted: bool = False
    is_identifier: bool = False
    form: str | None = None

    @property
    def grammar(self) -> FollowsGrammar | None:
        """The grammar that its JSON follows; such JSON may be a list too."""
        return next((rule for rule in self.rules if isinstance(rule, FollowsGrammar)), None)


@dataclass(frozen=True)
class Lookup:
    """Columns by which models look for single records, among those only that have one of some values."""

    columns: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]

    @property
    def index(self) -> str:
        """What follows the table's name in `create index`."""
        listed = {column: ", ".join(f"'{value}'" for value in values) for column, values in self.only.items()}
        where = " and ".join(f"{column} in ({values})" for column, values in listed.items())
        return f"({', '.join(self.columns)})" + (f" where {where}" if where else "")


@dataclass(frozen=True)
class Contract:
    """One raw table: everything the door needs to know of it.

    ``prefix`` names its objects in a store, which lie in ``<prefix>/YYYY/MM/DD/``. ``is_read_whole``: of a database all
    rows are read at every load, since known ones may have changed. ``long_key`` are the columns of the key that may be
    longer than an entry of an index.
    """

    area: str
    name: str
    schema: str
    format: str
    key: tuple[str, ...]
    event_time: str | None
    is_unknown_rejected: bool
    is_partitioned: bool
    lookups: tuple[Lookup, ...]
    columns: tuple[Column, ...]
    prefix: str | None = None
    is_read_whole: bool = False
    long_key: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """The table's name in SQL. Both parts were checked to be plain identifiers."""
        return f"{self.schema}.{self.name}"

    @property
    def is_private(self) -> bool:
        """Whether its records name persons: they are screened in memory and stored without what names them."""
        return any(column.is_subject for column in self.columns)

    @property
    def is_restricted(self) -> bool:
        """Whether it holds text that no sentence may quote."""
        return any(column.is_restricted for column in self.columns)

    @property
    def has_grammar(self) -> bool:
        """Whether a value must be parsed to be judged, so that every record needs the careful look."""
        return any(column.grammar for column in self.columns)

    @property
    def partition_column(self) -> str:
        """The date by which a large table is cut: the one that its readers know, where the door fills one in."""
        return next((column.name for column in self.columns if column.filled == "event_date"), "_event_date")

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def indexes(self) -> list[str]:
        """The statements that make the table's indexes, where the engine keeps indexes.

        A raw table grows at its end, mostly day after day; a summary of its pages (brin) finds days there and costs
        next to nothing to keep.
        """
        key = f"({', '.join(f'md5({column})' if column in self.long_key else column for column in self.key)})"
        if self.format == "none":
            return [self._index("key", key, unique=True)]
        # A unique index of a partitioned table must hold what it is partitioned by.
        line = ["_batch_id", "_line_number", *([self.partition_column] if self.is_partitioned else [])]
        return [
            self._index("key", key),
            self._index("line", f"({', '.join(line)})", unique=True),
            *([self._index("day", "using brin (_event_date)")] if self.event_time else []),
            *(self._index(f"lookup_{number}", lookup.index) for number, lookup in enumerate(self.lookups, 1)),
        ]

    def _index(self, name: str, what: str, *, unique: bool = False) -> str:
        kind = "unique index" if unique else "index"
        return f"create {kind} if not exists {self.name}_{name} on {self.relation} {what}"

    def all_columns(self) -> dict[str, str]:
        """Names and data types of the table as it stands in the warehouse, technical columns included."""
        columns = {column.name: column.data_type for column in self.columns}
        if self.format == "none":
            return columns
        return columns | TECHNICAL_COLUMNS | (EVENT_DATE if self.event_time else {})


def read_contracts(project: Path) -> dict[tuple[str, str], Contract]:
    """All contracts of a project by (area, table).

    Raises:
        ContractError: a file is no contract or holds a rule that the door does not know.
    """
    contracts: dict[tuple[str, str], Contract] = {}
    for file in sorted(project.glob("models/*/contracts/*.yml")):
        for contract in _read_file(file):
            if (contract.area, contract.name) in contracts:
                raise ContractError(f"{file}: the table {contract.area}.{contract.name} has a contract already.")
            contracts[contract.area, contract.name] = contract
    return contracts


def _read_file(file: Path) -> list[Contract]:
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_YAML)
        return [_read_table(source, table, file) for source in document["sources"] for table in source["tables"]]
    except (yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ContractError(f"{file}: not a contract ({type(error).__name__}: {error}).") from error


def _read_table(source: Mapping[str, Any], table: Mapping[str, Any], file: Path) -> Contract:
    where = f"{file}: table {table['name']}"
    meta = table.get("config", {}).get("meta", {})
    _refuse_unknown(meta, _TABLE_META, where)
    # What strata and dbt write themselves does not come through the door.
    tests = () if meta.get("format") == "none" else table.get("data_tests", ())
    shared = read_table_rules(tests, where)
    columns = tuple(_read_column(column, where, shared.pop(column["name"], [])) for column in table["columns"])
    names = [column.name for column in columns]
    if shared:
        raise ContractError(f"{where}: a data test names columns that are missing: {sorted(shared)}.")
    contract = Contract(
        area=_identifier(source["name"], where),
        name=_identifier(table["name"], where),
        schema=_identifier(_render(source["schema"]), where),
        format=_one_of(meta.get("format"), FORMATS, f"{where}: format"),
        key=tuple(meta.get("key", ())),
        event_time=meta.get("event_time"),
        is_unknown_rejected=_one_of(meta.get("unknown_fields", "reject"), ("reject", "ignore"), where) == "reject",
        is_partitioned=_one_of(meta.get("partition", "none"), ("month", "none"), f"{where}: partition") == "month",
        lookups=tuple(_read_lookup(lookup, where) for lookup in meta.get("lookups", ())),
        columns=columns,
        prefix=_identifier(meta["prefix"], where) if "prefix" in meta else None,
        is_read_whole=_one_of(meta.get("database_rows", "new"), ("new", "all"), f"{where}: database_rows") == "all",
        long_key=tuple(meta.get("long_key", ())),
    )
    if contract.is_partitioned and not contract.event_time:
        raise ContractError(f"{where}: a table without an event time cannot be partitioned by month.")
    missing = {*contract.key, *([contract.event_time] if contract.event_time else [])} - set(names)
    missing |= set(contract.long_key) - set(contract.key)
    missing |= {name for lookup in contract.lookups for name in (*lookup.columns, *lookup.only)} - set(names)
    missing |= {other for column in columns for rule in column.rules for other in rule.other_columns} - set(names)
    if missing or len(set(names)) < len(names):
        raise ContractError(f"{where}: names columns that are missing or doubled: {sorted(missing) or sorted(names)}.")
    if contract.event_time and contract.column(contract.event_time).data_type != "timestamp":
        raise ContractError(f"{where}: the event time {contract.event_time} must be a timestamp.")
    if any(column.filled == "event_date" for column in columns) and not contract.event_time:
        raise ContractError(f"{where}: without an event time there is no event date to fill in.")
    _check_privacy(contract, where)
    for column in contract.columns:
        if column.grammar and (column.data_type != "json" or contract.is_private):
            raise ContractError(f"{where}: a grammar is for a column of type json of a table without pseudonyms.")
        if column.grammar:
            grammar_of(contract.area, column.grammar.grammar)
    return contract


def _read_lookup(lookup: Mapping[str, Any], where: str) -> Lookup:
    _refuse_unknown(lookup, {"columns", "only"}, f"{where}: lookups")
    only = {
        column: tuple(_identifier(value, f"{where}: lookups") for value in values)
        for column, values in lookup.get("only", {}).items()
    }
    return Lookup(tuple(lookup["columns"]), only)


def _check_privacy(contract: Contract, where: str) -> None:
    subjects = [column for column in contract.columns if column.is_subject]
    if len(subjects) > 1 or any(column.data_type != "string" for column in subjects):
        raise ContractError(f"{where}: one column of type string can hold the id of a person, not more.")
    if any(c.data_type != "string" for c in contract.columns if c.is_identifier or c.form):
        raise ContractError(f"{where}: a column with a pseudonym or a form is of type string.")
    listed = [column for column in contract.columns if column.allow_list]
    if (listed and not subjects) or any(column.data_type != "json" for column in listed):
        raise ContractError(f"{where}: an allow_list is for a column of type json beside one with a pseudonym.")
    if contract.is_private and any(column.path != (column.name,) for column in contract.columns):
        raise ContractError(f"{where}: columns of a table with a pseudonym cannot have a path of their own.")
    if not contract.is_private and any(column.is_identifier or column.form for column in contract.columns):
        raise ContractError(f"{where}: pseudonym and form are for tables with a pseudonym: subject.")
    if contract.is_private and (open_columns := [c.name for c in contract.columns if _is_open(c)]):
        raise ContractError(
            f"{where}: {', '.join(open_columns)} may hold what names a person. A text of a private table needs a "
            "pseudonym, a form, or a list of its values."
        )


def _is_open(column: Column) -> bool:
    """Whether a column of a private table takes any text."""
    is_bounded = column.is_subject or column.is_identifier or column.form or column.filled
    is_listed = any(isinstance(rule, AcceptedValues | InSeed) for rule in column.rules)
    return column.data_type in ("string", "text[]") and not (is_bounded or is_listed)


def _read_column(column: Mapping[str, Any], where: str, shared: Sequence[Rule]) -> Column:
    name = _identifier(column["name"], where)
    where = f"{where}, column {name}"
    meta = column.get("config", {}).get("meta", {})
    _refuse_unknown(meta, _COLUMN_META, where)
    filled = _one_of(meta["filled"], FILLED, f"{where}: filled") if "filled" in meta else None
    rules = (
        *(read_constraint(constraint, name, where) for constraint in column.get("constraints", ())),
        *(read_rule(test, where) for test in column.get("data_tests", ())),
        *shared,
    )
    pseudonym = _one_of(meta["pseudonym"], PSEUDONYMS, f"{where}: pseudonym") if "pseudonym" in meta else None
    if "internal_keys" in meta and (column["data_type"] != "json" or meta.get("classification") != "restricted"):
        raise ContractError(f"{where}: internal_keys are keys of a column of type json that is restricted.")
    return Column(
        name=name,
        data_type=_one_of(column["data_type"], DATA_TYPES, f"{where}: data_type"),
        path=tuple(_path_part(part, where) for part in meta.get("path", name).split(".")),
        is_presence_required=_one_of(meta.get("presence", "optional"), ("required", "optional"), where) == "required",
        is_empty_null=bool(meta.get("empty_as_null", False)),
        code=meta.get("code"),
        # What the door fills in need not be in the file.
        rules=tuple(rule for rule in rules if not (filled and isinstance(rule, NotNull))),
        is_subject=pseudonym == "subject",
        allow_list=_identifier(meta["allow_list"], where) if "allow_list" in meta else None,
        filled=filled,
        is_restricted=meta.get("classification") == "restricted",
        is_end_of_time_null=bool(meta.get("end_of_time_as_null", False)),
        is_identifier=pseudonym == "identifier",
        form=_one_of(meta["form"], TEXT_FORMS, f"{where}: form") if "form" in meta else None,
    )


def _render(text: str) -> str:
    # dbt renders source schemas with Jinja; env_var is all that a contract may use.
    return (
        jinja2.Environment(autoescape=False)
        .from_string(text)
        .render(env_var=lambda name, default="": os.environ.get(name, default))
    )


def _identifier(name: str, where: str) -> str:
    if not IDENTIFIER.fullmatch(name):
        raise ContractError(f"{where}: {name!r} is not an identifier ({IDENTIFIER.pattern}).")
    return name


def _path_part(part: str, where: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", part):
        raise ContractError(f"{where}: {part!r} cannot be part of a JSON path.")
    return part


def _one_of(value: Any, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise ContractError(f"{where}: {value!r} is not one of {', '.join(allowed)}.")
    return str(value)


def _refuse_unknown(meta: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := set(meta) - known:
        raise ContractError(
            f"{where}: the door does not know the meta words {sorted(unknown)}. docs/reference.md lists those it knows."
        )
