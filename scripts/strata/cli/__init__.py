"""The verbs of the command, in the order of a day's work. What they do is in ``session``; here is how they speak.

Verbs import what they need when they run, so that help comes at once.
"""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from strata.cli import builds, look, records, rejects
from strata.errors import Stopped

EXIT_CODES = """\
Exit codes: 0 all went well · 1 something failed · 2 wrong usage · 3 records were rejected and --strict was given ·
75 try again later (another writer, a full disk) · 130 stopped by Ctrl-C or SIGTERM.
"""

_ORDER = ("sample", "load", "build", "run", "status", "rejects", "kpis", "export", "parity", "demo")


class _Verbs(TyperGroup):
    """The verbs in the order of a day's work; what a verb returns is the exit code."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(super().list_commands(ctx), key=_ORDER.index)

    def invoke(self, ctx: typer.Context) -> None:  # type: ignore[override]
        try:
            code = super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Stopped from error
        ctx.exit(int(code or 0))


app = typer.Typer(
    cls=_Verbs,
    help="Strata takes raw records in, guards the door, and builds KPIs that people can defend.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(records.sample)
app.command()(records.load)
app.command()(builds.build)
app.command()(builds.run)
app.command()(look.status)
app.add_typer(rejects.app, name="rejects")
app.command()(look.kpis)
app.command()(look.export)
app.command()(look.parity)
app.command()(builds.demo)


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"strata {version('strata')}")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Strata takes raw records in, guards the door, and builds KPIs that people can defend."""
