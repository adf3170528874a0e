"""What the list of orders is narrowed down to, said in a form."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from crmlite.access import Reader, current_reader, requires
from crmlite.customers.queries import customer_or_none, in_sight
from crmlite.paging import page, redirected, with_query
from crmlite.rules.numbering import LONGEST
from crmlite.sales import query_string
from crmlite.sales.forms.conditions import ConditionsForm
from crmlite.sales.queries import products as products_read
from crmlite.sales.queries.orders import Wanted
from crmlite.sales.sight import sees_all_amounts
from crmlite.sales.views.blueprint import bp
from crmlite.search.queries import find


@bp.route("/orders/conditions", methods=["GET", "POST"])
@requires("orders:see")
def conditions() -> Any:
    """Days, a customer, a product, amounts; the address says what the list asks for already."""
    reader, wanted = current_reader(), query_string.wanted_of(request.args)
    form = ConditionsForm(data=_data(wanted, reader))
    if not sees_all_amounts(reader):
        del form.least, form.most
    if form.validate_on_submit() and (meant := _meant(form, wanted, reader)) is not None:
        return redirected(with_query(url_for("sales.orders"), query_string.query_of(meant)))
    here = with_query(url_for("sales.conditions"), query_string.query_of(wanted))
    back = with_query(url_for("sales.orders"), query_string.query_of(wanted))
    return page(
        "sales/conditions.html",
        "sales/_conditions.html",
        form.http_status,
        form=form,
        here=here,
        back=back,
    )


def _data(wanted: Wanted, reader: Reader) -> dict[str, Any]:
    ids = [wanted.customer_id] if wanted.customer_id is not None else []
    customer = next(iter(in_sight(reader, ids).values()), None)
    product = wanted.product_id
    return {
        "since": wanted.since,
        "until": wanted.until,
        "customer": f"{customer['number']} {customer['name']}" if customer else "",
        "product": products_read.name_of(product) if product is not None else "",
        "least": wanted.least,
        "most": wanted.most,
    }


def _meant(form: ConditionsForm, wanted: Wanted, reader: Reader) -> Wanted | None:
    """The list as the form has it; None where that names what there is not, and the form says so."""
    typed, product = str(form.customer.data or "").strip(), str(form.product.data or "").strip()
    customer_id = _customer(typed, reader) if typed else None
    found = products_read.meant([product]).get(product) if product else None
    if typed and customer_id is None:
        form.blame("customer", _("Which customer? Type a number or a name, and pick one."))
    if product and found is None:
        form.blame("product", _("There is no such product in the list."))
    if form.errors:
        return None
    is_period = (form.since.data, form.until.data) == (wanted.since, wanted.until)
    return replace(
        wanted,
        period=wanted.period if is_period else "",
        since=form.since.data,
        until=form.until.data,
        customer_id=customer_id,
        product_id=found["id"] if found else None,
        least=form.least.data if "least" in form else None,
        most=form.most.data if "most" in form else None,
    )


def _customer(typed: str, reader: Reader) -> int | None:
    """The customer that is typed, by number or by a name that only one has."""
    number = typed.partition(" ")[0]
    row = customer_or_none(number, seen_by=reader) if len(number) <= LONGEST else None
    if row is not None:
        return int(row["id"])
    hits = find(reader, typed, {"customer"}, limit=20)
    seen = in_sight(reader, [hit.record_id for hit in hits]).values()
    exact = [one for one in seen if one["name"] == typed] or list(seen)
    return int(exact[0]["id"]) if len(exact) == 1 else None
