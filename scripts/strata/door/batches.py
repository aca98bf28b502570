"""Streams of Arrow batches on their way to the engine: read ahead, guarded against wrapped errors, and counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_AHEAD = 4


class Guarded(Iterator[pa.RecordBatch]):
    """Ends quietly where its source fails, so that the engine does not wrap the error; it is raised afterwards."""

    def __init__(self, source: Iterator[pa.RecordBatch]) -> None:
        self._source = source
        self._caught: BaseException | None = None

    def __next__(self) -> pa.RecordBatch:
        """The next batch."""
        try:
            return next(self._source)
        except StopIteration:
            raise
        except BaseException as error:
            self._caught = error
            raise StopIteration from error

    def raise_caught(self) -> None:
        """Raise what ended the source, if anything did."""
        if self._caught:
            raise self._caught


class Noted(Iterator[pa.RecordBatch]):
    """Notes the line numbers of the batches that pass, in ``numbers``."""

    def __init__(self, source: Iterator[pa.RecordBatch]) -> None:
        self._source = source
        self._numbers: list[npt.NDArray[np.int64]] = []

    def __next__(self) -> pa.RecordBatch:
        """The next batch, noted."""
        batch = next(self._source)
        self._numbers.append(batch.column("line_number").to_numpy())
        return batch

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The line numbers so far, in the order of the file."""
        return np.concatenate(self._numbers) if self._numbers else np.empty(0, dtype=np.int64)


@contextmanager
def ahead(source: Iterator[pa.RecordBatch]) -> Iterator[Iterator[pa.RecordBatch]]:
    """The same batches, made by a thread of their own while the engine works on those before.

    At most four batches wait, which bounds the memory. An error of the source is raised where its batch is taken.
    On leaving, the thread has ended, also where not all batches were taken.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="reader") as maker:
        waiting = deque(maker.submit(next, source, None) for _ in range(_AHEAD))

        def taken() -> Iterator[pa.RecordBatch]:
            while (batch := waiting.popleft().result()) is not None:
                waiting.append(maker.submit(next, source, None))
                yield batch

        try:
            yield taken()
        finally:
            for future in waiting:
                future.cancel()
