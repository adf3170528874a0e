"""What a manager says about a field of their own, checked and not yet written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def kept_choices(
    choices: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Choices as they are to be kept, with those there are besides: none is ever taken away, since
    records have it, but it is offered no more."""
    keys = {one["key"] for one in choices}
    return [
        *({**one} for one in choices),
        *({**one, "retired": True} for one in there if one["key"] not in keys),
    ]
