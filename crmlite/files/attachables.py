"""What files can be attached to: declared by the slices whose records they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import abort

from crmlite import hooks
from crmlite.access import Reader

Words = str | Mapping[str, str]
SEE, EDIT = "attachments:see", "attachments:edit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A record as far as its files need to know it: the customer it hangs on and who owns that one,
    its page, what it is called there."""

    customer_id: int
    owner_id: int | None
    url: str
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachable:
    """A kind of records that take files.

    `find(reader, record_id, change=…)` answers the record where the reader sees it, with `change`
    where its files may be changed as it stands now; else None. Whether somebody may see and change
    files at all is asked besides. `event` is what pages listen to that show the files' number.
    """

    record_type: str
    label: Words
    find: Callable[..., Target | None]
    event: str = ""

    @property
    def name(self) -> str:
        """Each kind of records is declared once."""
        return self.record_type


def attachables() -> Mapping[str, Attachable]:
    """All of them by kind of record."""
    return hooks.by_name("register_attachables")


def target_of(
    record_type: str, record_id: int, reader: Reader, *, change: bool = False
) -> Target | None:
    """The record whose files a reader may see, or change; None when they may not."""
    kind = attachables().get(record_type)
    target = kind.find(reader, record_id, change=change) if kind is not None else None
    if target is None or not reader.covers(SEE, target.owner_id):
        return None
    return target if not change or reader.covers(EDIT, target.owner_id) else None


def found(record_type: str, record_id: int, reader: Reader, *, change: bool = False) -> Target:
    """The same for pages: 404 when it is out of sight, 403 when its files may only be seen."""
    target = target_of(record_type, record_id, reader)
    if target is None:
        abort(404)
    if change:
        target = target_of(record_type, record_id, reader, change=True)
        if target is None:
            abort(403)
    return target
