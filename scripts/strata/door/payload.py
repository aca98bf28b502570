"""What may be stored of a payload: keys on a list, values of a known form. As SQL over objects that came as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from strata.errors import ContractError
from strata.reference import Seed

# Forms of a value as JSON text. None of them has room for an e-mail address or a name with a blank in it.
_TEXT_FORMS = {
    "path": r'"[\p{L}\p{N}_./:~+-]+"',
    "identifier": r'"[\p{L}\p{N}_.:/-]+"',
    "version": r'"v?\d{1,5}(\.\d{1,5}){0,2}([-+][0-9A-Za-z.-]{1,30})?"',
    "locale": r'"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}"',
}
_LONGEST_TEXT = 200
# As JSON writes a double; a whole part of thirteen digits and more has room for the number of a payment card.
_NUMBER = r"-?\d{1,12}(\.\d{1,30})?([eE]-\d{1,2})?"
# Stands for a number that was sent and is none: whoever reads a score must not take its highest score for left out.
_UNFIT_NUMBER = "'\"unfit\"'"
FORMS = (*_TEXT_FORMS, "number", "ip")
ACTIONS = ("keep", "truncate", "drop")
_ADDRESS = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|(?:[0-9A-Fa-f]{1,4}:){3}|::"
# A short id would be found in half of all values.
_SHORTEST_ID = 4
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class AllowedKey:
    """A key of a payload that may be stored: the form of its values, and whether they are cut."""

    key: str
    form: str
    is_cut: bool

    def value(self, raw: str, subject: str) -> str:
        """SQL for the value as it is stored, as JSON text; null where there is none or it does not have its form.

        In place of a number that does not have its form stands the text unfit; a null that was sent is no number sent.
        ``raw`` is the value as JSON text, ``subject`` the person's id, which may be no part of it.
        """
        match self.form:
            case "number":
                fits = f"regexp_full_match({raw}, '{_NUMBER}')"
                return f"case when {fits} then {raw} when {raw} <> 'null' then {_UNFIT_NUMBER} end"
            case "ip":
                return f"(select '\"' || network || '\"' from door_networks where address = {raw})"
        value = f"regexp_replace({raw}, '[?#].*\"$', '\"')" if self.is_cut else raw
        holds_subject = f"length({subject}) >= {_SHORTEST_ID} and contains(lower({value}), lower({subject}))"
        return (
            f"case when length({value}) <= {_LONGEST_TEXT} and regexp_full_match({value}, '{_TEXT_FORMS[self.form]}') "
            f"and not regexp_matches({value}, '{_ADDRESS}') and not ({holds_subject}) then {value} end"
        )

    def is_lost(self, raw: str, value: str) -> str:
        """SQL that is true where something was sent and ``value``, which ``value()`` made of it, does not hold it."""
        if self.form == "number":
            return f"{value} = {_UNFIT_NUMBER} and {raw} <> {_UNFIT_NUMBER}"
        return f"{raw} <> 'null' and {value} is null"


def is_plain(text: str, subject: str) -> str:
    """SQL that is true where a text is like identifiers and instants are, and does not hold the person's id."""
    holds_subject = f"length({subject}) >= {_SHORTEST_ID} and contains(lower({text}), lower({subject}))"
    return (
        rf"(length({text}) <= {_LONGEST_TEXT} and regexp_full_match({text}, '[\p{{L}}\p{{N}}_.:/+-]+') "
        f"and not regexp_matches({text}, '{_ADDRESS}') and not coalesce({holds_subject}, false))"
    )


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
        if (row["form"] == "ip") != (row["action"] == "truncate" and row["form"] != "path") and row["action"] != "drop":
            raise ContractError(f"{where}: an address is truncated (or dropped), and else only a path can be.")
        if row["field"] == column and row["action"] != "drop":
            keys.append(AllowedKey(row["key"], row["form"], is_cut=row["action"] == "truncate"))
    return sorted(keys, key=lambda item: item.key)


def raw_values(keys: Sequence[AllowedKey], text: str) -> str:
    """SQL for the list of the values of the keys, as JSON text."""
    paths = ", ".join(f"'$.{item.key}'" for item in keys)
    return f"(json_extract({text}, [{paths}]::varchar[])::varchar[])"


def kept_values(keys: Sequence[AllowedKey], raw: str, subject: str) -> list[str]:
    """SQL for the value of each key as it is stored, null where it is not. ``raw`` is what ``raw_values`` gave."""
    return [item.value(f"{raw}[{number}]", subject) for number, item in enumerate(keys, 1)]


def stored(keys: Sequence[AllowedKey], values: Sequence[str]) -> str:
    """SQL for the payload as it is stored: allowed keys in binary order, with these values."""
    parts = [f"'\"{item.key}\":' || {value}" for item, value in zip(keys, values, strict=True)]
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'" if parts else "'{}'"


def unfit(keys: Sequence[AllowedKey], raw: str, values: str) -> str:
    """SQL for the list of allowed keys whose value is not stored; ``values`` are a list in the order of the keys."""
    cases = [
        f"case when {item.is_lost(f'{raw}[{number}]', f'{values}[{number}]')} then '{item.key}' end"
        for number, item in enumerate(keys, 1)
    ]
    return f"list_filter([{', '.join(cases)}]::varchar[], lambda key: key is not null)"
