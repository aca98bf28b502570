"""The area training: from the logs of a training app to KPIs per region, country, branch and team."""

from __future__ import annotations

from strata.areas.area import Area, SampleMade, SampleRequest
from strata.areas.training.exports import export_insights
from strata.areas.training.kpis import print_kpis
from strata.areas.training.notes import notes


def _write_sample(wanted: SampleRequest) -> SampleMade:
    from strata.areas.training.sample import write_training_sample

    report = write_training_sample(**wanted.arguments())
    return SampleMade(
        records={f"training.{name}": counts.records for name, counts in report.tables.items()},
        files=len(report.files),
        people=f"{report.users:,} users",
        notes=(f"{len(report.expected_rejections)} damaged records are among them.",),
    )


AREA = Area(
    name="training",
    write_sample=_write_sample,
    demo_events=60_000,
    demo_days=90,
    print_kpis=print_kpis,
    exports={"insights": export_insights},
    notes=notes,
    try_next=(
        "strata kpis --date {day}                the same table for another day",
        "strata export insights --date {day}     one JSON document a user, for other systems",
        "Add the line [bold]quiz_start,true,false,false,false[/] to seeds/training/training_event_types.csv, then run\n"
        "  `strata rejects replay` and `strata build`: those records come in.",
    ),
)
