"""Marts as files for other systems."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_documents(documents: Iterable[Any], target: Path) -> int:
    """Write JSON documents as NDJSON, in their order; how many there were. Each is a value, or text that holds one.

    The file is complete or not there: it is written beside its place and moved.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    count = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        for given in documents:
            document = json.loads(given) if isinstance(given, str) else given
            stream.write(json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n")
            count += 1
    unfinished.replace(target)
    return count
