"""The forms that a value of a private record must have to be stored, and what is stored of it.

Every function takes one value and is called once for each different value, not for each record. What a function gives
has its form again, so that a stored record passes a second time unchanged.
"""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from strata.door.identifiers import OwnId
from strata.door.secret_forms import is_secret

UNFIT, SECRET, OWN_ID, PARTLY = "unfit", "secret", "own_id", "partly"
_LONGEST = 200

_ADDRESS = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|(?:[0-9A-Fa-f]{1,4}:){3}|::")
_TELEPHONE = re.compile(r"\W*\d(?:[\W_]*\d){9,14}\W*")
_IDENTIFIER = re.compile(r"[\w.:/-]+")

_WORD = re.compile(r"[a-z]{2,20}(?:_[a-z]{2,20}){0,4}")

_STAGES = "alpha|beta|rc|dev|pre|preview|nightly|canary|snapshot|hotfix|patch|build|release|final|lts"
_VERSION = re.compile(rf"v?\d{{1,5}}(?:\.\d{{1,5}}){{0,2}}(?:[-+.]?(?:{_STAGES})(?:[.-]?\d{{1,4}})?)?", re.IGNORECASE)
_MANY_DIGITS = re.compile(r"(?:\d\D?){9}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ISO 639-1, and of ISO 639-3 the languages without a code of two letters that platforms offer.
_LANGUAGES = _words(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    ast bho chr ckb dsb fil fur gsw haw hsb kab kok lij mai mni nds sah sat smn tlh tzm vec wae yue zgh
    """
)
_SCRIPTS = _words(
    """
    arab armn beng cakm cans cher cyrl deva ethi geor grek gujr guru hang hans hant hebr jpan khmr knda kore laoo latn
    mlym mong mymr olck orya piqd sinh taml telu tfng thaa thai tibt vaii yiii
    """
)

_MOST_SEGMENTS = 12
_HIDDEN = ":id"
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|jsp|pdf|png|jpe?g|gif|svg|mp[34]|webm|json|xml|txt|md|js|css)$")
# Over the shape of a segment: U an upper-case letter, l another one, d a digit, - one of - and _, x anything else.
_PIECE = r"(?:(?:(?:U?l{2,20}){1,4}|U?l|U{1,5})d{0,4}|d{1,4})"
_PLAIN_SEGMENT = re.compile(rf"{_PIECE}(?:-{_PIECE}){{0,6}}")
_LONG_WORD = re.compile(r"[Ul]{31}")
_LONGEST_SEGMENT, _MOST_DIGITS = 60, 6
# What stands behind one of these is a person, unless it is one of the others.
_PERSONS = _words(
    """
    account accounts author authors by child children coach coaches customer customers employee employees friend friends
    instructor instructors learner learners member members parent parents people person persons profile profiles pupil
    pupils staff student students teacher teachers tutor tutors u user users
    """
)
_NO_PERSONS = {_HIDDEN, "all", "edit", "list", "me", "new", "search", "self", "settings"}


@dataclass(frozen=True)
class Judged:
    """What is stored of a value, null where nothing is; and why not all of it is, null where all is."""

    stored: str | None
    reason: str | None = None


def judge(form: str, raw: str, own: OwnId | None) -> Judged:
    """What is stored of a value that came as JSON text. ``own`` is the sender's id, where the record may hold it."""
    value = json.loads(raw)
    if value is None:
        return Judged(None)
    judged = _FORMS[form](value, own) if isinstance(value, str) and value else Judged(None, UNFIT)
    stored = None if judged.stored is None else json.dumps(judged.stored, ensure_ascii=False)
    return Judged(stored, judged.reason)


def _checked(text: str, own: OwnId | None, *, has_form: bool) -> Judged:
    """The text as it is, or the first reason against it."""
    if is_secret(text):
        return Judged(None, SECRET)
    if own and own.is_in(text):
        return Judged(None, OWN_ID)
    return Judged(text) if has_form and len(text) <= _LONGEST else Judged(None, UNFIT)


def identifier(text: str, own: OwnId | None = None) -> Judged:
    """Letters, digits and _.:/- that are no address and no telephone number."""
    has_form = _IDENTIFIER.fullmatch(text) and "//" not in text and not _ADDRESS.search(text)
    return _checked(text, own, has_form=bool(has_form) and not _TELEPHONE.fullmatch(text))


def word(text: str, own: OwnId | None = None) -> Judged:
    """A word in small letters, like the types of events."""
    return _checked(text, own, has_form=bool(_WORD.fullmatch(text)))


def version(text: str, own: OwnId | None = None) -> Judged:
    """Up to three numbers with points between them, and a usual word behind: v2.14.0, 2026.10.31, 3.0-beta.2."""
    return _checked(text, own, has_form=bool(_VERSION.fullmatch(text)) and not _MANY_DIGITS.search(text))


def locale(text: str, own: OwnId | None = None) -> Judged:
    """A language, perhaps a script, perhaps a region (BCP 47): de, en-US, zh-Hant-TW, es-419."""
    language, *rest = re.split("[-_]", text)
    has_form = language.lower() in _LANGUAGES
    if rest and rest[0].lower() in _SCRIPTS:
        rest = rest[1:]
    has_form = has_form and (not rest or re.fullmatch(r"[A-Za-z]{2}|\d{3}", rest[0]) is not None) and len(rest) <= 1
    return _checked(text, own, has_form=has_form)


def path(text: str, own: OwnId | None = None) -> Judged:
    """The path of a page, without host, query and fragment. A segment that is no plain word is ``:id``."""
    bare = re.split("[?#]", text, maxsplit=1)[0]
    bare = re.sub(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*", "", bare) or "/"
    segments = bare.split("/")
    kept: list[str] = []
    for segment in segments[:_MOST_SEGMENTS]:
        plain = unicodedata.normalize("NFC", unquote(segment, errors="replace"))
        is_person = bool(kept) and kept[-1].lower() in _PERSONS and plain.lower() not in _NO_PERSONS
        is_kept = not plain or (is_plain_segment(plain) and not is_person and not (own and own.is_in(plain)))
        kept.append(plain if is_kept else _HIDDEN)
    kept += [_HIDDEN] if len(segments) > _MOST_SEGMENTS and kept[-1] != _HIDDEN else []
    stored = "/".join(kept)
    if own and own.is_in(stored):
        return Judged(None, OWN_ID)
    return Judged(stored, PARTLY if kept.count(_HIDDEN) > segments.count(_HIDDEN) else None)


def is_plain_segment(text: str) -> bool:
    """Whether a segment of a path consists of words and short numbers; ``:id`` does by definition."""
    if text == _HIDDEN:
        return True
    bare = _EXTENSION.sub("", text)
    shape = "".join(map(_shape, bare))
    return (
        len(bare) <= _LONGEST_SEGMENT
        and shape.count("d") <= _MOST_DIGITS
        and _PLAIN_SEGMENT.fullmatch(shape) is not None
        and not _LONG_WORD.search(shape)
        and not is_secret(text)
    )


def _shape(sign: str) -> str:
    if sign in "-_":
        return "-"
    if sign in "0123456789":
        return "d"
    category = unicodedata.category(sign)
    return "U" if category in ("Lu", "Lt") else "l" if category[0] in "LM" else "x"


def network(text: str, own: OwnId | None = None) -> Judged:
    """The network of an address: /24 of IPv4, /48 of IPv6. An IPv6 address that holds an IPv4 address counts as that.

    A replayed record holds the network already.
    """
    try:
        address = ipaddress.ip_address(text.removesuffix("/24").removesuffix("/48").partition("%")[0])
    except ValueError:
        return Judged(None, UNFIT)
    held = _held(address) if isinstance(address, ipaddress.IPv6Address) else None
    cut = ipaddress.ip_network((held or address, 24 if held or address.version == 4 else 48), strict=False)
    return Judged(str(cut))


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# RFC 8215 leaves open where the address stands; translators put it last. If not, /48 cuts all of it off.
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_HALF = 0xFFFF_FFFF_FFFF


def _held(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address was made of: mapped, 6to4, Teredo (the client's) or NAT64."""
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _NAT64 or (address in _LOCAL_NAT64 and not int(address) >> 32 & _HALF and int(last)):
        return last
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


_FORMS: dict[str, Callable[[str, OwnId | None], Judged]] = {
    "path": path,
    "identifier": identifier,
    "word": word,
    "version": version,
    "locale": locale,
    "ip": network,
}
FORMS = tuple(_FORMS)
