"""The blueprint of this room, which the files beside this one fill."""

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from crmlite.packs.queries import packs
from crmlite.paging import page

bp = Blueprint("setup", "crmlite.setup", url_prefix="/start", template_folder="templates")

STEPS = {
    "place": _l("Language and place"),
    "firm": _l("Your firm"),
    "manager": _l("Your login"),
    "packs": _l("Your trade"),
    "book": _l("First customers"),
}


def step(name: str, *, status: int = 200, **context: Any) -> Response:
    """The page of a step, which says how many there are: without packs there is none for them."""
    there = [one for one in STEPS if one != "packs" or packs()]
    place = there.index(name) + 1
    return page(
        f"setup/{name}.html",
        status=status,
        step=place,
        steps=len(there),
        title=STEPS[name],
        **context,
    )
