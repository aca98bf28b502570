"""What may be stored of a payload: keys on a list, values of a known form. As SQL over objects that came as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from strata.door.forms import FORMS as TEXT_FORMS
from strata.errors import ContractError
from strata.reference import Seed

NUMBER = "number"
FORMS = (*TEXT_FORMS, NUMBER)
ACTIONS = ("keep", "truncate", "drop")
_CUT = ("path", "ip")
# Twelve digits before the point: one more has room for the number of a payment card.
_NUMBER = r"-?\d{1,12}(\.\d{1,30})?([eE]-\d{1,2})?"
# Stands for a number that was sent and is none: whoever reads a score must not take its highest score for left out.
_UNFIT_NUMBER = "'\"unfit\"'"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class AllowedKey:
    """A key of a payload that may be stored, and the form of its values."""

    key: str
    form: str


def number(raw: str) -> str:
    """SQL for a number as it is stored, as JSON text; the text unfit for anything else that was sent."""
    return f"case when regexp_full_match({raw}, '{_NUMBER}') then {raw} when {raw} <> 'null' then {_UNFIT_NUMBER} end"


def is_lost_number(raw: str) -> str:
    """SQL that is true where something was sent that is no number; of a replayed record that was counted before."""
    return f"({number(raw)} = {_UNFIT_NUMBER} and {raw} <> {_UNFIT_NUMBER})"


def without_query(raw: str) -> str:
    """SQL for a path as JSON text without query and fragment, so that there are few different ones."""
    return f"regexp_replace({raw}, '[?#].*\"$', '\"')"


def read_allow_list(seed: Seed, column: str) -> list[AllowedKey]:
    """The keys of a column that may be stored, in binary order.

    Raises:
        ContractError: the seed names a form or an action that the door does not know.
    """
    keys = []
    for row in seed:
        where = f"The allow-list of payload keys, {row['field']}.{row['key']}"
        if row["form"] not in FORMS or row["action"] not in ACTIONS or not _KEY.fullmatch(row["key"]):
            raise ContractError(f"{where}: form must be one of {', '.join(FORMS)}; action of {', '.join(ACTIONS)}.")
        if (row["form"] in _CUT) != (row["action"] == "truncate") and row["action"] != "drop":
            raise ContractError(f"{where}: an address and a path are truncated (or dropped), and nothing else is.")
        if row["field"] == column and row["action"] != "drop":
            keys.append(AllowedKey(row["key"], row["form"]))
    return sorted(keys, key=lambda item: item.key)


def raw_values(keys: Sequence[AllowedKey], text: str) -> str:
    """SQL for the list of the values of the keys, as JSON text."""
    paths = ", ".join(f"'$.{item.key}'" for item in keys)
    return f"(json_extract({text}, [{paths}]::varchar[])::varchar[])"


def stored(keys: Sequence[AllowedKey], values: Sequence[str]) -> str:
    """SQL for the payload as it is stored: allowed keys in binary order, with these values."""
    parts = [f"'\"{item.key}\":' || {value}" for item, value in zip(keys, values, strict=True)]
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'" if parts else "'{}'"
