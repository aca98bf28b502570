"""How results look on a terminal: tables, progress, and short sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:  # what is shown takes long to import, and help shows none of it
    from strata.builds.plan import Plan
    from strata.builds.project import Project
    from strata.dbt_runner import Node
    from strata.intake.results import Loaded
    from strata.parity import Compared

console = Console(highlight=False)
# A word that is longer than this breaks where it is a path.
_LONG_WORD = 30
NOTHING_NEW = "Nothing is new, so no model, seed or test has to run."


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table; numbers to the right, nulls as a dash. Lines break between words, never inside a date or an id."""
    rows = list(rows)
    cells = [[_cell(value) for value in row] for row in rows]
    gap, widths = _widths([list(column) for column in zip(columns, *cells, strict=True)], console.width)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.padding = (0, 1, 0, gap - 2)
    for index, name in enumerate(columns):
        is_number = any(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if is_number else "left", width=widths[index])
    for row in cells:
        table.add_row(*(value.replace("[", "\\[") for value in row))
    # Where even the longest words do not fit, the terminal breaks the line; nothing is cut off.
    needed = sum(widths) + gap * len(widths)
    (console if needed <= console.width else Console(highlight=False, width=needed)).print(table)


def _widths(columns: list[list[str]], available: int) -> tuple[int, list[int]]:
    """The gap between columns and widths that fit, the widest made narrower first; none below its longest word."""
    lines = [[line for cell in column for line in cell.splitlines()] for column in columns]
    widths = [max(map(len, column), default=0) for column in lines]
    least = [max((len(word) for line in column for word in line.split()), default=0) for column in lines]
    gap = 3 if sum(widths) + 3 * len(widths) <= available else 2
    while sum(widths) + gap * len(widths) > available:
        wide = [index for index, width in enumerate(widths) if width > least[index]]
        if not wide:
            break
        widths[max(wide, key=widths.__getitem__)] -= 1
    return gap, widths


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return " ".join(_in_parts(word) if len(word) > _LONG_WORD else word for word in str(value).split(" "))


def _in_parts(word: str) -> str:
    """A path on several lines: its folders, its name, its endings."""
    folders, slash, name = word.rpartition("/")
    stem, dot, endings = name.partition(".") if slash else (name, "", "")
    return "\n".join(part for part in (folders + slash, stem, dot + endings) if part)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[str], None]]:
    """A progress line on a terminal; nothing elsewhere. Call what it gives when one of ``total`` is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as line:
        task = line.add_task(what, total=total)
        yield lambda name: line.update(task, advance=1, description=f"{what} {name}")


# Why a value of a loaded record is not stored as it came; the words of ops.dropped_keys.
NOT_STORED = {
    "unlisted": "the key is not on the allow-list",
    "unfit": "the value does not have its form",
    "secret": "the value has the form of a secret",
    "own_id": "the value holds the sender's own id",
    "partly": "a part of a page that is no plain word stands as :id",
    "pseudonym": "an id that may name a person stands under a pseudonym",
}


def what_is_kept(encoding: str, *, is_private: bool, is_file: bool) -> str:
    """The line above a rejected record, which says what of it is kept (``encoding`` is ``record_encoding``)."""
    thing = "file" if is_file else "record"
    match encoding:
        case "withheld":
            return f"Nothing of the {thing} is kept, because it may name a person. Correct it and send it again."
        case "part":
            return (
                "What is kept of the record. The faulty part may name a person and was not kept, so a replay skips "
                "this record; correct it and send it again:"
            )
        case "base64":
            return f"The {thing} as it came, in base64:"
        case "file":
            return "The file as it came is kept beside the warehouse, at:"
        case "in_place":
            return "The database stays where it is, at:"
    if is_private:
        return "What is kept of the record: persons under pseudonyms, and only values that may be stored:"
    return "The record as it came:"


def print_loaded(
    loaded: list[Loaded], rejected: Counter[str], not_stored: Sequence[Sequence[Any]], seconds: float
) -> None:
    """The summary of a load. ``not_stored`` are table, reason and number of the values that private tables left out."""
    new = [item for item in loaded if item.known_as is None]
    rows_in = sum(item.counts.loaded for item in new)
    totals: dict[str, list[int]] = {}
    for item in new:
        contract = item.file.contract
        counts = totals.setdefault(f"{contract.area}.{contract.name}", [0, 0, 0])
        for index, value in enumerate((1, item.counts.loaded, item.counts.rejected)):
            counts[index] += value
    if totals:
        print_table("Loaded", ("table", "files", "rows", "rejected"), [(name, *sums) for name, sums in totals.items()])
    if rejected:
        print_table("Rejected", ("code", "records"), sorted(rejected.items()))
    if not_stored:
        rows = [(table, NOT_STORED.get(reason, reason), count) for table, reason, count in not_stored]
        print_table("Loaded, but not stored as it came", ("table", "why", "values"), rows)
        console.print("The view ops.values_not_stored lists them by key.")
    # A database counts once, however many of its tables brought rows.
    names, new_names = ({item.file.name for item in items} for items in (loaded, new))
    if known := len(names) - len(new_names):
        console.print(f"{known} of {len(names)} files were loaded before and changed nothing.")
    rate = f" ({rows_in / seconds:,.0f} rows/s)" if rows_in and seconds else ""
    console.print(f"{counted(len(new_names), 'new file')}, {rows_in:,} rows in {seconds:.1f} s{rate}.")
    if rejected:
        console.print("`strata rejects list` shows what was rejected, and why.")


def print_plan(project: Project, plan: Plan) -> None:
    """What would run and why: one line a model or seed, and the tests by their reasons."""
    chosen = [(project[unique_id], reason) for unique_id, reason in plan.reasons.items()]
    rows = [
        (node.name, "from scratch" if node.unique_id in plan.anew else "what is new", reason)
        for node, reason in chosen
        if node.kind != "test"
    ]
    tests = Counter(reason for node, reason in chosen if node.kind == "test")
    if rows:
        print_table("Models and seeds that would run", ("name", "how", "why"), rows)
    if tests:
        print_table("Tests that would run", ("why", "tests"), tests.most_common())
    if not plan.reasons:
        console.print(NOTHING_NEW)


def print_built(nodes: list[Node], seconds: float) -> bool:
    """The summary of a build; whether all went well."""
    if not nodes:
        console.print(NOTHING_NEW)
        return True
    bad = [node for node in nodes if node.is_bad]
    for node in bad:
        console.print(f"[bold red]{node.status}[/] {node.kind} {node.name}")
        console.print(f"  {node.message}", markup=False, soft_wrap=True)
    for node in nodes:
        if node.status == "warn":
            console.print(f"[yellow]warn[/] {node.kind} {node.name}: {node.message}", soft_wrap=True)
    counts = Counter(node.kind.replace("_", " ") for node in nodes if not node.is_bad and node.status != "skipped")
    skipped = sum(node.status == "skipped" for node in nodes)
    done = ", ".join(counted(count, kind) for kind, count in sorted(counts.items())) or "nothing"
    console.print(f"Built {done} in {seconds:.1f} s" + (f"; {skipped} skipped" if skipped else "") + ".")
    if bad:
        console.print(f"{len(bad)} failed. Tables downstream of a failed test were not built; details: logs/dbt.log.")
    return not bad


def print_unpublished(rows: Sequence[tuple[str, str, int]]) -> None:
    """What was accepted and is in no published table, if anything is."""
    if rows:
        print_table("Accepted, but no published table can hold it", ("table", "reason", "count"), rows)
        console.print(
            "The view ops.unpublished lists each with its batch; models/<area>/README.md explains the reasons."
        )


def print_compared(compared: list[Compared], seconds: float, names: Sequence[str], places: Sequence[str]) -> None:
    """The result of a comparison: which two warehouses, a line a table, then the first differences."""
    console.print("Compared: " + "\n     with ".join(places) + ".", markup=False, soft_wrap=True)
    rows = [(item.table, *item.rows, "equal" if item.is_equal else "DIFFERENT") for item in compared]
    print_table("Published tables", ("table", *names, "result"), rows)
    for difference in (difference for item in compared for difference in item.differences):
        key = ", ".join(f"{name}={value}" for name, value in difference.key.items())
        where = f"{difference.table} ({key})"
        if difference.only_on:
            console.print(f"{where}: only on {difference.only_on}", markup=False, soft_wrap=True)
        for name, values in difference.columns.items():
            said = " but ".join(f"{name} {value!r}" for name, value in zip(names, values, strict=True))
            console.print(f"{where}: {name} is {said}", markup=False, soft_wrap=True)
    different = sum(not item.is_equal for item in compared)
    verdict = f"{different} of {len(compared)} tables differ" if different else f"All {len(compared)} tables are equal"
    console.print(f"{verdict}, {seconds:.1f} s.")


def counted(count: int, thing: str) -> str:
    """A number and what it counts: 1 model, 2 models."""
    return f"{count:,} {thing}{'' if count == 1 else 's' if not thing.endswith('ch') else 'es'}"
