"""Which ids of private records are stored as they came, and what stands for the others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from uuid import UUID

import duckdb
import pytest

from strata.contract import Contract
from strata.door.identifiers import OwnId, SubjectKey, bare, bare_sql, is_plain, is_plain_sql

KEY = SubjectKey(b"the key of these tests")
PLAIN = [
    "sess-000123", "session_a", "session_25000", "evt_01", "evt_25000_12", "e1", "s", "S-12-a3", "42", "L12b",
    "e00017-999", "550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV", "9f86d081884c7d65", "d41d8cd98f00b204e9800998ecf8427e",
    "sess-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "evt_550e8400-e29b-41d4-a716-446655440000",
    "pid_0c00e0000000000000f0000000000000",
]  # fmt: skip
PERSONAL = [
    "jane.canary@example.org", "sess-jane.canary@example.org", "jane%40example.org", "Jane Canary", "anna-smith",
    "anna", "sess-anna-1985", "annasmith1985-sess", "203.0.113.9", "203-0-113-9", "2001:db8::9", "10-0-0-1",
    "https://example.org/?token=abc1", "example.org", "www.example.org/a1", "0171-2345678", "+491711234567",
    "4917112345678", "sess-4917112345678", "tel_0171_2345678", "1985-03-12", "1234567", "4111111111111111",
    "DE89370400440532013000", "BE68539007547034", "AKIAIOSFODNN7EXAMPLE", "key-d41d8cd98f00b204e9800998ecf8427e",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl", "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc", "수업-1", "a" * 300 + "1", "e1\n", " e1", "1111111111111111",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_identifier_is_one(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", PERSONAL)
def test_what_could_name_a_person_is_no_plain_identifier(text: str) -> None:
    assert not is_plain(text)


def test_the_engine_and_python_judge_alike() -> None:
    with duckdb.connect() as con:
        for text in PLAIN + PERSONAL:
            assert con.execute(f"select {is_plain_sql('$1::varchar')}", [text]).fetchone() == (is_plain(text),), text
        for text in (*PLAIN, "Nav/Menu:3.1"):
            assert con.execute(f"select {bare_sql('$1::varchar')}", [text]).fetchone() == (bare(text),), text


def test_a_pseudonym_is_the_same_everywhere_and_stays_as_it_is() -> None:
    made = KEY.identifier("jane@example.org")
    assert made == SubjectKey(b"the key of these tests").identifier("jane@example.org")
    assert made != KEY.identifier("Jane@example.org")
    assert made != SubjectKey(b"another key of tests").identifier("jane@example.org")
    assert KEY.identifier(made) == made
    assert is_plain(made)


def test_what_the_key_is_used_for_tells_nothing_of_its_other_uses() -> None:
    text = "jane@example.org"
    made = {KEY.subject(text)[:32], KEY.identifier(text)[4:], KEY.content(text)[5:37]}
    assert len(made) == 3


OWN = "Learner_Canary_4711"
DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": lambda own: own,
    "capitals": str.upper,
    "other separators": lambda own: own.replace("_", "-"),
    "without separators": lambda own: own.replace("_", ""),
    "hexadecimal": lambda own: own.encode().hex(),
    "base64": lambda own: base64.urlsafe_b64encode(own.encode()).decode().rstrip("="),
    "md5": lambda own: hashlib.md5(own.encode(), usedforsecurity=False).hexdigest(),
    "sha1 in capitals": lambda own: hashlib.sha1(own.encode(), usedforsecurity=False).hexdigest().upper(),
    "sha256 of lower case": lambda own: hashlib.sha256(own.lower().encode()).hexdigest(),
    "sha256, cut": lambda own: hashlib.sha256(own.encode()).hexdigest()[:16],
    "md5 as a UUID": lambda own: str(UUID(hashlib.md5(own.encode(), usedforsecurity=False).hexdigest())),
    "sha256 in base64": lambda own: base64.b64encode(hashlib.sha256(own.encode()).digest()).decode(),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_person_is_found_under_a_thin_disguise(disguise: str) -> None:
    assert OwnId(OWN).is_in(f"sess-{DISGUISES[disguise](OWN)}")
    assert not OwnId("learner_other_1").is_in(f"sess-{DISGUISES[disguise](OWN)}")


def test_of_an_e_mail_address_the_local_part_is_enough() -> None:
    own = OwnId("jane.canary+school@example.org")
    assert own.is_in("sess-jane-canary-1")
    assert own.is_in(hashlib.sha256(b"jane.canary").hexdigest())


@pytest.mark.parametrize(
    ("own", "text", "is_in"), [("42", "sess-42", True), ("42", "s42", True), ("42", "s142", False)]
)
def test_a_short_id_is_found_as_a_whole_only(own: str, text: str, is_in: bool) -> None:
    assert OwnId(own).is_in(text) == is_in


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("learning/raw_events/events/2026/10/31/part-0001.parquet", None),
        ("learning/raw_events/events/2026/10/31/events_1.ndjson.gz", None),
        ("s3://lake/events/dt=2026-10-31/part-00000.snappy.parquet", None),
        ("learning/raw_events/events-20261031.csv", None),
        ("learning/raw_events/learning-20261031.csv", None),
        ("learning/raw_events/training-20261031.csv", "learning/raw_events/pid_*.csv"),
        ("learning/raw_events/jane.canary.ndjson", "learning/raw_events/pid_*.ndjson"),
        ("learning/raw_events/jane/1.ndjson.zst", "learning/raw_events/pid_*/1.ndjson.zst"),
        ("s3://lake/learning/raw_events/Jane Canary/events-4711-0815.csv", "s3://lake/learning/raw_events/pid_*/pid_*.csv"),
        ("learning/raw_events/0171-2345678.csv", "learning/raw_events/pid_*.csv"),
        ("learning/raw_events/anna-2026-10-31.csv", "learning/raw_events/pid_*.csv"),
        ("learning/raw_events/9f86d081884c7d65.csv", "learning/raw_events/pid_*.csv"),
    ],
)  # fmt: skip
def test_of_a_file_name_usual_words_numbers_and_dates_are_stored(
    contracts: dict[tuple[str, str], Contract], name: str, kept: str | None
) -> None:
    contract = contracts["learning", "raw_events"]
    stored = KEY.file_name(name, contract)
    parts = [part[:4] + "*" + part[36:] if part.startswith("pid_") else part for part in stored.split("/")]
    assert "/".join(parts) == (kept or name)
    assert KEY.file_name(stored, contract) == stored
