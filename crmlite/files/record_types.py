"""How the change record speaks of attached files, and who may put them back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.files.attachables import EDIT, SEE, attachables, target_of
from crmlite.files.keeping import is_kept
from crmlite.files.models import Attachment
from crmlite.files.wording import size_words
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

STATES = {"active": N_("in use"), "deleted": N_("in the recycle bin")}


def record_types() -> list[RecordType]:
    """Attached files."""
    return [
        RecordType(
            name="attachment",
            label=N_("Attached file"),
            many=N_("Attached files"),
            model=Attachment,
            icon="paperclip",
            title="name",
            see=SEE,
            edit=EDIT,
            fixed=("state", "name", "size", "media_type", "record_type", "added_by_id"),
            labels={
                "name": N_("Name"),
                "size": N_("Size of the file"),
                "media_type": N_("Kind of file"),
                "record_type": N_("Attached to"),
                "added_by_id": N_("Attached by"),
                "state": N_("State of the record"),
            },
            wording=_worded,
            returnable=_returnable,
            operations={
                "files_attached": N_("Files attached"),
                "attachments_removed": N_("Attached files removed for good"),
            },
        )
    ]


def _returnable(reader: Reader, attachment_id: int, _returning: Mapping[str, Any]) -> bool:
    """Who may attach files to the record may take them off and put them back, while they are there."""
    table = Attachment.__table__
    wanted = select(table.c.uid, table.c.record_type, table.c.record_id)
    row = database.session.execute(wanted.where(table.c.id == attachment_id)).first()
    if row is None or not is_kept(row.uid):
        return False
    return target_of(row.record_type, row.record_id, reader, change=True) is not None


def _worded(column: str, value: Any) -> str | None:
    if column == "size":
        return size_words(int(value))
    if column == "record_type":
        kind = attachables().get(str(value))
        return label(kind.label) if kind else str(value)
    return label(STATES[value]) if column == "state" and value in STATES else None
