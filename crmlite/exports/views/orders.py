"""The dialog from which a list of orders is taken away, and the file itself."""

from flask import Response, abort, request, url_for
from flask_babel import format_decimal

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers.lists import args_of
from crmlite.exports import operations, order_book, orders
from crmlite.exports.order_book import WantedOrders
from crmlite.exports.views.blueprint import bp
from crmlite.exports.views.sending import looker, sent
from crmlite.exports.wanted import EXPORT, FORMATS
from crmlite.paging import page, with_query
from crmlite.sales import query_string
from crmlite.sales.queries import orders as reading
from crmlite.sales.sight import sees_all_amounts
from crmlite.work import Refused

SEE_ORDERS = "orders:see"


@bp.get("/orders/export")
@requires(EXPORT)
def choose_orders() -> Response:
    """What can be taken away of the list of orders that the address asks for."""
    reader, asked = current_reader(), query_string.wanted_of(request.args)
    if not reader.may(SEE_ORDERS):
        abort(403)
    number, most = reading.total(reader, asked).count, reading.most_counted(asked)
    return page(
        "exports/orders.html",
        "exports/_orders.html",
        formats=[(key, FORMATS[key]) for key in FORMATS],
        listed=with_query("", query_string.query_of(asked)).removeprefix("?"),
        back=with_query(url_for("sales.orders"), query_string.query_of(asked)),
        count=number,
        total=f"{format_decimal(most)}+" if number > most else format_decimal(number),
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
    asked = query_string.wanted_of(args_of(request.form.get("list", "")))
    wanted = WantedOrders(asked=asked, reader=reader, format=kind)
    ids = order_book.ids_of(wanted)
    try:
        operations.write_down_orders(wanted, len(ids), by=reader.actor, at=at)
    except Refused:
        abort(429)
    return sent(orders.made(wanted, ids, at, looker(reader)), "orders", kind, at)
