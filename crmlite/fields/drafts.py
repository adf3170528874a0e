"""What a manager says about a field of their own, checked and not yet written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, str]  # in one language at least


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceDraft:
    """A choice; `key` None for a new one."""

    label: Words
    key: str | None = None
    retired: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldDraft:
    """A field, but for what kind it is. `only_for` is the kind of customer that is asked for it, empty
    for both. `choices` None leaves those there are as they are."""

    label: Words
    hint: Words | None = None
    group: Words | None = None
    choices: Sequence[ChoiceDraft] | None = None
    required: bool = False
    indexed: bool = False
    only_for: str = ""
    aliases: Sequence[str] = ()
