"""Options that several verbs have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Strict = Annotated[bool, typer.Option("--strict", help="End with exit code 3 when a record was rejected.")]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files or folders. Default: the landing folder.", show_default=False),
]
FullRefresh = Annotated[
    bool | None,
    typer.Option(
        "--full-refresh/--no-full-refresh",
        help="Compute every table from the raw records. With --no-full-refresh none, even where code has changed: the "
        "tables keep their rows, and only what new records touch is computed. Default: those that a change of code, "
        "variables or seeds reaches.",
        show_default=False,
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day that counts as today. Default: today (UTC)."),
]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait while another process writes.")]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="With --to: compute only these local days again (a backfill)."),
]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of a backfill.")]
Select = Annotated[str | None, typer.Option(help="Build only these, as in dbt's --select (such as +agg_region).")]
Table = Annotated[str | None, typer.Option(help="Only this table, as <area>.<table>.")]
