"""The dialog from which a list of customers is taken away, and the file itself."""

from datetime import date

from flask import Response, abort, request, url_for
from flask_babel import format_decimal

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.customers.conditions.catalogue import BookVoice, catalogue
from crmlite.customers.lists import args_of, asked_for, count_up_to, whole
from crmlite.customers.lists.answering import CAP
from crmlite.exports import book, operations, queries
from crmlite.exports.making import made
from crmlite.exports.views.blueprint import bp
from crmlite.exports.views.sending import looker, sent, zone
from crmlite.exports.wanted import EXPORT, FORMATS, HINTS, LAYOUTS, PLAN, Wanted
from crmlite.paging import page, with_query
from crmlite.rules.conditions import sentence
from crmlite.work import Refused


@bp.get("/customers/export")
@requires(EXPORT)
def choose() -> Response:
    """What can be taken away of the list that the address asks for."""
    reader = current_reader()
    asked = whole(asked_for(request.args, reader))
    tree = asked.tree
    return page(
        "exports/export.html",
        "exports/_export.html",
        layouts=[(key, LAYOUTS[key], HINTS[key]) for key in LAYOUTS if _may(reader, key)],
        formats=list(FORMATS.items()),
        listed=with_query("", asked.query()).removeprefix("?"),
        back=with_query(url_for("customers.index"), asked.query()),
        count=(number := count_up_to(asked, reader, _today(), permission=EXPORT)),
        total=f"{format_decimal(CAP)}+" if number > CAP else format_decimal(number),
        only=sentence(tree, catalogue(reader), BookVoice()) if tree.parts else "",
        layout=request.args.get("layout", "list"),
        is_masked=queries.is_masked(reader),
    )


@bp.post("/customers/export")
@requires(EXPORT)
def take() -> Response:
    """The file. Who takes it stands in the ledger before the first byte leaves."""
    reader, at = current_reader(), clock.now()
    wanted = _wanted(reader)
    ids = book.ids_of(wanted, _today())
    try:
        operations.write_down(wanted, len(ids), by=reader.actor, at=at)
    except Refused:
        abort(429)

    pieces = made(wanted, ids, at, looker(reader))
    return sent(pieces, "customers", wanted.format, at)


def _wanted(reader: Reader) -> Wanted:
    layout, kind = request.form.get("layout", "list"), request.form.get("format", "xlsx")
    if layout not in LAYOUTS or kind not in FORMATS:
        abort(422)
    if not _may(reader, layout):
        abort(403)
    asked = whole(asked_for(args_of(request.form.get("list", "")), reader))
    return Wanted(asked=asked, reader=reader, layout=layout, format=kind)


def _may(reader: Reader, layout: str) -> bool:
    """Whether a reader may see what a layout tells of."""
    return layout != PLAN or reader.may("strategies:see")


def _today() -> date:
    return clock.today(zone())
