"""Persons and their pseudonyms, which are random and found again by a digest under a key outside the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from strata.door.identifiers import SubjectKey
from strata.errors import UsageError

KEY_CHECK = "(key check)"


@dataclass
class Subjects:
    """Pseudonyms of persons. ``find`` asks the warehouse for those of some digests, ``keep`` stores new ones.

    In a replay a value that is a pseudonym already stays as it is; ``known`` tells which of some values are.
    """

    key: SubjectKey
    find: Callable[[Sequence[str]], dict[str, str]]
    keep: Callable[[dict[str, str]], None]
    known: Callable[[Sequence[str]], set[str]]
    is_replay: bool = False
    _known: dict[str, str] = field(default_factory=dict, repr=False)

    def check_key(self) -> None:
        """Whether this is the key under which the warehouse knows its persons; the first use of a key makes it so.

        Raises:
            UsageError: another key was used before. Every person would get a second pseudonym.
        """
        known = self.find([KEY_CHECK])
        mark = self.key.subject(KEY_CHECK)
        if not known:
            self.keep({KEY_CHECK: mark})
        elif known[KEY_CHECK] != mark:
            raise UsageError(
                "STRATA_SUBJECT_KEY is not the key with which this warehouse was begun. With another key, every "
                "person would appear a second time. Set the first key again, or begin a new warehouse."
            )

    def pseudonyms(self, subjects: Sequence[str]) -> dict[str, str]:
        """A pseudonym for each of these persons; who comes for the first time gets a new one."""
        new = [subject for subject in subjects if subject not in self._known]
        if new and self.is_replay:
            self._known |= {subject: subject for subject in self.known(new)}
            new = [subject for subject in new if subject not in self._known]
        digests = {self.key.subject(subject): subject for subject in new}
        found = self.find(list(digests)) if digests else {}
        made = {digest: uuid4().hex for digest in digests if digest not in found}
        if made:
            self.keep(made)
        self._known |= {digests[digest]: pseudonym for digest, pseudonym in (found | made).items()}
        return {subject: self._known[subject] for subject in subjects}
