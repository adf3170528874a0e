"""Goods that come back, written down from the page of their order."""

from typing import Any

from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.followups.deadlines import firm_zone
from crmlite.paging import page
from crmlite.sales import operations
from crmlite.sales.forms.returns import PREFIX, return_form
from crmlite.sales.queries import orders as reading
from crmlite.sales.views.blueprint import bp
from crmlite.sales.views.finding import done, found, refused, words
from crmlite.sales.words import REFUND, quantity_words
from crmlite.work import Refused

ADDRESS = "/orders/<number>/returns"


@bp.route(f"{ADDRESS}/new", methods=["GET", "POST"])
@requires("orders:edit")
def new_return(number: str) -> Any:
    """Write down what came back."""
    record, reader = found(number, "orders:edit"), current_reader()
    data = {"returned_on": clock.today(firm_zone()), "settlement": REFUND}
    form = return_form(record.row, record.line_rows, data=data)
    if form.validate_on_submit():
        try:
            made = operations.add_return(
                record.row["id"],
                form.value(),
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            message = _("%(number)s is written down.", number=made["number"])
            return done(number, message, made["operation"])
        except Refused as refusal:
            form.blame(None, words(refusal))
    context = {
        "form": form,
        "record": record,
        "prefix": PREFIX,
        "left": {line: quantity_words(most) for line, most in record.left.items()},
    }
    return page("sales/return.html", "sales/_return.html", form.http_status, **context)


@bp.post(f"{ADDRESS}/<return_number>/deletion")
@requires("orders:delete")
def delete_return(number: str, return_number: str) -> Any:
    """Say that it did not come back after all."""
    record, reader = found(number, "orders:delete"), current_reader()
    row = reading.order_return(return_number, record.row["id"])
    try:
        undo = operations.delete_return(row["id"], by=reader.actor, at=clock.now())
    except Refused as refusal:
        return refused(record.url("show"), refusal)
    return done(number, _("The return is in the recycle bin."), undo)
