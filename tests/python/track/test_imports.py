"""An application that imports strata.track gets the standard library and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import PROJECT


@pytest.mark.parametrize("module", ["strata.track", "strata.track.store"])
@pytest.mark.parametrize("options", [[], ["-I", "-S"]], ids=["as installed", "without any package"])
def test_no_foreign_module(module: str, options: list[str]) -> None:
    code = f"""
import sys
before = set(sys.modules)
sys.path.insert(0, {str(PROJECT / "scripts")!r})
import {module}
print(*sorted(set(sys.modules) - before))
"""
    run = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert module in loaded
    own = [name for name in loaded if name.partition(".")[0] == "strata"]
    assert [name for name in own if name != "strata" and not name.startswith("strata.track")] == []
    foreign = {name.partition(".")[0] for name in loaded} - {"strata"} - set(sys.stdlib_module_names)
    assert foreign == set()
    assert ("sqlite3" in loaded) == (module == "strata.track.store")
