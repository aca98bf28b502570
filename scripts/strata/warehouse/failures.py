"""What the engine means when it cannot go on: too little memory, or a full disk."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from strata.errors import StrataError, TemporaryError
from strata.settings import Settings

_NO_SPACE = ("No space left on device", "max_temp_directory_size")


@contextmanager
def explained(settings: Settings) -> Iterator[None]:
    """Turn a lack of memory or of disk space into a sentence; other errors pass as they are.

    Raises:
        TemporaryError: the disk is full.
        StrataError: the memory limit is too low.
    """
    try:
        yield
    except (duckdb.Error, OSError) as error:
        if sentence := sentence_for(error, settings):
            raise sentence from error
        raise


def sentence_for(error: Exception, settings: Settings) -> StrataError | None:
    """What to tell the user of this error, if it is one of those."""
    said = str(error)
    is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    if is_full or any(words in said for words in _NO_SPACE):
        return TemporaryError(
            f"The disk of {settings.duckdb_path.parent} is full. What was unfinished was not kept; "
            "make room, then run the same command again."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StrataError(
            f"The memory limit of {settings.memory_limit} is too low for this. What was unfinished was not kept; "
            "set STRATA_MEMORY_LIMIT higher, then run the same command again."
        )
    return None
