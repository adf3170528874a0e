"""The files of a record: shown, added, handed over, deleted."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import current_reader, requires, takes_files
from crmlite.access.gate import SIGNED_IN
from crmlite.db.sealing import SealBroken
from crmlite.errors import answer
from crmlite.files import keeping, operations, queries
from crmlite.files.attachables import Target, attachables, found, target_of
from crmlite.files.limits import limits
from crmlite.files.serving import handed_over
from crmlite.files.showing import attachments
from crmlite.files.taking import Taken, take
from crmlite.files.wording import reason, size_words
from crmlite.forms import Form
from crmlite.forms.numbers import MOST
from crmlite.paging import page, saved, toast, wants_part
from crmlite.rules.text import clean_int
from crmlite.work import Refused

bp = Blueprint("files", __name__, template_folder="templates")

PART = "files/_attachments.html"


@bp.route("/files/of/<kind>/<int:record_id>", methods=["GET", "POST"])
@takes_files("max_attachments_mb")
@requires(SIGNED_IN)
def of_record(kind: str, record_id: int) -> Any:
    """The files of a record; sent to it, further ones. One view for both: of two, an id that no record
    can have would be refused for its method."""
    if request.method == "POST":
        return _add(kind, record_id)
    target = found(kind, record_id, current_reader())
    before = clean_int(request.args.get("before", ""), least=1, most=MOST).value
    return _page(kind, record_id, target, before=before)


def _add(kind: str, record_id: int) -> Any:
    """Attach files; those that are not taken are named, and the others are attached."""
    reader = current_reader()
    target = found(kind, record_id, reader, change=True)
    there = queries.digests_of(kind, record_id)
    taken = take(request.files.getlist("files"), limits(), there)
    done: dict[str, Any] = {"ids": [], "uids": [], "operation": None}
    try:
        if taken.kept:
            done = operations.attach(
                kind,
                record_id,
                target,
                taken.kept,
                most=limits().all,
                form_key=_key(taken),
                by=reader.actor,
                at=clock.now(),
            )
    except Refused:
        taken.refused.append(reason("full", most=size_words(limits().all)))
    finally:
        # Also where the form was sent twice, and the first time stands.
        keeping.discard([file.uid for file in taken.kept if file.uid not in done["uids"]])
    if not done["ids"]:
        refused = taken.refused or [_("Please choose a file.")]
        return _page(kind, record_id, target, refused, status=422)
    message = ngettext("One file attached.", "%(num)d files attached.", len(done["ids"]))
    return _answer(kind, record_id, target, message, done["operation"], taken.refused)


@bp.get("/files/<int:attachment_id>")
@requires(SIGNED_IN)
def show(attachment_id: int) -> Any:
    """A file: shown by the browser where it is an image, else to be saved."""
    row, _target = queries.attachment(attachment_id, current_reader())
    try:
        return handed_over(row)
    except FileNotFoundError:
        text = _("Its line is, but the file itself was lost on the server. Tell whoever runs it.")
        return answer(404, _("This file is not there"), text)
    except SealBroken:
        text = _("It was altered on the server, or its key is missing. Tell whoever runs it.")
        return answer(500, _("This file cannot be opened"), text)


@bp.post("/files/<int:attachment_id>/deletion")
@requires(SIGNED_IN)
def delete(attachment_id: int) -> Any:
    """Move a file to the recycle bin."""
    reader = current_reader()
    row, target = queries.attachment(attachment_id, reader, change=True)
    done = operations.delete_attachment(attachment_id, by=reader.actor, at=clock.now())
    message = _("The file is in the recycle bin, for 30 days.")
    return _answer(row["record_type"], row["record_id"], target, message, done or None)


def _key(taken: Taken) -> str | None:
    """The form key, the same only for the same form of the same record with the same files: who goes
    back and chooses others means something else."""
    key = Form().form_key.data
    told = "\n".join((request.path, *(f"{file.name} {file.sha256}" for file in taken.kept)))
    return f"{key}.{hashlib.sha256(told.encode()).hexdigest()[:20]}" if key else None


def _answer(
    kind: str,
    record_id: int,
    target: Target,
    message: str,
    undo: int | None,
    refused: Sequence[str] = (),
) -> Any:
    if not wants_part():
        for sentence in refused:
            toast(sentence, kind="error")
    event = attachables()[kind].event
    return saved(
        target.url,
        PART,
        message=message,
        undo=undo,
        events={event: True} if event else None,
        given=_given(kind, record_id, target, refused),
    )


def _page(
    kind: str,
    record_id: int,
    target: Target,
    refused: Sequence[str] = (),
    status: int = 200,
    before: int | None = None,
) -> Any:
    return page(
        "files/attachments.html",
        PART,
        status,
        target=target,
        what=attachables()[kind].label,
        given=_given(kind, record_id, target, refused, before),
    )


def _given(
    kind: str,
    record_id: int,
    target: Target,
    refused: Sequence[str],
    before: int | None = None,
) -> Any:
    reader = current_reader()
    may_change = target_of(kind, record_id, reader, change=True) is not None
    return attachments(
        kind,
        record_id,
        target,
        reader,
        may_change=may_change,
        before=before,
        refused=refused,
    )
