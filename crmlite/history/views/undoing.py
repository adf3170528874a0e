"""The button Undo of a message."""

from datetime import timedelta
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.access.undoing import has_rights, operation_row, withholding
from crmlite.history.views.blueprint import bp
from crmlite.paging import saved, toast
from crmlite.redirects import came_from
from crmlite.wording import N_, label
from crmlite.work import Refused, Undone, undo
from crmlite.work.undoing import is_final

UNDO_FOR = timedelta(days=1)
REFUSALS = {
    "already-undone": N_("This was undone already."),
    "cannot-be-undone": N_("There is nothing to undo here."),
}
HINDERED = {
    "busy": N_(
        "Undone in part, then the book was busy. Undo it again in a moment to undo the rest."
    ),
    "full": N_(
        "Undone in part, then the disk was full. Ask whoever runs this server to free some space, "
        "then undo it again to undo the rest."
    ),
}
FORBIDDEN = N_("Not undone: the book would then break one of its rules. Nothing was changed.")


@bp.post("/operations/<int:operation_id>/undo")
@requires(SIGNED_IN)
def undo_operation(operation_id: int) -> Any:
    """Undo what an operation did: one's own for a day, any with the right to."""
    reader, back = current_reader(), came_from("/")
    row = operation_row(operation_id)
    if row is None or not has_rights(reader, row):
        abort(404)
    if is_final(operation_id):
        return saved(back, message=_("This cannot be undone. Nothing was changed."))
    if (kind := withholding(reader, row)) is not None:
        if not kind.withheld:
            abort(404)
        return saved(back, message=label(kind.withheld))
    if not _in_time(reader, row.at):
        return saved(
            back, message=_("This is too long ago to be undone here. Nothing was changed.")
        )
    try:
        undone = undo(operation_id, by=reader.actor, at=clock.now())
    except Refused as refusal:
        return saved(back, message=str(_(REFUSALS.get(refusal.code, FORBIDDEN))))
    if undone.hindered:
        toast(str(_(HINDERED[undone.hindered])), undo=operation_id, kind="error")
        return saved(back)
    return saved(back, message=sentence(undone))


def sentence(undone: Undone) -> str:
    """How an undo went."""
    kept = len(undone.kept)
    if not kept:
        return _("Undone.")
    if not undone.restored:
        return _("Not undone: it was changed since. Everything stays as it is now.")
    return ngettext(
        "Undone. One record was changed since and stays as it is.",
        "Undone. %(num)d records were changed since and stay as they are.",
        kept,
    )


def _in_time(reader: Reader, at: Any) -> bool:
    return reader.may("history:undo") or clock.now() - at <= UNDO_FOR
