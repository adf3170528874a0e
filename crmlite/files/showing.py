"""The files of a record as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.files.attachables import EDIT, SEE, Target
from crmlite.files.limits import limits
from crmlite.files.queries import BESIDE, PAGE, Row, files_of, name_of
from crmlite.files.wording import size_words
from crmlite.forms.form import fresh_key

INLINE = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
ICONS = {"image": "photo", "text": "file-text", "application/pdf": "file-type-pdf"}
SHEETS = ("spreadsheet", "excel")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A file as a line. One that `opens` is shown by the browser; any other is saved."""

    id: int
    icon: str
    name: str
    url: str
    size: str
    who: str
    at: datetime
    opens: bool


def attachments(
    record_type: str,
    record_id: int,
    target: Target,
    reader: Reader,
    *,
    rows: Sequence[Row] | None = None,
    may_change: bool = False,
    beside: bool = False,
    before: int | None = None,
    refused: Sequence[str] = (),
) -> dict[str, Any] | None:
    """What `files/_attachments.html` is drawn from, given to it as `given`; None for a reader who may
    see no files. One statement, none where the page has the `rows` (`queries.packed`).

    `may_change` says whether the record's files may be changed as it stands; the reader's right to
    do so is asked besides. `beside` shows the latest ones only, with the way to all, `before` a page
    of those before the file with this id. `refused` are sentences about files that were not taken.
    """
    if not reader.covers(SEE, target.owner_id):
        return None
    found = files_of(record_type, record_id, before) if rows is None else rows
    some = found[: BESIDE if beside else PAGE]
    taken = limits()
    here = url_for("files.of_record", kind=record_type, record_id=record_id)
    return {
        "id": f"attachments-{record_type}-{record_id}",
        "url": here,
        "title": target.title,
        "lines": [_line(row) for row in some],
        "more": beside and len(found) > len(some),
        "latest": here if before is not None else "",
        "earlier": f"{here}?before={some[-1]['id']}" if len(found) > len(some) else "",
        "may_change": may_change and reader.covers(EDIT, target.owner_id),
        "may_add": bool(taken.families),
        "accept": taken.accept,
        "largest": size_words(taken.one),
        "form_key": fresh_key(),
        "refused": refused,
    }


def _line(row: Row) -> Line:
    return Line(
        id=row["id"],
        icon=_icon(row["media_type"]),
        name=name_of(row),
        url=url_for("files.show", attachment_id=row["id"]),
        size=size_words(row["size"]),
        who=person_name(row["added_by_id"]),
        at=row["created_at"],
        opens=row["media_type"] in INLINE,
    )


def _icon(media_type: str) -> str:
    if any(word in media_type for word in SHEETS):
        return "table"
    family = media_type.partition("/")[0]
    return ICONS.get(media_type) or ICONS.get(family, "file")
