"""Small disks to fill up."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """A disk of its own, in memory, at ``folder``; none where nobody may make one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "strata-small-disk", str(folder)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    try:
        yield folder if is_mounted else None
    finally:
        if is_mounted:
            # Lazily: a server may take a moment to let go of its files.
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder: Path, free: int = 0) -> Iterator[None]:
    """No more than so many bytes are free on the folder's disk while the context lasts."""
    filler = folder / "filler"
    try:
        with filler.open("wb") as file:
            while (size := _free(folder) - free) > 0:
                # Somebody else may take a part of it first.
                with contextlib.suppress(OSError):
                    os.posix_fallocate(file.fileno(), file.tell(), size)
                    file.seek(size, os.SEEK_CUR)
        yield
    finally:
        filler.unlink()


def _free(folder: Path) -> int:
    stat = os.statvfs(folder)
    return stat.f_bavail * stat.f_frsize
