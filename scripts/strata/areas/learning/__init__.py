"""The area learning: from events of a learning platform to minutes, sessions and mastery."""

from __future__ import annotations

from strata.areas.area import Area, SampleMade, SampleRequest


def _write_sample(wanted: SampleRequest) -> SampleMade:
    from strata.areas.learning.sample import write_learning_sample

    made = write_learning_sample(**wanted.arguments())
    return SampleMade(
        records={"learning.raw_events": made.records + made.damaged},
        files=len(made.files),
        people=f"{made.learners:,} learners",
        notes=(f"{made.damaged} damaged records are among them.", "Set STRATA_SUBJECT_KEY to a secret of yours."),
    )


AREA = Area(name="learning", write_sample=_write_sample, demo_events=6_000, demo_days=14)
