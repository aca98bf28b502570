"""The Writer in one process: what lies where and when, and what an error of the disk costs."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from recovery.disks import filled, small_disk

from strata.track import AnalyticsEvent, EventBuilder, MetricBuilder, RecordError, Writer
from track.children import files, numbers, parts, records, run


def event(number: int, **properties: Any) -> AnalyticsEvent:
    return EventBuilder.track("written").properties({"number": number, **properties}).build()


def test_records_lie_in_files_of_their_tables_as_they_were_built(tmp_path: Path) -> None:
    built = [event(1, text='ü "\n\u2028'), EventBuilder.page("/a").session_id("s").context({"os": "x"}).build()]
    metric = MetricBuilder.timer("t", 1.5).tag("b", "2").tag("a", "1").build()
    with Writer(tmp_path) as writer:
        for record in built:
            writer.write(record)
        writer.write(metric)
    assert records(tmp_path) == [record.json_values() for record in built]
    assert records(tmp_path, "metrics") == [metric.json_values()]
    assert list(records(tmp_path)[0]) == list(built[0].json_values())
    [file] = files(tmp_path, "metrics")
    assert file.read_text(encoding="utf-8").endswith(',"tags":{"a":"1","b":"2"},"unit":"ms"}\n')
    assert not parts(tmp_path)


def test_what_was_taken_is_written_by_flush_and_seen_after_rotate(tmp_path: Path) -> None:
    with Writer(tmp_path, flush_seconds=1_000) as writer:
        writer.write(event(1))
        assert not parts(tmp_path)
        writer.flush()
        [part] = parts(tmp_path)
        assert part.read_bytes().count(b"\n") == 1
        assert not files(tmp_path)
        writer.rotate()
        assert numbers(tmp_path) == [1]
        assert not parts(tmp_path)
        writer.rotate()
        writer.flush()
        assert len(files(tmp_path)) == 1
    assert len(files(tmp_path)) == 1


def test_a_full_buffer_is_written_before_the_next_record_is_taken(tmp_path: Path) -> None:
    with Writer(tmp_path, flush_seconds=1_000, buffer_bytes=1_000) as writer:
        for number in range(10):
            writer.write(event(number, text="x" * 200))
        [part] = parts(tmp_path)
        written = part.read_bytes().count(b"\n")
        assert 0 < written < 10
        assert len(part.read_bytes()) / written * (10 - written) <= 1_000
    assert numbers(tmp_path) == list(range(10))


def test_old_lines_are_written_and_old_files_published_at_the_next_write(tmp_path: Path) -> None:
    with Writer(tmp_path, flush_seconds=0.05, rotate_seconds=0.2) as writer:
        writer.write(event(1))
        assert not parts(tmp_path)
        time.sleep(0.05)
        writer.write(event(2))
        assert len(parts(tmp_path)) == 1
        time.sleep(0.2)
        writer.write(event(3))
        assert numbers(tmp_path) == [1, 2]


def test_a_large_file_is_published(tmp_path: Path) -> None:
    with Writer(tmp_path, buffer_bytes=0, flush_seconds=1_000, rotate_bytes=2_000) as writer:
        for number in range(40):
            writer.write(event(number))
    sizes = [file.stat().st_size for file in files(tmp_path)]
    assert len(sizes) > 4
    assert sum(size >= 2_000 for size in sizes) >= len(sizes) - 1
    assert max(sizes) < 2_500
    assert numbers(tmp_path) == list(range(40))


def test_a_flush_is_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, calls = os.pwrite, []

    def counted(descriptor: int, data: bytes, offset: int) -> int:
        calls.append(len(data))
        return write(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", counted)
    with Writer(tmp_path, flush_seconds=1_000) as writer:
        for number in range(50):
            writer.write(event(number))
        writer.flush()
        assert len(calls) == 1
    assert numbers(tmp_path) == list(range(50))


def test_a_write_that_the_system_cuts_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda descriptor, data, offset: write(descriptor, data[:7], offset))
    with Writer(tmp_path) as writer:
        for number in range(5):
            writer.write(event(number))
    assert numbers(tmp_path) == list(range(5))


def test_a_disk_that_is_full_for_a_while_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.pwrite

    def full(descriptor: int, data: bytes, offset: int) -> int:
        """There is room for a part of the first try."""
        if offset < 3_000:
            return write(descriptor, data[: 3_000 - offset], offset)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Writer(tmp_path, buffer_bytes=1_000) as writer:
        taken = 0
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", full)
            with pytest.raises(OSError, match="No space left") as caught:  # noqa: PT012
                for taken in range(100):
                    writer.write(event(taken))
            [part] = parts(tmp_path)
            assert caught.value.filename == str(part)
            assert str(part) in str(caught.value)
            with pytest.raises(OSError, match="No space left"):
                writer.flush()
            with pytest.raises(OSError, match="No space left"):
                writer.close()
        # The record of the failed call was not taken, all before it were.
        writer.write(event(taken))
    assert numbers(tmp_path) == list(range(taken + 1))
    assert taken > 10


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        if not disk:
            pytest.skip("no small disk can be made here; run this as root")
        with Writer(disk, buffer_bytes=5_000) as writer:
            with filled(disk, free=100_000), pytest.raises(OSError, match="No space left") as caught:  # noqa: PT012
                for taken in range(10_000):
                    writer.write(event(taken))
            assert str(parts(disk)[0]) in str(caught.value)
        assert numbers(disk) == list(range(taken))
        assert taken > 100


def test_a_limit_of_the_system_names_the_file(tmp_path: Path) -> None:
    """A real error of the kernel, after it has written a part of the lines."""
    run(
        tmp_path,
        """
        import resource
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        writer = Writer(landing, flush_seconds=1_000)
        for number in range(100):
            writer.write(event(number))
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
        try:
            writer.flush()
        except OSError as error:
            [part] = os.listdir(f"{landing}/product/analytics_events")
            assert error.filename.endswith(part), error
            assert os.stat(error.filename).st_size == 5_000
        else:
            raise AssertionError("the limit did not hold")
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        """,
    )
    assert numbers(tmp_path) == list(range(100))


@pytest.mark.parametrize(("blocked", "other"), [("analytics_events", "metrics"), ("metrics", "analytics_events")])
def test_an_error_of_one_table_leaves_the_other_alone(tmp_path: Path, blocked: str, other: str) -> None:
    with Writer(tmp_path) as writer:
        (tmp_path / "product").mkdir()
        (tmp_path / "product" / blocked).touch()
        writer.write(event(1))
        writer.write(MetricBuilder.gauge("a", 1).build())
        with pytest.raises(FileExistsError) as caught:
            writer.rotate()
        assert caught.value.filename == str(tmp_path / "product" / blocked)
        assert len(records(tmp_path, other)) == 1
        (tmp_path / "product" / blocked).unlink()
    assert len(records(tmp_path, blocked)) == 1


@pytest.mark.parametrize("broken", ["fsync", "rename"])
def test_what_cannot_be_published_is_published_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with Writer(tmp_path) as writer:
        writer.write(event(1))
        with monkeypatch.context() as patch:
            patch.setattr(os, broken, refuse)
            with pytest.raises(OSError, match="Input/output error") as caught:
                writer.rotate()
            [part] = parts(tmp_path)
            assert caught.value.filename == str(part)
            assert not files(tmp_path)
        writer.write(event(2))
    assert numbers(tmp_path) == [1, 2]


def test_bytes_are_on_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, os.rename

    def synced(descriptor: int) -> None:
        steps.append("sync folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "sync file")  # noqa: PTH112
        sync(descriptor)

    def renamed(*arguments: Any) -> None:
        steps.append("rename")
        rename(*arguments)

    with Writer(tmp_path) as writer:
        writer.write(event(1))
        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(os, "rename", renamed)
    if Path("/proc/self/fd").exists():
        assert steps == ["sync file", "rename", "sync folder"]


def test_a_part_that_somebody_deletes_is_said_once(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.write(event(1))
        writer.flush()
        [part] = parts(tmp_path)
        part.unlink()
        with pytest.raises(FileNotFoundError) as caught:
            writer.rotate()
        assert caught.value.filename == str(part)
        writer.write(event(2))
    assert numbers(tmp_path) == [2]


def test_a_closed_writer_takes_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.write(event(1))
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write(event(2))
    assert numbers(tmp_path) == [1]


def test_an_error_of_the_application_loses_nothing(tmp_path: Path) -> None:
    with pytest.raises(RecordError), Writer(tmp_path) as writer:  # noqa: PT012
        writer.write(event(1))
        EventBuilder.track("").build()
    assert numbers(tmp_path) == [1]


def test_two_writers_of_one_process_leave_each_other_alone(tmp_path: Path) -> None:
    with Writer(tmp_path) as one:
        one.write(event(1))
        one.flush()
        with Writer(tmp_path) as other:
            other.write(event(2))
            other.flush()
            assert len(parts(tmp_path)) == 2
        assert numbers(tmp_path) == [2]
    assert numbers(tmp_path) == [1, 2]


def test_the_folder_may_be_relative_and_the_process_may_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Writer("landing") as writer:
        writer.write(event(1))
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
    assert numbers(tmp_path / "landing") == [1]


def test_threads_share_a_writer(tmp_path: Path) -> None:
    with Writer(tmp_path, buffer_bytes=500, rotate_bytes=20_000) as writer:

        def work(first: int) -> None:
            for number in range(first, first + 250):
                writer.write(event(number))
                if number % 50 == 0:
                    writer.rotate()

        threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 2_000, 250)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert numbers(tmp_path) == list(range(2_000))
