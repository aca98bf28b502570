"""Entry of the `strata` command: errors become sentences and exit codes, never tracebacks."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from pathlib import Path

from rich.console import Console

from strata.cli import app
from strata.errors import ExitCode, Stopped, StrataError


def main() -> None:
    """Run the command and leave with its exit code. A polite request to end is taken like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = _run(sys.argv[1:])
    # An error's traceback may still hold a connection; the engine would complain of it at the very end.
    gc.collect()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    console = Console(stderr=True)
    try:
        app(args=arguments, prog_name="strata")
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(ExitCode.FAILED)
    except StrataError as error:
        console.print(f"[bold red]strata:[/] {_plain(str(error))}", highlight=False, soft_wrap=True)
        return int(error.exit_code)
    except Exception as error:
        return _unforeseen(error, console)
    return int(ExitCode.OK)


def _unforeseen(error: Exception, console: Console) -> int:
    """The exit code for what is no error of ours: the engine's and the system's are sentences, others are defects."""
    # It takes a tenth of a second to import, and help does not need it.
    import duckdb

    if isinstance(error, duckdb.InterruptException):
        console.print(str(Stopped()))
        return int(Stopped.exit_code)
    said = _plain(str(error).strip().splitlines()[0]) if str(error).strip() else "nothing more is known"
    if isinstance(error, duckdb.Error | OSError):
        console.print(f"[bold red]strata:[/] {said}", highlight=False, soft_wrap=True)
        return int(ExitCode.FAILED)
    details = Path("logs/strata-error.log")
    details.parent.mkdir(exist_ok=True)
    details.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    console.print(f"[bold red]strata:[/] {type(error).__name__}: {said}", highlight=False, soft_wrap=True)
    console.print(f"This is a defect of Strata; please report it with {details}.")
    return int(ExitCode.FAILED)


def _plain(text: str) -> str:
    # Square brackets in a message are no markup.
    return text.replace("[", "\\[")


if __name__ == "__main__":
    main()
