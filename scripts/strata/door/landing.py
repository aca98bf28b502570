"""The landing folder: which of its files are data, and the tables to which they belong."""

from __future__ import annotations

import os
from pathlib import Path

from strata.contract import Contract
from strata.door.database import DatabaseFile, is_database, tables_of_area
from strata.door.files import KINDS, NAME, DataFile
from strata.errors import UsageError

Contracts = dict[tuple[str, str], Contract]


def find_files(landing: Path, contracts: Contracts, paths: list[Path]) -> list[DataFile]:
    """The data files below ``paths`` (or below the landing folder), in the order of their names.

    A file belongs to the table that its two nearest folders name: ``…/<area>/<table>/<file>``. A SQLite file lies in
    the folder of its area and holds tables of it: ``…/<area>/<file>``. Files whose names begin with a dot or an
    underscore are passed over: they are still being written.

    Raises:
        UsageError: a path does not exist, or a file named directly has no table or an unknown ending.
    """
    found: dict[Path, DataFile] = {}
    for path in paths or [landing]:
        if not path.exists():
            hint = " Put files there, or run `strata sample` first." if path == landing else ""
            raise UsageError(f"There is no {path}.{hint}")
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            if data_file := _data_file(file, landing, contracts, is_named=path.is_file()):
                found.setdefault(file.resolve(), data_file)
    return list(found.values())


def _data_file(file: Path, landing: Path, contracts: Contracts, *, is_named: bool) -> DataFile | None:
    if file.name.startswith((".", "_")) and not is_named:
        return None
    if tables := _tables_of(file, contracts):
        # A link is known by its own name, since it may lead to another file tomorrow.
        whole = file.absolute()
        return DatabaseFile(file, _readable(_below(landing, whole) or str(whole)), tables[0], tables)
    resolved = file.resolve()
    contract = _contract_of(resolved, contracts)
    if contract is None or not NAME.search(file.name):
        if not is_named:
            return None
        if contract is None and is_database(file):
            raise UsageError(f"{file}: the folder of a SQLite file must be that of an area, <area>/{file.name}.")
        if contract is None:
            tables_said = ", ".join(f"{area}/{name}" for (area, name), it in contracts.items() if it.format != "none")
            raise UsageError(f"{file}: its folders name no table. Put it below one of: {tables_said}.")
        raise UsageError(f"{file}: the name must end in {', '.join('.' + kind for kind in KINDS)} (or with .gz, .zst).")
    return DataFile(file, _readable(_below(landing, resolved) or str(file)), contract)


def _tables_of(file: Path, contracts: Contracts) -> tuple[Contract, ...]:
    """The tables of its area, where the file is a database in the folder of an area."""
    tables = tables_of_area(contracts, file.absolute().parent.name)
    return tables if tables and is_database(file) else ()


def _below(landing: Path, file: Path) -> str | None:
    """The path below the landing folder; none for a file elsewhere."""
    for folder in (landing.absolute(), landing.resolve()):
        if file.is_relative_to(folder):
            return str(file.relative_to(folder))
    return None


def _readable(name: str) -> str:
    """A name that is not UTF-8 is known by what is readable of it."""
    return os.fsencode(name).decode("utf-8", "replace")


def _contract_of(file: Path, contracts: Contracts) -> Contract | None:
    parts = file.parent.parts
    for end in range(len(parts), 1, -1):
        contract = contracts.get((parts[end - 2], parts[end - 1]))
        if contract is not None and contract.format != "none":
            return contract
    return None
