"""Settings: the way to all their pages."""

from typing import Any

from flask import abort, url_for

from crmlite.access import requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts.views.blueprint import bp
from crmlite.navigation import settings_pages
from crmlite.paging import page
from crmlite.wording import label


@bp.get("/settings")
@requires(SIGNED_IN)
def settings() -> Any:
    """The pages of the settings that the reader may open; 403 when there are none."""
    pages = [
        {
            "url": url_for(one.endpoint),
            "label": label(one.label),
            "description": label(one.description),
            "icon": one.icon,
        }
        for one in settings_pages()
    ]
    if not pages:
        abort(403)
    return page("accounts/settings.html", pages=pages)
