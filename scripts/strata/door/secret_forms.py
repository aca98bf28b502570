"""Values that are secrets by their form: tokens, keys of cloud services, account and card numbers."""

from __future__ import annotations

import re

# Beginnings that the services gave their keys so that scanners find them. Also read by the engine (RE2): no lookaround.
TOKENS = (
    r"eyJ[A-Za-z0-9_-]{8,}"  # JSON web tokens
    r"|(AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA|AIPA|ABIA|ACCA)[A-Z0-9]{12}"  # AWS
    r"|AIza[A-Za-z0-9_-]{20}|ya29\.|GOCSPX-"  # Google
    r"|gh[opsru]_[A-Za-z0-9]{16}|github_pat_|glpat-"  # GitHub, GitLab
    r"|xox[a-z]-|xapp-|(sk|rk|pk)_(live|test)_|whsec_"  # Slack, Stripe
    r"|sk-[A-Za-z0-9_-]{20}|SG\.[A-Za-z0-9_-]{16}|key-[0-9a-f]{32}|(AC|SK)[0-9a-f]{32}"  # OpenAI, SendGrid and others
    r"|hf_[A-Za-z]{20}|npm_[A-Za-z0-9]{20}|pypi-[A-Za-z0-9_-]{16}|dop_v1_|shp(at|ca|pa|ss)_|sq0[a-z]{3}-"
    r"|PRIVATE[ _-]?KEY|-----BEGIN"
)
_TOKENS = re.compile(TOKENS)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ ._-]?[A-Za-z0-9]){11,30}")
# ISO 13616: the length that each country gives its account numbers.
_IBAN_LENGTHS_TEXT = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18
    FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21
    LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27
    ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
_IBAN_LENGTHS = {item[:2]: int(item[2:]) for item in _IBAN_LENGTHS_TEXT.split()}
_CARD = re.compile(r"(?<!\d)[2-6](?:[ ._-]?\d){12,18}(?!\d)")


def is_secret(text: str) -> bool:
    """Whether a text holds a secret of a known form."""
    return (
        _TOKENS.search(text) is not None
        or any(_is_iban(found.group()) for found in _IBAN.finditer(text))
        or any(_is_card(found.group()) for found in _CARD.finditer(text))
    )


def _is_iban(text: str) -> bool:
    """Whether an account number begins the text: the length of its country, and a checksum of 1 (ISO 7064)."""
    bare = re.sub(r"[ ._-]", "", text).upper()
    number = bare[: _IBAN_LENGTHS.get(bare[:2], 0)]
    if len(number) < _IBAN_LENGTHS.get(bare[:2], 1):
        return False
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    """Whether the digits have the checksum of payment cards (Luhn)."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
