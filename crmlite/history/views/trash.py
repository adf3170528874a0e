"""The recycle bin."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.history.operations import restore_record
from crmlite.history.queries.trash import COUNT_AT_MOST, binned, counts, may_bring_back
from crmlite.history.queries.trash import trash as bin_of
from crmlite.history.views.blueprint import bp
from crmlite.history.views.restoring import FORBIDDEN
from crmlite.paging import page, saved, with_query
from crmlite.redirects import came_from
from crmlite.wording import label
from crmlite.work import Refused


@bp.get("/trash")
@requires("trash:see")
def trash() -> Any:
    """Deleted records by kind, the latest first."""
    kinds = binned()
    chosen = request.args.get("kind") or next(iter(kinds), "")
    if chosen not in kinds:
        abort(404)
    reader, here = current_reader(), url_for("history.trash")
    shown = bin_of(reader, chosen, cursor=request.args.get("from", ""))
    found = counts(reader)
    tabs = [
        {
            "label": label(kind.many or kind.label),
            "url": with_query(here, {"kind": name}),
            "count": f"{COUNT_AT_MOST}+" if found[name] >= COUNT_AT_MOST else found[name],
            "current": name == chosen,
        }
        for name, kind in kinds.items()
        if found[name] or name == chosen
    ]
    return page(
        "history/trash.html",
        "history/_trash.html",
        tabs=tabs,
        bin=shown,
        total=tabs[[tab["current"] for tab in tabs].index(True)]["count"],
        before=_page_url(here, chosen, shown.before),
        after=_page_url(here, chosen, shown.after),
    )


def _page_url(here: str, kind: str, cursor: str) -> str:
    return with_query(here, {"kind": kind, "from": cursor}) if cursor else ""


@bp.post("/trash/<kind>/<int:record_id>/restoration")
@requires("trash:restore")
def restore_deleted(kind: str, record_id: int) -> Any:
    """Bring a record back, with all that was deleted with it."""
    reader = current_reader()
    may = may_bring_back(reader, kind, record_id)
    if may is None:
        abort(404)
    if not may:
        abort(403)
    back = came_from(url_for("history.trash", kind=kind))
    try:
        done = restore_record(kind, record_id, by=reader.actor, at=clock.now())
    except Refused:
        return saved(back, message=label(FORBIDDEN))
    message = _("Restored, with everything that belongs to it.")
    if done["kept"]:
        message = ngettext(
            "Restored. One record was changed meanwhile and stays as it is.",
            "Restored. %(num)d records were changed meanwhile and stay as they are.",
            len(done["kept"]),
        )
    return saved(back, message=message, undo=done["operation"])
