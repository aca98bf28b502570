"""The long form: every damage of every area; prints what nobody noticed and writes docs/mutants.md."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from engines import PROJECT

from mutants.measure import measure
from mutants.report import LEAST_SHARE, read_reasons, reason_for, report, summary, unexplained
from mutants.world import build_world


def main() -> int:
    """Exit code 1 where an area notices too little, or a survivor has no reason."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="strata-mutants-") as folder:
        world = build_world(Path(folder))
        print(f"{len(world.tests)} data tests, {time.monotonic() - started:.0f} s to build.", flush=True)
        measured = measure(world.path, world.manifest, world.tests)
    reasons = read_reasons()
    for outcome in measured.survivors:
        damage, reason = outcome.damage, reason_for(outcome, reasons)
        print(f"{damage.relation.label}.{damage.column or '*'}: {damage.label}: {reason or 'NO REASON'}")
    for line in summary(measured):
        print(line)
    (PROJECT / "docs" / "mutants.md").write_text(report(measured, reasons), encoding="utf-8")
    print(f"docs/mutants.md is written; {time.monotonic() - started:.0f} s.")
    is_enough = all(measured.share(area) >= LEAST_SHARE for area in measured.areas)
    return 0 if is_enough and not unexplained(measured, reasons) else 1


if __name__ == "__main__":
    sys.exit(main())
