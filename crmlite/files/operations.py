"""Attaching files to records, taking them off again, and letting them go for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crmlite.extensions import database
from crmlite.files.attachables import Target
from crmlite.files.models import Attachment
from crmlite.work import Actor, Refused, current, operation, records

TABLE = Attachment.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A file that lies sealed and is to be attached."""

    uid: str
    name: str
    size: int
    sha256: str
    media_type: str


@operation("files_attached")
def attach(
    record_type: str,
    record_id: int,
    target: Target,
    files: Sequence[Kept],
    *,
    most: int,
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Attach files to a record; answers `{"ids", "uids", "operation"}`. `most` is how many bytes all
    files of the record may have together.

    Refused: `attachments-full`.
    """
    of_record = (TABLE.c.record_type == record_type, TABLE.c.record_id == record_id)
    there = select(func.coalesce(func.sum(TABLE.c.size), 0)).where(
        *of_record, TABLE.c.state == "active"
    )
    if database.session.execute(there).scalar_one() + sum(file.size for file in files) > most:
        raise Refused("attachments-full")
    ids = records.insert_many(
        Attachment,
        [
            {
                "uid": file.uid,
                "record_type": record_type,
                "record_id": record_id,
                "customer_id": target.customer_id,
                "state": "active",
                "name": file.name,
                "size": file.size,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "added_by_id": by.user_id,
            }
            for file in files
        ],
    )
    return {"ids": ids, "uids": [file.uid for file in files], "operation": current().id}


@operation("attachment_deleted")
def delete_attachment(attachment_id: int, *, by: Actor, at: datetime) -> int:
    """Move a file to the recycle bin; answers the id of the operation, 0 when it was there already.
    Raises Gone."""
    changed = records.update(Attachment, attachment_id, {"state": "deleted"})
    return current().id if changed else 0


@operation("attachments_removed")
def remove_for_good(attachment_ids: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Take rows away that have been in the recycle bin for long; answers how many. Their files are
    swept when no row knows them any more."""
    return len(records.delete_many(Attachment, attachment_ids))
