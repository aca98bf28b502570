"""The one family of errors that the command turns into sentences and exit codes."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command, as documented in the README."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REJECTED = 3
    TEMPORARY = 75
    STOPPED = 130


class StrataError(Exception):
    """Something the user can act on: what was wrong, where, and what to do next."""

    exit_code: ExitCode = ExitCode.FAILED


class UsageError(StrataError):
    """The command was called in a way that cannot work."""

    exit_code = ExitCode.USAGE


class ContractError(StrataError):
    """A contract file says something that the door does not understand."""

    exit_code = ExitCode.USAGE


class TemporaryError(StrataError):
    """Another time the same command can work: a lock is held, the disk is full."""

    exit_code = ExitCode.TEMPORARY


class Stopped(StrataError):
    """The user pressed Ctrl-C."""

    exit_code = ExitCode.STOPPED

    def __init__(self) -> None:
        super().__init__("Stopped. Unfinished work was not kept; run the same command again to continue.")


class LockedFileError(TemporaryError):
    """A process holds a file so that nobody can read it now; other files can be read."""


class UnreadableFileError(StrataError):
    """A file cannot be read as a whole; it becomes one rejection.

    ``reason`` is the word that programs can rely on, the message the sentence for a person. It may quote the file, but
    for U+0000, which no text on PostgreSQL holds.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message.replace("\x00", "\ufffd"))
        self.reason = reason
