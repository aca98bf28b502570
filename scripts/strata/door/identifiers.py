"""Ids of private records: which are stored as they came, and the keyed pseudonyms that stand for the others.

An id is stored as it came where it has the plain form of an identifier and does not hold the sender's own id. The rule
is strict, since a pseudonym costs nothing but legibility: equal ids have equal pseudonyms, and join.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from strata.contract import Contract
from strata.door.secret_forms import TOKENS

# The patterns are also read by the engine (RE2): no lookaround.
_PREFIX = r"([A-Za-z]{1,20}[_-])?"
_HEX = r"[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_RANDOM = rf"{_PREFIX}({_UUID}|{_HEX}|{_UUID.upper()}|{_HEX.upper()}|[0-7][0-9A-HJKMNP-TV-Z]{{25}})"
_SHORT = r"[A-Za-z]{0,2}\d{1,8}[A-Za-z]{0,2}"
_NUMBERED = rf"([A-Za-z]{{1,20}}[_-]?)?{_SHORT}([_-]?{_SHORT}){{0,7}}|[A-Za-z]|(?i:sess|session|evt|event)[_-][A-Za-z]"
_PLAIN = rf"{_RANDOM}|{_NUMBERED}"
# Digits as of a telephone number, a card, an account, a date of birth, an IPv4 address.
_NUMBER_OF_SOMEBODY = (
    rf"{_PREFIX}\d{{9,}}|[A-Za-z]{{2}}\d{{14,}}|([0-9]{{1,3}}[_-]){{3}}[0-9]{{1,3}}|[0-9_-]*([0-9][_-]*){{7,}}"
)
_LONG_NUMBER = r"(\d[_-]?){9}"
_KEYED = re.compile(r"pid_[0-9a-f]{32}")

# What a text must hold for the engine to look for disguises in it: hexadecimal digits, or a capital in base64.
DISGUISED = r"[0-9A-Fa-f]{8}|[A-Z][A-Za-z0-9+/_-]{4}"

_BARE = str.maketrans("", "", string.punctuation + string.whitespace)
# A short id would be found in half of all values.
_SHORTEST_PART, _SHORTEST_DISGUISE = 4, 6
_DIGEST_PART = 8
_DIGESTS = ("md5", "sha1", "sha256", "sha512")


def is_plain(text: str) -> bool:
    """Whether an id is plainly that: a random one (UUID, ULID, hexadecimal), or a word and short numbers."""
    if _KEYED.fullmatch(text):
        return True
    if not re.fullmatch(_PLAIN, text) or re.fullmatch(_NUMBER_OF_SOMEBODY, text) or re.search(TOKENS, text):
        return False
    return re.fullmatch(_RANDOM, text) is not None or not re.search(_LONG_NUMBER, text)


def is_plain_sql(text: str) -> str:
    """``is_plain`` as SQL; null is plain."""
    return (
        f"coalesce(regexp_full_match({text}, '{_PLAIN}') and not regexp_full_match({text}, '{_NUMBER_OF_SOMEBODY}') "
        f"and not regexp_matches({text}, '{TOKENS}') and (not regexp_matches({text}, '{_LONG_NUMBER}') "
        f"or regexp_full_match({text}, '{_RANDOM}')), true)"
    )


@dataclass(frozen=True)
class SubjectKey:
    """The secret from STRATA_SUBJECT_KEY. Each use has a key of its own, so that one tells nothing of another."""

    secret: bytes = field(repr=False)

    def subject(self, text: str) -> str:
        """The digest by which ``ops.subjects`` knows a person, in hexadecimal."""
        return hmac.digest(self.secret, text.encode(), "sha256").hex()

    def identifier(self, text: str) -> str:
        """The pseudonym of an id, the same in every file and every warehouse under this key; one stays as it is."""
        if _KEYED.fullmatch(text):
            return text
        return f"pid_{hmac.digest(self._identifiers, text.encode(), 'sha256').hex()[:32]}"

    def content(self, digest: str) -> str:
        """What a file is known by. From a plain digest the ids in a short file could be found by trial."""
        return f"hmac:{hmac.digest(self._contents, digest.encode(), 'sha256').hex()}"

    def file_name(self, name: str, contract: Contract) -> str:
        """A path or address in which usual words, numbers and dates stay and other parts stand under pseudonyms."""
        scheme, separator, rest = name.rpartition("://")
        parts = rest.split("/")
        # The bucket of an address was chosen by whoever runs the store.
        first = 1 if separator else 0
        known = {contract.area, contract.name, contract.prefix}
        words = frozenset({contract.area, *contract.name.split("_")})
        safe = [part if part in known else self._segment(part, words) for part in parts[first:]]
        return scheme + separator + "/".join([*parts[:first], *safe])

    def _segment(self, segment: str, words: frozenset[str]) -> str:
        found = _SUFFIX.search(segment)
        stem, suffix = (segment[: found.start()], found.group()) if found else (segment, "")
        if _KEYED.fullmatch(stem) or _is_plain_name(stem, words):
            return segment
        return self.identifier(stem) + suffix

    @cached_property
    def _identifiers(self) -> bytes:
        return hmac.digest(self.secret, b"strata\0identifiers", "sha256")

    @cached_property
    def _contents(self) -> bytes:
        return hmac.digest(self.secret, b"strata\0contents", "sha256")


_SUFFIX = re.compile(r"\.(?:ndjson|json|csv|parquet)(?:\.(?:gz|zst))?$", re.IGNORECASE)
_DATE = re.compile(r"20\d\d([-_]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])")
_NAME_PART = re.compile(
    r"(?:batch|chunk|data|date|day|dt|event|events|everything|export|file|gz|hour|landing|late|log|logs|month|"
    r"part|parts|raw|records|run|session|sessions|snappy|test|year|zstd|[a-z])?\d{0,6}",
    re.IGNORECASE,
)
_MOST_DIGITS = 6


def _is_plain_name(stem: str, words: frozenset[str]) -> bool:
    """Whether a part of a path is made of usual words of file names, its table's own, a date, and up to six digits."""
    rest = _DATE.sub("", stem, count=1)
    parts = re.split(r"[-_.=]", rest)
    is_usual = all(part.lower() in words or _NAME_PART.fullmatch(part) for part in parts)
    return is_usual and sum(map(str.isdigit, rest)) <= _MOST_DIGITS


class OwnId:
    """The id of a person, to be found in the values of the person's own records, also under a thin disguise.

    Disguises are capitals, other separators, the part of an e-mail address before the @, hexadecimal, base64, and
    digests without a key, whole or cut to eight characters and more.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        texts = [text for text in _spellings(subject) if len(bare(text)) >= _SHORTEST_PART]
        self.spellings = sorted({bare(text) for text in texts})
        self.disguises = sorted({disguise for text in texts for disguise in _disguises(text)})

    def is_in(self, text: str) -> bool:
        """Whether the text holds the id. One of up to three characters must be a whole word or number of it."""
        text = text.lower()
        if not self.spellings and self.subject.lower() in (*re.split(r"[\W_]+", text), *_WORD.findall(text)):
            return True
        stripped = bare(text)
        return any(mark in stripped for mark in (*self.spellings, *self.disguises))


_WORD = re.compile(r"[^\W\d_]+|\d+")


def bare(text: str) -> str:
    """A text in lower case, without ASCII punctuation and blanks."""
    return text.lower().translate(_BARE)


def bare_sql(text: str) -> str:
    """``bare`` as SQL, as far as it goes for values that can be stored: no other signs have a place in them."""
    stripped = f"lower({text})"
    for sign in "_-.:/":
        stripped = f"replace({stripped}, '{sign}', '')"
    return stripped


def _spellings(subject: str) -> Iterator[str]:
    """The id, and the local part of an e-mail address, with and without what stands behind a plus."""
    yield subject
    local, separator, _ = subject.partition("@")
    if separator:
        yield local
        yield local.partition("+")[0]


def _disguises(text: str) -> Iterator[str]:
    for spelling in {text, text.lower(), text.upper()}:
        raw = spelling.encode()
        digests = [hashlib.new(name, raw, usedforsecurity=False).digest() for name in _DIGESTS]
        found = [raw.hex(), _base64(raw)]
        found += [told[:_DIGEST_PART] for digest in digests for told in (digest.hex(), _base64(digest))]
        yield from (disguise for disguise in found if len(disguise) >= _SHORTEST_DISGUISE)


def _base64(raw: bytes) -> str:
    return bare(base64.b64encode(raw).decode())
