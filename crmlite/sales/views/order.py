"""Writing an order down, its page, correcting it, and its way."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import Reader, current_reader, opened, requires
from crmlite.customers import queries as customers
from crmlite.fields.entering import part_for
from crmlite.followups.deadlines import firm_zone
from crmlite.paging import page, saved
from crmlite.rules.numbering import LONGEST
from crmlite.rules.order_states import MOVES, Status
from crmlite.sales import operations
from crmlite.sales.forms.orders import ADD, REMOVE, OrderForm, filled, order_form, without_line
from crmlite.sales.models import Order
from crmlite.sales.operations import OrderDraft
from crmlite.sales.record import OrderRecord
from crmlite.sales.sight import may
from crmlite.sales.views.blueprint import bp
from crmlite.sales.views.finding import done, found, refused, words
from crmlite.search.queries import find
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

Row = Mapping[str, Any]
ADDRESS = "/orders/<number>"
FORM = "sales/_form.html"


@bp.get(ADDRESS)
@requires("orders:see")
def show(number: str) -> Any:
    """An order: its lines, what came back, where it stands."""
    return page("sales/order.html", "sales/_order.html", record=found(number))


@bp.route("/orders/new", methods=["GET", "POST"])
@requires("orders:create")
def new() -> Any:
    """Write an order down; `?customer=C001` says whose it is."""
    reader = current_reader()
    asked = _by_number(request.args.get("customer", ""), reader)
    form = _new_form(reader, asked)
    if _only_lines(form):
        return _new_page(form, asked)
    if form.validate_on_submit():
        customer = _meant(form, reader)
        if customer is not None:
            return _add(form, customer, reader, asked)
    return _new_page(form, asked)


def _new_form(reader: Reader, customer: Row | None) -> OrderForm:
    data = {
        "customer": _called(customer) if customer else "",
        "ordered_on": clock.today(firm_zone()),
        "seller_id": reader.user_id,
        "standing": Status.CONFIRMED.value,
    }
    more = {"formdata": changed} if (changed := without_line()) is not None else {}
    currency = str(settings.get("currency"))
    owner_id = customer["owner_id"] if customer else reader.user_id
    further = part_for("order", reader, owner_id, currency=currency)
    return order_form(currency, fresh=True, further=further, data=data, **more)


def _add(form: OrderForm, customer: Row, reader: Reader, asked: Row | None) -> Any:
    draft = OrderDraft(
        customer_id=customer["id"],
        values={**form.changes(), "status": form.standing.data},
        lines=form.drafts(),
        number=form.number.data or None,
    )
    try:
        made = operations.add_order(draft, form_key=form.key, by=reader.actor, at=clock.now())
    except Refused as refusal:
        form.blame(_blamed(refusal), words(refusal))
        return _new_page(form, asked)
    message = _("%(number)s is written down.", number=made["number"])
    place = url_for("sales.show", number=made["number"])
    return saved(place, message=message, undo=made["operation"])


def _meant(form: OrderForm, reader: Reader) -> Row | None:
    """The customer that is typed, where the reader may write orders down for them; else None, and the
    form says why."""
    typed = str(form.customer.data or "").strip()
    row = _by_number(typed.partition(" ")[0], reader) if typed else None
    if row is None and typed:
        hits = find(reader, typed, {"customer"}, limit=2)
        seen = list(customers.in_sight(reader, [hit.record_id for hit in hits]).values())
        exact = [one for one in seen if one["name"] == typed]
        row = (exact or seen)[0] if len(exact or seen) == 1 else None
    if row is None:
        form.blame("customer", _("Which customer? Type a number or a name, and pick one."))
    elif row["state"] != "active" or not may(reader, "orders:create", row["owner_id"]):
        form.blame("customer", _("You may not write orders down for this customer."))
        return None
    return row


def _by_number(number: str, reader: Reader) -> Row | None:
    if not number or len(number) > LONGEST:
        return None
    return customers.customer_or_none(number, seen_by=reader)


def _called(customer: Row) -> str:
    return f"{customer['number']} {customer['name']}"


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("orders:edit")
def edit(number: str) -> Any:
    """Correct an order."""
    record, reader = found(number, "orders:edit"), current_reader()
    form = _edit_form(record)
    if _only_lines(form):
        if "lines" not in form:
            form.nothing_is_lost()
        return _page(form, None, record.url("edit"), record)
    if form.validate_on_submit():
        values = form.changes()
        if form.number.data:
            values["number"] = form.number.data
        try:
            undo = operations.update_order(
                record.row["id"],
                values,
                form.drafts() if record.lines_open else None,
                version=form.seen,
                by=reader.actor,
                at=clock.now(),
            )
            message = _("Saved.") if undo else _("Nothing was changed.")
            place = url_for("sales.show", number=values.get("number", number))
            return saved(place, message=message, undo=undo or None)
        except Refused as refusal:
            form.blame(_blamed(refusal), words(refusal))
        except Stale:
            fresh = found(number)
            theirs = {**_plain(fresh), **fresh.further_part().values}
            form.differs_from(theirs, fresh.line_rows)
    return _page(form, None, record.url("edit"), record)


def _edit_form(record: OrderRecord) -> OrderForm:
    more = {"formdata": changed} if (changed := without_line()) is not None else {}
    further = record.further_part()
    data = {**filled(_plain(record), record.line_rows), **further.values}
    form = order_form(
        record.row["currency"],
        fresh=False,
        lines=record.line_rows,
        further=further,
        data=data,
        **more,
    )
    if not record.lines_open:
        form.fix_lines()
    return form


def _plain(record: OrderRecord) -> dict[str, Any]:
    """An order as its form shows it: the remark as text."""
    return {**record.row, "remark": opened(Order.remark, record.row)}


def _only_lines(form: OrderForm) -> bool:
    """Whether a line is added or taken away, and nothing saved."""
    if ADD in request.form and "lines" in form:
        form.add_line()
    return ADD in request.form or REMOVE in request.form


def _blamed(refusal: Refused) -> str | None:
    if refusal.code in ("discount_too_large", "order_paid_back"):
        return "discount"
    return "number" if refusal.code.startswith("number") else None


def _new_page(form: OrderForm, customer: Row | None) -> Any:
    number = customer["number"] if customer else None
    return _page(form, customer, url_for("sales.new", customer=number))


def _page(
    form: OrderForm, customer: Row | None, url: str, record: OrderRecord | None = None
) -> Any:
    context = {
        "form": form,
        "url": url,
        "customer": customer,
        "record": record,
        "added": ADD in request.form,
        "sums": form.sums() if "lines" in form else None,
        "faster": last_change("customer", record.row["customer_id"])
        if record and form.is_stale
        else None,
        "now": clock.now(),
    }
    return page("sales/form.html", FORM, form.http_status, **context)


@bp.post(f"{ADDRESS}/state")
@requires("orders:edit")
def move(number: str) -> Any:
    """Take it to another state."""
    record, reader = found(number, "orders:edit"), current_reader()
    to = request.form.get("status", "")
    if to not in MOVES:
        abort(400)
    try:
        undo = operations.move_order(record.row["id"], to, by=reader.actor, at=clock.now())
    except Refused as refusal:
        return refused(record.url("show"), refusal)
    return done(number, _("The order has moved on."), undo)


@bp.post(f"{ADDRESS}/deletion")
@requires("orders:delete")
def delete(number: str) -> Any:
    """Move it to the recycle bin."""
    record, reader = found(number, "orders:delete"), current_reader()
    undo = operations.delete_order(record.row["id"], by=reader.actor, at=clock.now())
    place = url_for("customers.show", number=record.row["customer_number"])
    return saved(place, message=_("The order is in the recycle bin."), undo=undo)
