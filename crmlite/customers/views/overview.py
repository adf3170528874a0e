"""The list of customers."""

from zoneinfo import ZoneInfo

from flask import request, url_for
from werkzeug.wrappers import Response

from crmlite import clock, settings
from crmlite.access import current_reader, requires
from crmlite.customers.catalogue import BookVoice, catalogue
from crmlite.customers.lists import asked_for, listing
from crmlite.customers.lists.showing import heads, rows
from crmlite.customers.views.blueprint import bp
from crmlite.paging import page, with_query
from crmlite.rules.conditions import phrases


@bp.get("/customers")
@requires("customers:see")
def index() -> Response:
    """The list that the address asks for."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    today = clock.today(ZoneInfo(settings.get("timezone")))
    found = listing(asked, reader, today)

    def url(**changes: object) -> str:
        return with_query(url_for("customers.index"), asked.query(**changes))

    return page(
        "customers/list.html",
        "customers/_list.html",
        asked=asked,
        found=found,
        heads=heads(asked, reader),
        rows=rows(found, asked, reader, today),
        chips=phrases(asked.tree, catalogue(reader), BookVoice()) if asked.tree.parts else [],
        url=url,
        url_without=lambda place: with_query(
            url_for("customers.index"), asked.without(place).query()
        ),
    )
