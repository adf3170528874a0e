"""The kinds of records that further fields can be about."""

from collections.abc import Mapping
from types import MappingProxyType

from crmlite import hooks
from crmlite.fields.object_kinds import ObjectKind
from crmlite.rules.wording import Label
from crmlite.wording import N_, label

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "customer": N_("Customers"),
        "contact": N_("Contacts"),
        "case": N_("Cases"),
        "order": N_("Orders"),
    }
)

CUSTOM = "custom"
"""What the names of managers' own fields begin with."""


def record_kinds() -> dict[str, Label]:
    """What they are called: crmlite's, and the kinds of the packs that are on."""
    kinds = hooks.gathered("register_object_kinds")
    return {**LABELS, **{kind.name: kind.many for kind in kinds}}


def kind_words(name: str) -> str:
    """What a kind of record is called, be its pack on or off; its name where nobody knows it."""
    kind = _declared(name)
    return label(LABELS.get(name, kind.many if kind else name))


def is_telling(record_type: str, name: str) -> bool:
    """Whether records of a pack are called or dated by this field."""
    kind = _declared(record_type)
    return kind is not None and name in (kind.title, kind.day)


def _declared(name: str) -> ObjectKind | None:
    """A kind of records of a pack, be it on or off."""
    kinds = hooks.declared("register_object_kinds", name.partition("__")[0])
    return next((kind for kind in kinds if kind.name == name), None)
