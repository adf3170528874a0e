"""The dialog from which a list of customers is taken away, and the file itself."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request, stream_with_context, url_for
from flask_babel import format_decimal
from werkzeug.datastructures import MultiDict

from crmlite import clock, settings
from crmlite.access import Reader, current_reader, requires
from crmlite.access.sensitive import write_viewings
from crmlite.customers.catalogue import BookVoice, catalogue
from crmlite.customers.lists import asked_for, count_up_to
from crmlite.customers.lists.answering import CAP
from crmlite.exports import book, operations, order_book, orders, queries
from crmlite.exports.making import made
from crmlite.exports.order_book import WantedOrders
from crmlite.exports.wanted import EXPORT, FORMATS, HINTS, LAYOUTS, MEDIA, Wanted
from crmlite.paging import page, with_query
from crmlite.rules.conditions import sentence
from crmlite.sales import asking
from crmlite.sales.queries import orders as reading
from crmlite.sales.queries.orders import MOST_SUMMED
from crmlite.sales.sight import sees_all_amounts
from crmlite.work import Refused

bp = Blueprint("exports", __name__, template_folder="templates")
LONGEST_LIST = 20_000
SEE_ORDERS = "orders:see"


@bp.get("/customers/export")
@requires(EXPORT)
def choose() -> Response:
    """What can be taken away of the list that the address asks for."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    tree = asked.tree
    return page(
        "exports/export.html",
        "exports/_export.html",
        layouts=[(key, LAYOUTS[key], HINTS[key]) for key in LAYOUTS],
        formats=list(FORMATS.items()),
        listed=with_query("", asked.query()).removeprefix("?"),
        back=with_query(url_for("customers.index"), asked.query()),
        count=(number := count_up_to(asked, reader, _today(), permission=EXPORT)),
        total=f"{format_decimal(CAP)}+" if number > CAP else format_decimal(number),
        only=sentence(tree, catalogue(reader), BookVoice()) if tree.parts else "",
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

    def looked() -> None:
        write_viewings(reader, request.endpoint or "", clock.now(), repeated=timedelta())

    pieces = made(wanted, ids, at, looked)
    response = Response(_begun(pieces), mimetype=None, content_type=MEDIA[wanted.format])
    name = f"customers-{at.astimezone(_zone()):%Y-%m-%d}.{wanted.format}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get("/orders/export")
@requires(EXPORT)
def choose_orders() -> Response:
    """What can be taken away of the list of orders that the address asks for."""
    reader, asked = current_reader(), asking.wanted_of(request.args)
    if not reader.may(SEE_ORDERS):
        abort(403)
    number = reading.total(reader, asked).count
    return page(
        "exports/orders.html",
        "exports/_orders.html",
        formats=[(key, FORMATS[key]) for key in FORMATS],
        listed=with_query("", asking.query_of(asked)).removeprefix("?"),
        back=with_query(url_for("sales.orders"), asking.query_of(asked)),
        count=number,
        total=f"{format_decimal(MOST_SUMMED)}+" if number > MOST_SUMMED else format_decimal(number),
        is_masked=not sees_all_amounts(reader),
    )


@bp.post("/orders/export")
@requires(EXPORT)
def take_orders() -> Response:
    """The file of orders. Who takes it stands in the ledger before the first byte leaves."""
    reader, at = current_reader(), clock.now()
    kind = request.form.get("format", "xlsx")
    if not reader.may(SEE_ORDERS):
        abort(403)
    if kind not in FORMATS:
        abort(422)
    query = parse_qsl(request.form.get("list", "")[:LONGEST_LIST], keep_blank_values=True)
    wanted = WantedOrders(asked=asking.wanted_of(dict(query)), reader=reader, format=kind)
    ids = order_book.ids_of(wanted)
    try:
        operations.write_down_orders(wanted, len(ids), by=reader.actor, at=at)
    except Refused:
        abort(429)

    def looked() -> None:
        write_viewings(reader, request.endpoint or "", clock.now(), repeated=timedelta())

    response = Response(
        _begun(orders.made(wanted, ids, at, looked)), mimetype=None, content_type=MEDIA[kind]
    )
    name = f"orders-{at.astimezone(_zone()):%Y-%m-%d}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _begun(pieces: Iterator[bytes]) -> Any:
    """The pieces, the first of which is made now: what goes wrong at once is answered by a page."""
    first = next(pieces, b"")
    return stream_with_context(chain((first,), pieces))


def _wanted(reader: Reader) -> Wanted:
    layout, kind = request.form.get("layout", "list"), request.form.get("format", "xlsx")
    if layout not in LAYOUTS or kind not in FORMATS:
        abort(422)
    query = parse_qsl(request.form.get("list", "")[:LONGEST_LIST], keep_blank_values=True)
    asked = asked_for(MultiDict(query), reader)
    return Wanted(asked=asked, reader=reader, layout=layout, format=kind)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.get("timezone"))


def _today() -> Any:
    return clock.today(_zone())
