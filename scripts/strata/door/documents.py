"""`.json` files: one array of records, or records one after the other, however they are broken into lines."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from strata.door.lines import MAX_LINE_BYTES, SCHEMA, BadLine, ByteStream
from strata.errors import UnreadableFileError

MAX_DOCUMENT_BYTES = 512 << 20
_ROWS_A_BATCH = 20_000
_SPACE = re.compile(r"[ \t\r\n]*")
_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*+"|[\[\]{}]')
_PAIRS = {"{": "}", "[": "]"}
_NEXT_LINE = re.compile(r"\n(?=[ \t]*\{)")


@dataclass
class DocumentReader:
    """Reads a JSON document as batches of (line number, text of one record). The same interface as ``LineReader``.

    The boundaries of records cannot be found by lines, so the standard parser walks over them; such files are small
    (at most 512 MB) by nature. Where a record cannot be parsed, it ends where its brackets close,
    at the latest before the next line that begins with ``{``.
    """

    stream: ByteStream
    only: Collection[int] | None = None
    records: int = 0
    bad: list[BadLine] = field(default_factory=list)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records, in the order of the file.

        Raises:
            UnreadableFileError: larger than 512 MB, or not UTF-8.
        """
        numbers: list[int] = []
        texts: list[str] = []
        for number, text in self._records(self._text()):
            if self.only is None:
                self.records += 1
                if len(record := text.encode()) > MAX_LINE_BYTES:
                    message = f"is longer than {MAX_LINE_BYTES:,} bytes"
                    self.bad.append(BadLine(number, "line_too_long", message, record))
                    continue
            elif number not in self.only:
                continue
            numbers.append(number)
            texts.append(text)
            if len(texts) == _ROWS_A_BATCH:
                yield pa.RecordBatch.from_pydict({"line_number": numbers, "line": texts}, schema=SCHEMA)
                numbers, texts = [], []
        if texts:
            yield pa.RecordBatch.from_pydict({"line_number": numbers, "line": texts}, schema=SCHEMA)

    def _text(self) -> str:
        content = self.stream.read(MAX_DOCUMENT_BYTES + 1)
        if len(content) > MAX_DOCUMENT_BYTES:
            raise UnreadableFileError("document_too_large", "The document is over 512 MB. Send it as .ndjson.")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableFileError(
                "invalid_utf8", f"The file is not valid UTF-8: byte {error.start + 1} is 0x{content[error.start]:02x}."
            ) from error

    def _records(self, text: str) -> Iterator[tuple[int, str]]:
        """Number and text of every record. The number counts lines, and where several share a line it moves on."""
        decoder = json.JSONDecoder()
        position = self._skip(text, 0)
        is_array = text.startswith("[", position)
        position += is_array
        counted_to, line, last = 0, 1, 0
        while (position := self._skip(text, position, separators="," if is_array else "")) < len(text):
            if is_array and text[position] == "]":
                # Whatever follows the array is read as if it stood alone.
                is_array, position = False, position + 1
                continue
            end = self._end(decoder, text, position)
            line += text.count("\n", counted_to, position)
            counted_to = position
            last = max(line, last + 1)
            yield last, text[position:end].rstrip(" \t\r\n")
            position = end
        if is_array:
            raise UnreadableFileError("truncated_document", "The array does not end; the file is cut. Send it again.")

    @staticmethod
    def _skip(text: str, position: int, separators: str = "") -> int:
        found = _SPACE.match(text, position)
        position = found.end() if found else position
        if separators and text.startswith(separators, position):
            found = _SPACE.match(text, position + 1)
            position = found.end() if found else position
        return position

    @staticmethod
    def _end(decoder: json.JSONDecoder, text: str, position: int) -> int:
        try:
            return decoder.raw_decode(text, position)[1]
        except (json.JSONDecodeError, RecursionError):
            following = _NEXT_LINE.search(text, position)
            limit = following.start() if following else len(text)
            return _closing(text, position, limit) or limit


def _closing(text: str, position: int, limit: int) -> int | None:
    """Where the brackets of a broken record close, texts apart; none where they do not pair up before the limit."""
    awaited: list[str] = []
    for found in _BRACKETS.finditer(text, position, limit):
        sign = found.group()
        if sign in _PAIRS:
            awaited.append(_PAIRS[sign])
        elif sign in "]}":
            if not awaited or awaited.pop() != sign:
                return None
            if not awaited:
                return found.end()
    return None
