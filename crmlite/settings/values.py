"""The values of lists that crmlite and packs bring, as rows of the book."""

from collections.abc import Iterator, Mapping
from typing import Any

from crmlite import hooks
from crmlite.settings.catalogue import Choice, Words
from crmlite.settings.models import ChoiceRow
from crmlite.work.shipped import Shipment

WITHIN = "value:"
GONE = {"retired": True}


def shipments(owner: str) -> Iterator[Shipment]:
    """The values of one owner: of its own lists, and those that it adds to other lists."""
    rows = {
        shipped_key(one.name, value.key): row_of(one.name, value)
        for one in hooks.declared("register_choice_lists", owner)
        for value in one.shipped
    }
    rows |= {
        shipped_key(one.list, one.key): value_row(one.list, one.key, one.label, more=one.more)
        for one in hooks.declared("register_choices", owner)
    }
    yield Shipment(model=ChoiceRow, owner=owner, rows=rows, gone=GONE, within=WITHIN)


def shipped_key(list_name: str, key: str) -> str:
    """What a value is known by among those of its owner."""
    return f"{WITHIN}{list_name}/{key}"


def row_of(list_name: str, value: Choice) -> dict[str, Any]:
    """A value of a declared list as a row."""
    return value_row(list_name, value.key, value.label, retired=value.retired, more=value.more)


def value_row(
    list_name: str,
    key: str,
    label: Words,
    *,
    retired: bool = False,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A value as a row."""
    words = {"en": label} if isinstance(label, str) else dict(label)
    kept = dict(more) if more else None
    return {"list": list_name, "key": key, "label": words, "retired": retired, "more": kept}
