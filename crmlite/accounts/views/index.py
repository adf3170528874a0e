"""Settings: the way to all their pages."""

from itertools import groupby
from typing import Any

from flask import abort, url_for

from crmlite.access import requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts.views.blueprint import bp
from crmlite.navigation import SettingsPage, settings_pages
from crmlite.paging import page
from crmlite.wording import N_, label

# What stands below which weight, under its heading.
GROUPS = (
    (20, N_("The firm and its people")),
    (30, N_("Customer records")),
    (50, N_("Complaints and cases")),
    (1_000, N_("Running crmlite")),
)


@bp.get("/settings")
@requires(SIGNED_IN)
def settings() -> Any:
    """The pages of the settings that the reader may open; 403 when there are none."""
    pages = settings_pages()
    if not pages:
        abort(403)
    groups = [
        (label(title), [_door(one) for one in some]) for title, some in groupby(pages, _group)
    ]
    return page("accounts/settings.html", groups=groups)


def _group(one: SettingsPage) -> str:
    """The heading under which a page stands."""
    return next(title for below, title in GROUPS if one.weight < below)


def _door(one: SettingsPage) -> dict[str, str]:
    return {
        "url": url_for(one.endpoint),
        "label": label(one.label),
        "description": label(one.description),
        "icon": one.icon,
    }
