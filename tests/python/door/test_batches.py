"""Batches that are read ahead come in their order, bounded in number, and errors come where they happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pyarrow as pa
import pytest

from strata.door.batches import Guarded, Noted, ahead


def batch(number: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"line_number": pa.array([number], pa.int64())})


def numbers(batches: Iterator[pa.RecordBatch]) -> list[int]:
    return [item.column(0)[0].as_py() for item in batches]


def test_everything_comes_in_order() -> None:
    with ahead(batch(number) for number in range(50)) as taken:
        assert numbers(taken) == list(range(50))
    with ahead(iter([])) as taken:
        assert numbers(taken) == []


def test_only_a_few_wait_and_the_thread_ends() -> None:
    made: list[int] = []

    def source() -> Iterator[pa.RecordBatch]:
        for number in range(1_000):
            made.append(number)
            yield batch(number)

    before = threading.active_count()
    with ahead(source()) as taken:
        next(taken)
        time.sleep(0.2)
        assert 2 <= len(made) <= 6
    assert len(made) <= 7
    assert threading.active_count() == before


def test_it_is_made_while_the_one_before_is_worked_on() -> None:
    is_made = threading.Event()

    def source() -> Iterator[pa.RecordBatch]:
        yield batch(0)
        is_made.set()
        yield batch(1)

    with ahead(source()) as taken:
        next(taken)
        assert is_made.wait(5)
        assert numbers(taken) == [1]


def test_an_error_comes_where_its_batch_is_taken() -> None:
    def source() -> Iterator[pa.RecordBatch]:
        yield batch(0)
        raise ValueError("broken")

    with ahead(source()) as taken:
        next(taken)
        with pytest.raises(ValueError, match="broken"):
            next(taken)


def test_a_guarded_source_ends_and_says_why_afterwards() -> None:
    def source() -> Iterator[pa.RecordBatch]:
        yield batch(0)
        raise ValueError("broken")

    guarded = Guarded(source())
    with ahead(guarded) as taken:
        assert numbers(taken) == [0]
    with pytest.raises(ValueError, match="broken"):
        guarded.raise_caught()


def test_numbers_are_noted() -> None:
    noted = Noted(batch(number) for number in (3, 5))
    assert list(noted.numbers) == []
    assert numbers(noted) == [3, 5] == list(noted.numbers)
