"""Putting a customer away and bringing it back: archive, recycle bin, the way back."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import requires
from crmlite.customers.operations import archive_customer, delete_customer
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.found import address, record_of
from crmlite.customers.views.record import ADDRESS
from crmlite.customers.views.refusals import sentence
from crmlite.paging import saved, toast
from crmlite.rules.text import clean_int
from crmlite.work import Refused, Stale

MOST = 2**31 - 1


@bp.post(f"{ADDRESS}/archive")
@requires("customers:archive")
def archive(number: str) -> Any:
    """Put a dormant or lost customer out of everyday sight."""
    record = record_of(number, "customers:archive")
    try:
        done = archive_customer(record.id, by=record.reader.actor, at=clock.now())
    except Refused as refusal:
        toast(sentence(refusal), kind="error")
        return saved(address(record))
    back = address(record) if record.reader.may("customers:see_archived") else list_address()
    return saved(back, message=_("%(name)s is archived.", name=record.row["name"]), undo=done)


@bp.post(f"{ADDRESS}/deletion")
@requires("customers:delete")
def deletion(number: str) -> Any:
    """Move a customer, with all that hangs on it, to the recycle bin."""
    record = record_of(number, "customers:delete")
    version = clean_int(request.form.get("version", ""), least=0, most=MOST).value
    try:
        done = delete_customer(record.id, version=version, by=record.reader.actor, at=clock.now())
    except Stale:
        toast(
            _("Not deleted: somebody else changed this customer meanwhile. Look again first."),
            kind="error",
        )
        return saved(address(record))
    message = _("%(name)s is in the recycle bin.", name=record.row["name"])
    return saved(list_address(), message=message, undo=done)


def list_address() -> str:
    """The list of customers."""
    return url_for("customers.index")
