"""How crmlite and its packs declare what is recorded about a customer, contact, need or case.

A pack lists its fields like this, and needs no table and no migration for them:

    Field(
        name="retail__member_level",
        label={"en": "Member level", "zh": "会员等级"},
        kind="choice",
        choices=(
            Choice("silver", {"en": "Silver", "zh": "银卡"}),
            Choice("gold", {"en": "Gold", "zh": "金卡"}),
        ),
        indexed=True,
    )

The value is kept under the field's name in the record's `extra`; the form, the list, filters,
import, export, change record and API know the field from this alone.
"""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmlite.rules.kinds import KINDS, PRESENCE, SETS, Kind
from crmlite.rules.wording import Label

if TYPE_CHECKING:
    from crmlite.rules.conditions.tree import Node

NAME = re.compile(r"(?:[a-z][a-z0-9]*__)?[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_NAME = 41  # names are written into index expressions
CHOICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
MAY_BE_SEVERAL = ("choice", "industry", "person", "team")
ONLY_FOR = ("", "company", "person")


class BadDeclaration(ValueError):
    """A field is declared in a way that cannot work; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose from. The key is stored and never changes; a retired one is kept
    where it is used and no longer offered."""

    key: str
    label: Label
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to record.

    name           `founded_on`; in packs `pack__founded_on`, in a manager's own `custom__founded_on`
    label          a text to be translated, or `{"en": …, "zh": …}`
    kind           one of `crmlite.rules.kinds.KINDS`
    choices        what a choice or choices field offers
    choices_from   or the name of the editable list that offers it: "stage", "size"
    required_when  of a pack's field: a condition on what is recorded in the same record; `ALWAYS`
                   for always. A record that lacks the value is kept and marked incomplete
    only_for       of a customer: "company" or "person" where others are not asked for it
    sensitive      masked for those without the right to see it; always so for phone, e-mail,
                   messenger and amount
    sealed         encrypted at rest: no sorting, and no filter but "is empty" and "is filled in"
                   (crmlite's own phone, e-mail and messenger also by their whole value). Always so
                   for those three, and for every sensitive field of a pack except amounts
    indexed        quick to filter and sort among a million; about 8 per record type in all
    multiple       holds several of a choice, industry, person or team
    group          under which heading it stands: a label, or the key of one of crmlite's own
                   ("basics", "place", "cooperation", "person"); hint: one sentence below the input
    aliases        further headings by which an import recognises it
    """

    name: str
    label: Label
    kind: str = "text"
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    required_when: "Node | None" = None
    only_for: str = ""
    sensitive: bool = False
    sealed: bool = False
    indexed: bool = False
    multiple: bool = False
    group: Label = ""
    hint: Label = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot work; complete what the kind decides."""
        if self.kind not in KINDS:
            raise self._bad(f"kind {self.kind!r} is unknown; there are {', '.join(KINDS)}")
        put = object.__setattr__  # the one moment a frozen value may be completed
        put(self, "sensitive", self.sensitive or self.traits.sensitive)
        further = bool(self.pack) and is_sealed(self.kind, sensitive=self.sensitive)
        put(self, "sealed", self.sealed or self.traits.sealed or further)
        put(self, "multiple", self.multiple or self.traits.several)
        for wrong, reason in self._faults():
            if wrong:
                raise self._bad(reason)

    def _faults(self) -> tuple[tuple[bool, str], ...]:
        keys = [choice.key for choice in self.choices]
        chosen = self.kind in ("choice", "choices")
        several = (*MAY_BE_SEVERAL, "choices", "tags")
        return (
            (not NAME.fullmatch(self.name), "names are like `founded_on` or `pack__founded_on`"),
            (len(self.name) > LONGEST_NAME, f"a name has at most {LONGEST_NAME} characters"),
            (not has_words(self.label), "the label needs English text"),
            (chosen and not (keys or self.choices_from), "it offers no choices"),
            (bool(keys or self.choices_from) and not chosen, f"a {self.kind} has no choices"),
            (len(set(keys)) < len(keys), "two choices have the same key"),
            (
                not all(map(CHOICE_KEY.fullmatch, keys)),
                "choice keys are like `gold` or `first_visit`",
            ),
            (not all(has_any_words(each.label) for each in self.choices), "a choice has no label"),
            (self.only_for not in ONLY_FOR, "only_for is `company` or `person`"),
            (self.multiple and self.kind not in several, f"a {self.kind} holds one value"),
            (self.indexed and not self.sortable, "it is sealed or cannot be sorted, so no index"),
        )

    def _bad(self, reason: str) -> BadDeclaration:
        return BadDeclaration(f"Field {self.name!r}: {reason}.")

    @property
    def traits(self) -> Kind:
        """What its kind decides."""
        return KINDS[self.kind]

    @property
    def pack(self) -> str:
        """The pack it belongs to (`custom` for a manager's own); empty for crmlite itself."""
        pack, separator, _ = self.name.partition("__")
        return pack if separator else ""

    @property
    def sortable(self) -> bool:
        """Whether a list can be sorted by it."""
        return self.traits.sorts and not self.sealed and not self.multiple

    @property
    def operators(self) -> tuple[str, ...]:
        """What may be asked about it, by the names in `crmlite.rules.conditions.OPERATORS`."""
        if self.sealed and (self.pack or not self.traits.sealed):
            return PRESENCE
        if self.multiple:
            return (*SETS, *PRESENCE)
        return self.traits.operators

    def choice(self, key: str) -> Choice | None:
        """The choice with a key; None when there is none here."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def offering(self, choices: tuple[Choice, ...]) -> "Field":
        """The same field with the choices of its editable list as they stand now."""
        return replace(self, choices=choices)


def is_sealed(kind: str, *, sensitive: bool) -> bool:
    """Whether the values of a further field of this kind are encrypted at rest."""
    return KINDS[kind].sealed or (sensitive and kind != "amount")


def has_any_words(label: Label) -> bool:
    """Whether a label says something in one language at least, as managers write it."""
    return bool(label if isinstance(label, str) else label.get("en") or label.get("zh"))


def has_words(label: Label) -> bool:
    """Whether a label has at least its English text."""
    return bool(label if isinstance(label, str) else label.get("en"))
