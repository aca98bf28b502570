"""Whatever happens to a Writer, in any order: nothing flushed is lost, nothing comes twice, every line is whole."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strata.track import EventBuilder, Writer
from strata.track import writer as module
from track.children import numbers, parts

STEPS = ["write", "write", "flush", "rotate", "another", "killed"]
# Calls of the system that fail while a step lasts.
FAULTS = ["none", "none", "pwrite", "fsync", "rename"]


@contextmanager
def failing(call: str) -> Iterator[None]:
    """A call of the system fails; a write leaves a part of its bytes behind."""
    write = os.pwrite

    def fail(*arguments: Any) -> None:
        if call == "pwrite":
            descriptor, data, offset = arguments
            write(descriptor, data[: len(data) * 3 // 5], offset)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.MonkeyPatch.context() as patch:
        if call != "none":
            patch.setattr(os, call, fail)
        yield


class Course:
    """A Writer, and what is known of the numbers that it took: written for sure, or perhaps still in memory."""

    def __init__(self, landing: Path) -> None:
        self.landing = landing
        self.taken = 0
        self.sure: set[int] = set()
        self.unsure: set[int] = set()
        self.lost: set[int] = set()
        self.writer = self.new_writer()

    def new_writer(self) -> Writer:
        return Writer(self.landing, buffer_bytes=1_500, rotate_bytes=3_000)

    def write(self) -> None:
        for _ in range(3):
            self.writer.write(EventBuilder.track("a").property("number", self.taken).build())
            self.unsure.add(self.taken)
            self.taken += 1

    def flush(self) -> None:
        self.writer.flush()
        self._all_written()

    def rotate(self) -> None:
        self.writer.rotate()
        self._all_written()
        assert set(numbers(self.landing)) >= self.sure

    def another(self) -> None:
        """Another Writer comes and goes; it must leave this one's part alone."""
        held = parts(self.landing)
        self.new_writer().close()
        assert parts(self.landing) == held

    def killed(self) -> None:
        """What a kill leaves: open files are closed as they are, and memory is gone. Then the next Writer begins."""
        module._OPEN.remove(self.writer)
        self.writer._forget_parent()
        self.lost |= self.unsure
        self.unsure = set()
        self.writer = self.new_writer()

    def _all_written(self) -> None:
        self.sure |= self.unsure
        self.unsure = set()


@settings(deadline=None, max_examples=200)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(FAULTS)), max_size=60))
def test_any_course(steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Path(folder))
        for step, fault in steps:
            if step in ("another", "killed"):
                getattr(course, step)()
            else:
                with failing(fault), suppress(OSError):
                    getattr(course, step)()
        course.writer.close()
        found = set(numbers(course.landing))
        assert found >= course.sure | course.unsure
        assert found <= course.sure | course.unsure | course.lost
        assert not parts(course.landing)
