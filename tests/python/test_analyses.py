"""The questions in analyses/ can be asked: each is compiled and run on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import PROJECT, new_prefix, session_for

from strata.dbt_runner import run_dbt
from strata.settings import TARGETS

_QUESTIONS = sorted((PROJECT / "analyses").rglob("*.sql"))


@pytest.mark.parametrize("engine", TARGETS)
def test_every_question_can_be_asked(engine: str, tmp_path: Path, postgres_server: None) -> None:
    """On tables that are built and empty. A question begins with a comment that says it."""
    assert _QUESTIONS
    with pytest.MonkeyPatch.context() as patch:
        session = session_for(engine, tmp_path, tmp_path / "landing", patch, prefix=new_prefix())
        areas = sorted({file.parent.name for file in _QUESTIONS})
        chosen = [word for area in areas for word in (f"path:models/{area}", f"path:seeds/{area}")]
        built = session.build(["--select", *chosen, "--exclude-resource-types", "test", "unit_test"], lambda name: None)
        assert [node.name for node in built if node.is_bad] == []
        run_dbt(session.settings, ["compile", "--select", "resource_type:analysis"], lambda name: None)
        compiled = next((tmp_path / f"target-{engine}" / "compiled").rglob("analyses"))
        for file in _QUESTIONS:
            assert file.read_text(encoding="utf-8").startswith("-- "), file
            text = (compiled / file.relative_to(PROJECT / "analyses")).read_text(encoding="utf-8")
            with session.warehouse() as warehouse:
                assert isinstance(warehouse.execute(text), list), file
