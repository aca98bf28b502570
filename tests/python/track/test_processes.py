"""Several processes, and such that end in every way: nothing flushed is lost, and the door sees whole lines only."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path
from random import Random

import pytest

from strata.track import EventBuilder, Writer
from track.children import files, numbers, parts, run, start

SEED = 20261121
# Writes numbered events for good and prints the number up to which it has flushed.
WRITE_ON = """
writer = Writer(landing, buffer_bytes=3_000, rotate_bytes=30_000)
for number in range(10**9):
    writer.write(event(number))
    if number % 7 == 0:
        writer.flush()
        print(number, flush=True)
"""


def adopt(landing: Path) -> None:
    Writer(landing).close()


def test_a_kill_loses_at_most_what_was_not_flushed(tmp_path: Path) -> None:
    chance = Random(SEED)
    with_parts = rotated = 0
    for trial in range(8):
        landing = tmp_path / str(trial)
        process = start(landing, WRITE_ON)
        assert process.stdout
        assert process.stdout.readline() == "0\n"
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        flushed = ["0", *process.communicate()[0].split("\n")]
        assert process.returncode == -signal.SIGKILL
        before = numbers(landing)
        with_parts += bool(parts(landing))
        rotated += len(files(landing)) > 1
        adopt(landing)
        found = numbers(landing)
        assert not parts(landing)
        assert found[: len(before)] == before
        # The last number may have been printed in part.
        assert found == list(range(len(found)))
        assert len(found) > int(flushed[-2])
    assert with_parts
    assert rotated


def test_the_end_of_the_interpreter_flushes(tmp_path: Path) -> None:
    ends = {"pass": 0, "sys.exit(3)": 3, "raise ValueError('a bug')": 1, "del writer": 0}
    for number, (end, code) in enumerate(ends.items()):
        run(tmp_path, f"writer = Writer(landing)\nwriter.write(event({number}))\n{end}", code_of_exit=code)
    assert numbers(tmp_path) == list(range(len(ends)))
    assert not parts(tmp_path)


def test_os_exit_loses_what_was_not_flushed(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        writer = Writer(landing)
        writer.write(event(1))
        writer.flush()
        writer.write(event(2))
        os._exit(0)
        """,
    )
    assert not files(tmp_path)
    adopt(tmp_path)
    assert numbers(tmp_path) == [1]


def test_four_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    code = """
    first = int(sys.argv[2])
    for begin in range(first, first + 2_000, 500):
        # Each beginning and each rotation looks for parts that others have left behind.
        with Writer(landing, buffer_bytes=2_000, rotate_bytes=8_000) as writer:
            for number in range(begin, begin + 500):
                writer.write(event(number))
    """
    processes = [start(tmp_path, code, first) for first in range(0, 8_000, 2_000)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert numbers(tmp_path) == list(range(8_000))
    assert not parts(tmp_path)
    assert len(files(tmp_path)) > 100


def left_behind(landing: Path, name: str, content: bytes) -> Path:
    folder = landing / "product" / "analytics_events"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.ndjson.part"
    part.write_bytes(content)
    return part


def line(number: int) -> bytes:
    return b'{"id":"%d","properties":{"number":%d}}\n' % (number, number)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (line(1) + line(2), [1, 2]),
        (line(1) + line(2)[:-1], [1]),
        (line(1) + line(2)[:5], [1]),
        (line(1) + b'{"a":"' + b"x" * 300_000, [1]),
        (b'{"id"', []),
        (b"", []),
        (b"x" * 200_000, []),
    ],
    ids=range(7),
)
def test_a_part_that_was_left_behind_is_published_without_its_half_line(
    tmp_path: Path, content: bytes, kept: list[int]
) -> None:
    left_behind(tmp_path, "20260301T000000Z-a", content)
    writer = Writer(tmp_path)
    assert not parts(tmp_path)
    writer.close()
    assert numbers(tmp_path) == kept
    assert [file.name for file in files(tmp_path)] == (["20260301T000000Z-a.ndjson"] if kept else [])


def test_a_process_that_lives_on_publishes_what_another_has_left(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        left_behind(tmp_path, "a", line(1) + line(2)[:9])
        writer.rotate()
        assert numbers(tmp_path) == [1]


def test_a_part_of_another_user_is_left_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may open everything, so the refusal is made here."""
    theirs, ours = left_behind(tmp_path, "a", line(1)), left_behind(tmp_path, "b", line(2))
    opened = os.open

    def refuse(path: os.PathLike[str], *arguments: int) -> int:
        if Path(path) == theirs:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    adopt(tmp_path)
    assert numbers(tmp_path) == [2]
    assert parts(tmp_path) == [theirs]
    assert not ours.exists()


def test_many_who_adopt_at_once_publish_each_part_once(tmp_path: Path) -> None:
    for number in range(300):
        left_behind(tmp_path, f"{number}", line(number) + b'{"id')
    processes = [start(tmp_path, "Writer(landing).close()") for _ in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert numbers(tmp_path) == list(range(300))
    assert not parts(tmp_path)


def test_a_part_of_a_process_that_lives_is_left_alone(tmp_path: Path) -> None:
    process = start(
        tmp_path,
        """
        writer = Writer(landing)
        writer.write(event(1))
        writer.flush()
        print("flushed", flush=True)
        sys.stdin.readline() if sys.stdin else None
        time.sleep(60)
        """,
    )
    assert process.stdout
    assert process.stdout.readline() == "flushed\n"
    adopt(tmp_path)
    assert len(parts(tmp_path)) == 1
    assert not files(tmp_path)
    process.kill()
    process.communicate()
    adopt(tmp_path)
    assert numbers(tmp_path) == [1]


def test_a_fork_doubles_and_loses_nothing(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        writer = Writer(landing, flush_seconds=1_000)
        writer.write(event(0))
        writer.flush()
        writer.write(event(1))  # not yet written: the parent's, and of no child
        children = []
        for number in range(2, 5):
            child = os.fork()
            if not child:
                thread = threading.Thread(target=writer.write, args=(event(number),), daemon=True)
                thread.start()
                thread.join(20)
                sys.exit(thread.is_alive())
            children.append(child)
        writer.write(event(5))
        for child in children:
            assert os.waitpid(child, 0)[1] == 0
        """,
    )
    assert numbers(tmp_path) == list(range(6))
    assert len(files(tmp_path)) == 4
    assert not parts(tmp_path)


def test_a_child_does_not_hold_the_part_of_its_dead_parent(tmp_path: Path) -> None:
    process = start(
        tmp_path,
        """
        writer = Writer(landing)
        writer.write(event(1))
        writer.flush()
        if os.fork():
            os.kill(os.getpid(), signal.SIGKILL)
        writer.write(event(2))
        writer.flush()
        print(os.getpid(), flush=True)
        time.sleep(60)
        """,
    )
    assert process.stdout
    child = int(process.stdout.readline())
    assert process.wait(timeout=30) == -signal.SIGKILL
    try:
        adopt(tmp_path)
        assert numbers(tmp_path) == [1]
        assert len(parts(tmp_path)) == 1
    finally:
        os.kill(child, signal.SIGKILL)
    process.communicate()
    adopt(tmp_path)
    assert numbers(tmp_path) == [1, 2]


def test_forks_among_threads_that_write_do_not_hang(tmp_path: Path) -> None:
    written = run(
        tmp_path,
        """
        writer = Writer(landing, buffer_bytes=0)
        is_done = threading.Event()
        written = []

        def work(first):
            for number in range(first, 10**9, 3):
                if is_done.is_set():
                    return
                writer.write(event(number))
                written.append(number)

        threads = [threading.Thread(target=work, args=(1_000 + place,)) for place in range(3)]
        for thread in threads:
            thread.start()
        for number in range(30):
            child = os.fork()
            if not child:
                signal.alarm(20)
                writer.write(event(number))
                writer.close()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        is_done.set()
        for thread in threads:
            thread.join()
        writer.close()
        print(*sorted(written))
        """,
    ).split()
    assert len(written) > 30
    assert numbers(tmp_path) == [*range(30), *map(int, written)]


def test_the_parent_takes_up_nothing_of_its_child(tmp_path: Path) -> None:
    """A child of multiprocessing ends without the interpreter's end: it closes, or loses what was not flushed."""
    run(
        tmp_path,
        """
        import multiprocessing
        writer = Writer(landing)
        writer.write(event(1))

        def work():
            with writer:
                writer.write(event(2))

        child = multiprocessing.get_context("fork").Process(target=work)
        child.start()
        child.join()
        writer.write(event(3))
        """,
    )
    assert numbers(tmp_path) == [1, 2, 3]


def test_a_writer_begins_where_no_folder_is(tmp_path: Path) -> None:
    with Writer(tmp_path / "not" / "yet") as writer:
        assert not (tmp_path / "not").exists()
        writer.write(EventBuilder.track("a").property("number", 1).build())
    assert numbers(tmp_path / "not" / "yet") == [1]
