"""Verbs for records that were turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from strata.cli.options import Table, Wait
from strata.cli.records import start
from strata.errors import ExitCode, UsageError
from strata.settings import DEFAULT_WAIT_SECONDS

if TYPE_CHECKING:
    from strata.contract import Contract
    from strata.session import Session

app = typer.Typer(help="Look at the records that were turned away, and send them through the door again.")


# A record is settled when a copy of it, under its id, counts.
_IS_SETTLED = (
    "exists (select 1 from {ops}.all_rejections as known where known.batch_id = rejections.batch_id "
    "and known.line_number = rejections.line_number and known.turned_away_by = 'door' "
    "and known.settled_in_batch is not null)"
)


@app.command("list")
def rejects_list(
    table: Table = None,
    code: Annotated[str | None, typer.Option(help="Only this code.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 20,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are settled: a copy under the same id has come in.")
    ] = False,
) -> int:
    """List rejected records, the newest first; those that a later copy has settled are left out."""
    from strata.terminal import console, counted, print_table

    session = start()
    chosen = table_named(session, table)
    conditions, values = ["replayed_in_batch is null"], []
    if chosen:
        conditions.append("area = ? and table_name = ?")
        values += [chosen.area, chosen.name]
    if code:
        conditions.append("code = ?")
        values.append(code)
    where = " and ".join(conditions)
    with session.reading("rejects list") as warehouse:
        # Before the first build nothing is known of copies.
        settled = _IS_SETTLED if warehouse.has("ops", "all_rejections") else "false"
        total, hidden = warehouse.query(
            f"select count(*), count(case when {settled} then 1 end) from {{ops}}.rejections where {where}", values
        )[0]
        if not everything:
            total, where = total - hidden, f"{where} and not {settled}"
        rows = warehouse.query(
            f"select batch_id, line_number, file_name, code, message from {{ops}}.rejections where {where} "
            f"order by batch_id desc, line_number limit {limit}",
            values,
        )
    if rows:
        listed = [(f"{batch}:{line}", file, reason, message[:200]) for batch, line, file, reason, message in rows]
        print_table(f"Rejected records ({len(rows):,} of {total:,})", ("id", "file", "code", "why"), listed)
        console.print("`strata rejects show ID` shows one; `strata rejects replay` tries them all again.")
    else:
        console.print("Nothing is rejected." if not hidden else "Nothing that is rejected is open.")
    if hidden and not everything:
        console.print(
            f"Not shown: {counted(hidden, 'record')} settled by a copy that has come in. `--all` lists them, too."
        )
    return ExitCode.OK


@app.command("show")
def rejects_show(
    rejection_id: Annotated[str, typer.Argument(metavar="ID", help="As `strata rejects list` names it: BATCH:LINE.")],
) -> int:
    """Show what is kept of one rejected record, with all its reasons."""
    from strata.terminal import console, what_is_kept

    batch, _, line = rejection_id.partition(":")
    if not (batch.isdigit() and line.removeprefix("-").isdigit()):
        raise UsageError(
            f"{rejection_id!r} is no id of a rejection. `strata rejects list` shows the ids, such as 3:120."
        )
    session = start()
    with session.reading("rejects show") as warehouse:
        rows = warehouse.query(
            "select area || '.' || table_name, file_name, line_number, code, reason, message, replayed_in_batch, "
            "record_encoding, record from {ops}.rejections join {ops}.rejected_records using (batch_id, line_number) "
            "where batch_id = ? and line_number = ?",
            [int(batch), int(line)],
        )
    if not rows:
        raise UsageError(f"There is no rejection {rejection_id}. `strata rejects list` shows the ids.")
    table, file, number, code, reason, message, replayed, encoding, record = rows[0]
    meaning = next(row for row in session.seeds["rejection_codes"] if row["code"] == code)
    console.print(f"[bold]{code}[/] ({reason}) · {table} · {file}, line {number}", soft_wrap=True)
    console.print(f"{message}.", markup=False, soft_wrap=True)
    console.print(f"What to do: {meaning['what_to_do']}.", markup=False, soft_wrap=True)
    if replayed:
        console.print(f"A replay has loaded it, in batch {replayed}.")
    area, _, name = table.partition(".")
    contract = session.contracts.get((area, name))
    console.print(what_is_kept(encoding, is_private=contract is not None and contract.is_private, is_file=number == 0))
    if encoding != "withheld":
        console.print(record, markup=False, soft_wrap=True)
    return ExitCode.OK


@app.command("replay")
def rejects_replay(
    table: Table = None,
    wait: Wait = DEFAULT_WAIT_SECONDS,
) -> int:
    """Send rejected records through the door again, under today's contracts and reference data."""
    from strata.terminal import console, print_table

    session = start()
    chosen = table_named(session, table)
    with session.writing("rejects replay", wait):
        done = session.replay(chosen.area if chosen else None, chosen.name if chosen else None)
    tried = [item for item in done if item.tried]
    if not tried:
        console.print("There is no rejected record to replay.")
        return ExitCode.OK
    rows = [(f"{item.contract.area}.{item.contract.name}", item.tried, item.loaded) for item in tried]
    print_table("Replayed", ("table", "tried", "loaded now"), rows)
    if any(item.loaded for item in tried):
        console.print("`strata build` brings them into the tables.")
    return ExitCode.OK


def table_named(session: Session, name: str | None) -> Contract | None:
    """The contract of a table that is named <area>.<table>; none where none is named.

    Raises:
        UsageError: there is no such table.
    """
    if name is None:
        return None
    area, _, table = name.partition(".")
    contract = session.contracts.get((area, table))
    if contract is None or contract.format == "none":
        known = ", ".join(f"{a}.{t}" for (a, t), item in session.contracts.items() if item.format != "none")
        raise UsageError(f"There is no table {name}. There are: {known}.")
    return contract
