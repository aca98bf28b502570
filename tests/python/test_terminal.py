"""Tables on a terminal of 80 columns."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rich.console import Console

from strata import terminal

_FILE = "training/interaction_log/interaction_log-2026-10-26.ndjson.zst"


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *rows: tuple[object, ...]) -> list[str]:
    """The lines of a table without a title."""
    monkeypatch.setattr(terminal, "console", Console(width=80, highlight=False))
    terminal.print_table("", [f"column {number}" for number in range(len(rows[0]))], rows)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_table_breaks_between_words_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    why = "startTime must be a timestamp like 2026-01-31T08:00:00Z and not later than today [at all]"
    lines = shown(monkeypatch, capsys, ("54:120", _FILE, "E_SCHEMA_MISMATCH", why))
    assert max(map(len, lines)) <= 80
    words = {word for line in lines for word in line.split()}
    assert {"54:120", "E_SCHEMA_MISMATCH", "2026-01-31T08:00:00Z", "[at", "all]"} <= words
    assert {"training/interaction_log/", "interaction_log-2026-10-26", ".ndjson.zst"} <= words


def test_what_fits_stays_on_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(monkeypatch, capsys, ("2026-08-02 to 2026-10-31", 60_000, None))
    assert [line.split() for line in lines if "2026" in line] == [["2026-08-02", "to", "2026-10-31", "60,000", "-"]]


def test_nothing_is_cut_off_where_words_are_too_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["a" * 29, "b" * 29, "c" * 29]
    assert any(all(word in line for word in words) for line in shown(monkeypatch, capsys, tuple(words)))


def test_help_waits_for_no_engine() -> None:
    code = "import sys, strata.__main__; print([n for n in ('duckdb', 'pyarrow', 'numpy', 'dbt') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
