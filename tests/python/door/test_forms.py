"""What is stored of a value of each form, and that a stored value has its form again."""

from __future__ import annotations

import json

import pytest

from strata.door.forms import OWN_ID, PARTLY, SECRET, UNFIT, Judged, judge
from strata.door.identifiers import OwnId

OWN = OwnId("jane.canary@example.org")
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"

PATHS = {
    "/lessons/1": "/lessons/1",
    "/Lessons/Fractions-Part-2/": "/Lessons/Fractions-Part-2/",
    "/수업/1": "/수업/1",
    "/%EC%88%98%EC%97%85/1": "/수업/1",
    "/हिन्दी/पाठ": "/हिन्दी/पाठ",
    "/courseOverview/index.html": "/courseOverview/index.html",
    "/a/b?mail=jane@canary.org#top": "/a/b",
    "https://jane:secret@www.example.org/a/b": "/a/b",
    "/": "/",
    # what is no plain word
    "/lessons/a%20b": "/lessons/:id",
    "/lessons/a b": "/lessons/:id",
    "/lessons/a,b": "/lessons/:id",
    "/lessons/[1]": "/lessons/:id",
    "/lessons/a=1&b=2": "/lessons/:id",
    "/lessons/it's": "/lessons/:id",
    "/lessons/Jane%2540example.org": "/lessons/:id",
    "/orders/4917112345678/view": "/orders/:id/view",
    "/orders/0171-2345-678": "/orders/:id",
    "/born/1985-03-12": "/born/:id",
    f"/login/{JWT}": "/login/:id",
    "/reset/9f86d081884c7d65": "/reset/:id",
    "/reset/dGhpcyBpcyBhIHRva2Vu": "/reset/:id",
    "/pay/DE89370400440532013000": "/pay/:id",
    "/from/203.0.113.9/x": "/from/:id/x",
    "/from/2001:db8::9/x": "/from/:id/x",
    "/mail/jane@example.org": "/mail/:id",
    "/by/jane.canary": "/by/:id",
    # who follows a word for persons is one
    "/users/anna": "/users/:id",
    "/users/me/settings": "/users/me/settings",
    "/users/:id/edit": "/users/:id/edit",
}


@pytest.mark.parametrize(("given", "stored"), PATHS.items())
def test_of_a_page_words_and_short_numbers_are_stored(given: str, stored: str) -> None:
    found = judge("path", json.dumps(given), None)
    assert json.loads(found.stored or "null") == stored
    assert found.reason == (PARTLY if stored.count(":id") > given.count(":id") else None)


def test_a_page_of_any_depth_has_a_stored_form() -> None:
    found = judge("path", json.dumps("/a" * 5_000), None)
    assert found.stored is not None
    assert len(found.stored) < 100


@pytest.mark.parametrize("given", ["/who/jane.canary", "/who/Jane-Canary", "/who/a-janecanary-z", "/jane%2Ecanary"])
def test_the_senders_own_id_is_no_segment(given: str) -> None:
    stored = judge("path", json.dumps(given), OWN).stored or ""
    assert "anary" not in stored
    assert stored.count(":id") == 1


def test_a_page_that_holds_the_senders_id_over_several_segments_is_dropped() -> None:
    assert judge("path", '"/x/jane/canary"', OWN) == Judged(None, OWN_ID)


SECRETS = [
    JWT,
    "AKIAIOSFODNN7EXAMPLE",
    "AIzaSyA-1234567890abcdefghijklmnopqrstu",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "xoxb-123456789012-abcdef",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "4111111111111111",
    "4111-1111-1111-1111",
    "element-5500000000000004",
    "DE89370400440532013000",
    "GB82-WEST-1234-5698-7654-32",
    "de89370400440532013000",
    "BEGIN_RSA_PRIVATE_KEY",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", ["identifier", "version", "locale"])
def test_a_secret_is_stored_under_no_key(form: str, secret: str) -> None:
    assert judge(form, json.dumps(secret), None) == Judged(None, SECRET)


@pytest.mark.parametrize(
    "text", ["lesson_001", "L-1.2", "nav/menu:3", "수업-1", "4111111111111112", "DE88370400440532013000", "item-123456"]
)
def test_an_identifier_is_stored_as_it_came(text: str) -> None:
    found = judge("identifier", json.dumps(text), None)
    assert json.loads(found.stored or "null") == (None if text.isdigit() and len(text) < 16 else text)


@pytest.mark.parametrize(
    "text",
    [
        "Jane Canary",
        "jane@example.org",
        "203.0.113.9",
        "2001:db8::9",
        "https://x.org/a",
        "0171-23456789",
        "491711234567",
    ],
)
def test_what_is_no_identifier_is_not_stored(text: str) -> None:
    assert judge("identifier", json.dumps(text), None) == Judged(None, UNFIT)


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("1", True), ("2.14.0", True), ("v3.0-beta.2", True), ("2026.10.31", True), ("1.0.0+build.7", True),
        ("2.0.0-jane.doe", False), ("2.0.0-jane", False), ("Jane", False), ("203.0.113.9", False),
        ("49171.12345.678", False), ("0171.2345.678", False), ("", False),
    ],
)  # fmt: skip
def test_a_version_has_no_room_for_a_name(text: str, is_kept: bool) -> None:
    assert (judge("version", json.dumps(text), None).stored is not None) == is_kept


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("de", True), ("en-US", True), ("en_us", True), ("zh-Hant-TW", True), ("es-419", True), ("tlh-Piqd", True),
        ("fil", True), ("ann", False), ("en-Jane", False), ("de-Mary-US", False), ("en-US-jane", False),
        ("Jane Canary", False), ("en-x-jane", False), ("sl-nedis", False),
    ],
)  # fmt: skip
def test_a_locale_is_a_language_a_script_and_a_region(text: str, is_kept: bool) -> None:
    assert (judge("locale", json.dumps(text), None).stored is not None) == is_kept


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::/48"),
        ("2001:db8:85a3::/48", "2001:db8:85a3::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2002:cb00:714d::1", "203.0.113.0/24"),
        ("2001:0:4136:e378:8000:63bf:34ff:8eb2", "203.0.113.0/24"),
        ("64:ff9b::203.0.113.77", "203.0.113.0/24"),
        ("64:ff9b:1::203.0.113.77", "203.0.113.0/24"),
        ("64:ff9b:1:cb00:71:4d00::", "64:ff9b:1::/48"),
        ("203.0.113.777", None),
        ("Jane", None),
    ],
)
def test_an_address_becomes_its_network_and_so_does_an_ipv4_address_in_another(
    address: str, network: str | None
) -> None:
    assert json.loads(judge("ip", json.dumps(address), None).stored or "null") == network


@pytest.mark.parametrize("form", ["path", "identifier", "version", "locale", "ip"])
@pytest.mark.parametrize("raw", ["7", "true", "[]", '{"a":"b"}', '""', '"\\ud800"'])
def test_what_is_no_text_of_the_form_is_unfit(form: str, raw: str) -> None:
    found = judge(form, raw, None)
    assert found.stored in (None, '":id"')
    assert found.reason in (UNFIT, PARTLY)


@pytest.mark.parametrize("form", ["path", "identifier", "version", "locale", "ip"])
def test_what_is_stored_is_stored_again_as_it_is(form: str) -> None:
    """A record that was rejected and is replayed comes a second time."""
    given = [*PATHS, *SECRETS, "en-US", "2.1.0", "203.0.113.9", "2001:db8::9", "lesson_001", "64:ff9b:1:cb00:71:4d00::"]
    for text in given:
        stored = judge(form, json.dumps(text), None).stored
        if stored is not None:
            assert judge(form, stored, None) == Judged(stored), text


@pytest.mark.parametrize(
    "text", ["jane-canary", "x.JANE.CANARY.y", OWN.subject, "x-6a616e652e63616e617279", "janecanary"]
)
def test_the_senders_own_id_is_no_identifier(text: str) -> None:
    assert judge("identifier", json.dumps(text), OWN).reason in (OWN_ID, UNFIT)
    assert judge("identifier", json.dumps(text), OWN).stored is None
