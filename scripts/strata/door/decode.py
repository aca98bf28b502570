"""UUIDs and instants read from bytes: whole columns at once, with tables instead of a parser.

Both functions are as strict as the checks of a contract (``checks.py``) and never kinder. What they do not know is
not wrong; the engine and, if need be, the strict parser look at it again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strata.door.checks import FIRST_YEAR, LAST_YEAR

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

UUID_LENGTH = 36
INSTANT_WINDOW, ZONE_LENGTH = 29, 6  # up to nine digits of a second; +hh:mm
_SECONDS_LENGTH = 19  # 2026-01-31T08:00:00
_NO_BYTE = 0x100
_MICROSECONDS = 1_000_000
_DAY = 86_400 * _MICROSECONDS


def _bytes_of_hex() -> npt.NDArray[np.uint16]:
    """The byte that two hexadecimal digits mean, by the two characters read as a little-endian number."""
    digit = np.full(256, _NO_BYTE, dtype=np.uint16)
    for characters in (b"0123456789abcdef", b"0123456789ABCDEF"):
        digit[list(characters)] = np.arange(16)
    pairs = np.arange(1 << 16)
    table: npt.NDArray[np.uint16] = 16 * digit[pairs & 0xFF] + digit[pairs >> 8]
    return table


_HEX = _bytes_of_hex()
_MONTHS = np.arange(f"{FIRST_YEAR - 1}-01", f"{LAST_YEAR + 2}-02", dtype="datetime64[M]").astype("datetime64[D]")
_MONTH_BEGINS, _MONTH_DAYS = _MONTHS[:-1].astype(np.int64), np.diff(_MONTHS).astype(np.int64)
_FIRST_INSTANT, _END = (
    int(np.datetime64(f"{year}-01-01", "us").astype(np.int64)) for year in (FIRST_YEAR, LAST_YEAR + 1)
)


def uuids(texts: Bytes) -> tuple[Bytes, Flags]:
    """The sixteen bytes of each UUID, and whether it is one.

    Args:
        texts: shape (n, 36), one text a row.

    Returns:
        Bytes of shape (n, 16), and n flags. Where a flag is false the text is not 8-4-4-4-12 hexadecimal digits.
    """
    digits = np.empty((len(texts), 32), dtype=np.uint8)
    is_uuid = np.ones(len(texts), dtype=np.bool_)
    filled = 0
    for begin, end in ((0, 8), (9, 13), (14, 18), (19, 23), (24, 36)):
        digits[:, filled : filled + end - begin] = texts[:, begin:end]
        filled += end - begin
        if end < UUID_LENGTH:
            is_uuid &= texts[:, end] == ord("-")
    values = _HEX.take(digits.view("<u2"))
    is_uuid &= values.max(axis=1, initial=0) < _NO_BYTE
    return values.astype(np.uint8), is_uuid


def instants(texts: Bytes, zones: Bytes, lengths: Numbers) -> tuple[Numbers, Flags]:
    """Microseconds since 1970 (UTC) of each RFC 3339 timestamp in the years that the door accepts.

    Args:
        texts: shape (n, 29), the first bytes of each text; behind a shorter text anything may stand.
        zones: shape (n, 6), the last bytes of each text.
        lengths: the length of each text in bytes.

    Returns:
        n instants, and n flags. Where a flag is false the text is no such timestamp, and the instant means nothing.
        Digits of a second behind the sixth are cut off, as the engine's cast does.
    """
    digits = texts - np.uint8(ord("0"))  # what is no digit becomes larger than nine
    year, month, day = _number(digits, 0, 4), _number(digits, 5, 2), _number(digits, 8, 2)
    hour, minute, second = (_number(digits, place, 2) for place in (11, 14, 17))
    is_good = np.isin(texts[:, 10], list(b"Tt "))
    for place, sign in ((4, "-"), (7, "-"), (13, ":"), (16, ":")):
        is_good &= texts[:, place] == ord(sign)
    for place in (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18):
        is_good &= digits[:, place] <= 9
    months = (year - (FIRST_YEAR - 1)) * 12 + month - 1
    is_good &= (month >= 1) & (month <= 12) & (months >= 0) & (months < len(_MONTH_DAYS))
    months = np.where(is_good, months, 0)
    is_good &= (day >= 1) & (day <= _MONTH_DAYS.take(months)) & (hour < 24) & (minute < 60) & (second < 60)
    offset_minutes, zone_length, is_zone = _zones(zones)
    micros, is_fraction = _fractions(texts, digits, lengths - _SECONDS_LENGTH - zone_length)
    seconds = (hour * 60 + minute - offset_minutes) * 60 + second
    values = (_MONTH_BEGINS.take(months) + day - 1) * _DAY + seconds * _MICROSECONDS + micros
    return values, is_good & is_zone & is_fraction & (values >= _FIRST_INSTANT) & (values < _END)


def _number(digits: Bytes, place: int, count: int) -> Numbers:
    """The number that some digits make."""
    number = digits[:, place].astype(np.int64)
    for next_place in range(place + 1, place + count):
        number = number * 10 + digits[:, next_place]
    return number


def _zones(zones: Bytes) -> tuple[Numbers, Numbers, Flags]:
    """Minutes east of UTC, bytes of the text that say so, and whether they are well formed; no zone means UTC."""
    is_utc = (zones[:, 5] == ord("Z")) | (zones[:, 5] == ord("z"))
    is_west = zones[:, 0] == ord("-")
    is_offset = ~is_utc & (is_west | (zones[:, 0] == ord("+")))
    digits = zones - np.uint8(ord("0"))
    hours, minutes = _number(digits, 1, 2), _number(digits, 4, 2)
    is_good = (zones[:, 3] == ord(":")) & (hours < 24) & (minutes < 60)
    for place in (1, 2, 4, 5):
        is_good &= digits[:, place] <= 9
    east = np.where(is_west, -1, 1) * (hours * 60 + minutes)
    length = np.where(is_utc, 1, np.where(is_offset, ZONE_LENGTH, 0))
    return np.where(is_offset, east, 0), length, is_good | ~is_offset


def _fractions(texts: Bytes, digits: Bytes, lengths: Numbers) -> tuple[Numbers, Flags]:
    """Microseconds behind the seconds, and whether nothing or a point with one to nine digits stands there."""
    is_good = (lengths == 0) | ((lengths >= 2) & (lengths <= 10) & (texts[:, _SECONDS_LENGTH] == ord(".")))
    micros = np.zeros(len(lengths), dtype=np.int64)
    for number in range(1, 10):
        digit = digits[:, _SECONDS_LENGTH + number]
        is_there = lengths > number
        is_good &= ~is_there | (digit <= 9)
        if number <= 6:
            micros = micros * 10 + np.where(is_there, digit, 0)
    return micros, is_good
