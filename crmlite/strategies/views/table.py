"""The strategy table of the customers that an address asks for, as their list does."""

from itertools import groupby
from typing import Any

from flask import request, url_for

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers.conditions.catalogue import BookVoice, catalogue
from crmlite.customers.lists import Asked, asked_for, listing
from crmlite.customers.lists.answering import CAP, SIZE
from crmlite.db.keyset import BadCursor
from crmlite.paging import page, redirected, with_query
from crmlite.rules.conditions import sentence
from crmlite.settings.queries import local_day
from crmlite.strategies.table import table_of
from crmlite.strategies.views.blueprint import SEE, bp

EXPORT = "customers:export"
ON_PAPER = 500  # customers: some thirty sheets


@bp.get("/strategies/table")
@requires(SEE)
def table() -> Any:
    """Customer by customer what is done by which strategy, when and by whom; with `?print=1` all that
    paper is for, on one page."""
    reader, on_paper = current_reader(), "print" in request.args
    asked = asked_for(request.args, reader)
    try:
        size = ON_PAPER if on_paper else SIZE
        found = listing(asked, reader, local_day(clock.now()), size)
    except BadCursor:
        return redirected(with_query(url_for("strategies.table"), asked.query()))
    ids = [row["id"] for row in found.page.rows]
    lines = table_of(ids)
    return page(
        "strategies/table.html",
        groups=[(key, list(some)) for key, some in groupby(lines, lambda line: line.number)],
        only=sentence(asked.tree, catalogue(reader), BookVoice()) if asked.tree.parts else "",
        count=found.count,
        cap=CAP,
        listed=with_query(url_for("customers.index"), asked.query()),
        export=with_query(url_for("exports.choose"), {**asked.query(), "layout": "plan"})
        if reader.may(EXPORT)
        else "",
        on_paper=on_paper,
        most=ON_PAPER,
        printed=with_query(url_for("strategies.table"), {**asked.query(), "print": "1"}),
        before=_at(asked, found.page.before),
        after=_at(asked, found.page.after),
    )


def _at(asked: Asked, cursor: str) -> str:
    """The address of another page; empty where there is none."""
    return with_query(url_for("strategies.table"), asked.query(cursor=cursor)) if cursor else ""
