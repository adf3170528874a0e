"""How crmlite and its packs declare dimensions of tags, and tags.

A pack puts its tags into a dimension of crmlite, such as behaviour, or into one of its own:

    TagDimension(key="retail__rfm", label={"en": "RFM", "zh": "RFM 分层"}, exclusive=True)
    ShippedTag(
        dimension="retail__rfm",
        key="retail__win_back",
        label={"en": "Win back", "zh": "重要唤回"},
        when=All((
            where("last_order_on", "before", FromSetting("retail_recency_days", AGO)),
            where("bought", "at_least", FromSetting("retail_worth")),
        )),
    )

They become rows of the book, which managers rename, switch off and retire as any others.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crmlite.rules.conditions import Node
from crmlite.rules.fields import BadDeclaration, has_words
from crmlite.rules.wording import Label

MIRRORED = ("basic", "need")  # their tags follow from fields and are changed there
KEY = re.compile(r"(?:[a-z][a-z0-9]*__)?[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_DIMENSION, LONGEST_TAG, LONGEST_BOTH = 40, 60, 80


@dataclass(frozen=True, kw_only=True, slots=True)
class TagDimension:
    """A family of tags. Of an exclusive one a customer has at most one tag at a time."""

    key: str
    label: Label
    exclusive: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        _refuse(self, "Dimension", self.key, LONGEST_DIMENSION)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippedTag:
    """A tag of a dimension. With `when`, a condition, nobody sets it by hand: it is put on whom the
    condition takes and taken off all others. In an exclusive dimension earlier tags come first. A
    `quiet` one says little: it stands on the customer's own page and in filters, not in lists."""

    dimension: str
    key: str
    label: Label
    when: Node | None = None
    quiet: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        _refuse(self, "Tag", self.key, LONGEST_TAG)
        if len(self.name) > LONGEST_BOTH:
            raise BadDeclaration(f"Tag {self.name!r} has more than {LONGEST_BOTH} characters.")

    @property
    def name(self) -> str:
        """What conditions and the change record call it: `dimension/key`."""
        return f"{self.dimension}/{self.key}"


def _refuse(declared: TagDimension | ShippedTag, what: str, key: str, most: int) -> None:
    if not KEY.fullmatch(key) or len(key) > most:
        raise BadDeclaration(
            f"{what} {key!r}: keys are like `win-back`, of packs like `retail__win_back`, and have "
            f"at most {most} characters."
        )
    if not has_words(declared.label):
        raise BadDeclaration(f"{what} {key!r}: the label needs English text.")


def refuse_unfit(
    pack: str,
    dimensions: Iterable[TagDimension],
    tags: Iterable[ShippedTag],
    of_crmlite: Collection[str],
) -> None:
    """Raise BadDeclaration for what a pack declares and cannot: keys that are not its own, tags of a
    dimension that is neither its own nor one of crmlite's that it may add to."""
    own = [one.key for one in dimensions]
    there = [*(key for key in of_crmlite if key not in MIRRORED), *own]
    some = list(tags)
    for key in [*own, *(tag.key for tag in some)]:
        if not key.startswith(f"{pack}__"):
            raise BadDeclaration(f"{key!r}: keys of this pack begin with `{pack}__`.")
    for tag in some:
        if tag.dimension in MIRRORED:
            raise BadDeclaration(
                f"Tag {tag.name!r}: tags of {tag.dimension} follow from fields and are not declared."
            )
        if tag.dimension not in there:
            known = ", ".join(there)
            raise BadDeclaration(
                f"Tag {tag.name!r}: there is no dimension {tag.dimension!r}; there are {known}."
            )
