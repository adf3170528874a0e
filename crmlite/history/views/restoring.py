"""The buttons Restore of the change record."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, request
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.history.operations import restore_value
from crmlite.history.queries.changes import changes
from crmlite.history.queries.restorable import root_of_restorable
from crmlite.history.views.blueprint import bp
from crmlite.paging import saved, wants_part
from crmlite.redirects import came_from
from crmlite.wording import N_, label
from crmlite.work import Refused

TAKEN = N_("Not restored: another record has this value by now.")
FORBIDDEN = N_("Not restored: the book would then break one of its rules. Nothing was changed.")


@bp.post("/history/<int:change_id>/restoration")
@requires("history:restore")
def restore(change_id: int) -> Any:
    """Give a field the value again that it had before a change.

    Answers htmx with the renewed change record that stands around the button.
    """
    reader = current_reader()
    field = request.form.get("field", "")
    try:
        root = root_of_restorable(reader, change_id, field)
    except LookupError:
        abort(404)
    if root is None:
        abort(403)
    back = came_from("/")
    operation_id = 0
    try:
        operation_id = restore_value(change_id, field, by=reader.actor, at=clock.now())
        message = _("Restored.") if operation_id else _("It has this value already.")
    except Refused as refusal:
        message = label(TAKEN if refusal.code == "value-taken" else FORBIDDEN)
    if not wants_part():
        return saved(back, message=message, undo=operation_id or None)
    query = dict(parse_qsl(urlsplit(back).query))
    return saved(
        back,
        "history/_changes.html",
        message=message,
        undo=operation_id or None,
        events={f"{root[0]}-changed": True} if operation_id else None,
        changes=changes(reader, root, text=query.get("q")),
        changes_url=back.partition("?")[0],
    )
