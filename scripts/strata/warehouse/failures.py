"""What it means when an engine cannot go on: a full disk, too little memory, a server that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from strata.errors import StrataError, TemporaryError
from strata.settings import Settings

# A quota or a limit on the size of files is a full disk to whoever meets it.
_FULL = ("No space left on device", "Disk quota exceeded", "File too large", "max_temp_directory_size")
# A server that goes down, or comes up.
_RESTARTS = ("server closed the connection unexpectedly", "terminating connection due to", "the database system is ")
_LOST = (*_RESTARTS, "no connection to the server", "connection to server")
_MEMORY = ("Out of Memory Error",)


@contextmanager
def explained(settings: Settings) -> Iterator[None]:
    """Turn a lack of memory or of disk space into a sentence; other errors pass as they are.

    Raises:
        TemporaryError: a disk is full.
        StrataError: the memory limit is too low.
    """
    try:
        yield
    except (duckdb.Error, OSError) as error:
        if sentence := sentence_for(str(error), settings):
            raise sentence from error
        raise


def sentence_for(said: str, settings: Settings) -> StrataError | None:
    """What to tell the user of what an engine, the system or dbt said, if it is one of those."""
    if line := _line_with(_FULL, said):
        return TemporaryError(
            f"No room is left on a disk: {line}. Unfinished work was not kept; make room, then run the same "
            "command again."
        )
    if line := _line_with(_LOST, said):
        return TemporaryError(
            f"PostgreSQL went away: {line}. Unfinished work was not kept; run the same command again when it is back."
        )
    if _line_with(_MEMORY, said):
        return StrataError(
            f"The memory limit of {settings.memory_limit} is too low for this. Unfinished work was not kept; set "
            "STRATA_MEMORY_LIMIT higher, then run the same command again."
        )
    return None


def is_lost(said: str) -> bool:
    """Whether these are words of a connection that is gone."""
    return _line_with(_LOST, said) is not None


def is_restarting(said: str) -> bool:
    """Whether these are words of a server that is there, and answers in a moment."""
    return _line_with(_RESTARTS, said) is not None


def _line_with(words: tuple[str, ...], said: str) -> str | None:
    """The first line in which one of these stands."""
    lines = (line.strip().rstrip(".") for line in said.splitlines())
    return next((line for line in lines if any(word in line for word in words)), None)
