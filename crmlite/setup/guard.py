"""Pages while there is no book, or one that this crmlite does not fit: a sentence, and no harm."""

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crmlite import errors
from crmlite.db import migrate
from crmlite.db.migrate import Standing
from crmlite.extensions import database
from crmlite.wording import N_
from crmlite.work.epoch import epoch

blueprint = Blueprint("guard", __name__)

KEY = "crmlite.fits_at_epoch"
TEXTS = {
    Standing.EMPTY: (
        N_("There is no book here yet"),
        N_("Whoever runs this server starts one with the command crmlite init."),
    ),
    Standing.BEHIND: (
        N_("This book must be brought up to date first"),
        N_("Nothing is lost. Whoever runs this server does it with the command crmlite upgrade."),
    ),
    Standing.AHEAD: (
        N_("This book is newer than the crmlite that runs here"),
        N_("Nothing was changed. Whoever runs this server must start the newer crmlite."),
    ),
    Standing.FOREIGN: (
        N_("This database does not belong to crmlite"),
        N_("Nothing was changed. Whoever runs this server must choose another database."),
    ),
}


@blueprint.before_app_request
def refuse_unfit() -> Response | None:
    """503 with what to do. Looks again only when an upgrade moved the epoch."""
    if request.blueprint == "health" or request.endpoint == "static":
        return None
    fits_at: int | None = current_app.extensions.get(KEY)
    if fits_at is not None and fits_at == epoch():
        return None
    standing = migrate.standing(database.session.connection())
    if standing is Standing.CURRENT:
        current_app.extensions[KEY] = epoch()
        return None
    errors.ask_nothing_more()
    title, text = TEXTS[standing]
    return errors.answer(503, _(title), _(text))
