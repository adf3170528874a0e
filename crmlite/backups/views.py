"""The page on which a manager sees the backups, has one made, and takes one away."""

from typing import Any

from flask import Blueprint, Response, abort, send_file, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.backups import operations, places, queries
from crmlite.paging import page, saved

blueprint = Blueprint("backups", __name__, template_folder="templates")

PAGE = "backups/overview.html"
PART = "backups/_overview.html"


@blueprint.get("/settings/backups")
@requires("backups:manage")
def overview() -> Response:
    """The backups there are, how making them went, and when one was last restored on trial."""
    return page(PAGE, PART, **_shown())


@blueprint.post("/settings/backups")
@requires("backups:manage")
def make() -> Response:
    """Have one made now, in the background."""
    new = operations.request(by=current_reader().actor, at=clock.now())
    message = _("A backup will be made in a moment.") if new else _("One is being made already.")
    return saved(url_for("backups.overview"), PART, message=message, **_shown())


@blueprint.post("/settings/backups/<name>/download")
@requires("backups:manage")
def download(name: str) -> Response:
    """Hand out the file; who takes it away stands in the ledger."""
    path, made_at = queries.file_of(name), places.made_at(name)
    if path is None or made_at is None:
        abort(404)
    operations.note_download(name, made_at, by=current_reader().actor, at=clock.now())
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name)


def _shown() -> dict[str, Any]:
    shown = queries.backups()
    good = [backup for backup in shown if backup.is_good]
    return {
        "backups": shown,
        "last_good": good[0] if good else None,
        "last_proven": queries.last_proven(),
        "under_way": queries.under_way(),
        "daily": queries.is_daily(),
    }
