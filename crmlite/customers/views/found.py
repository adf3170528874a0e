"""The customer that an address means: found, moved to another number, or out of sight."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from crmlite.access import current_reader
from crmlite.customers import queries
from crmlite.customers.record import Record
from crmlite.errors import answer
from crmlite.redirects import with_args
from crmlite.wording import ago
from crmlite.work.latest import last_change


def record_of(number: str, permission: str | None = None) -> Record:
    """The customer of an address for the reader; 404 when out of sight, 403 when they may see it
    but not do what `permission` says. An old number leads on to the one of now."""
    reader = current_reader()
    try:
        row = queries.customer(number, seen_by=reader)
    except NotFound:
        _lead_on(number)
        _say_who_deleted(number)
        raise
    record = Record(row, reader)
    if permission is not None and not record.may(permission):
        abort(403)
    if permission == "customers:edit" and row["state"] != "active":
        abort(403)
    return record


def again(record: Record) -> Record:
    """The same customer as it stands after a change."""
    return record_of(record.number)


def address(record: Record, **more: Any) -> str:
    """The page of a customer."""
    return url_for("customers.show", number=record.number, **more)


def _say_who_deleted(number: str) -> None:
    """Whoever sends a form about a customer that was deleted meanwhile learns how to go on."""
    deleted = (
        queries.deleted_id(number, seen_by=current_reader()) if request.method == "POST" else None
    )
    last = last_change("customer", deleted) if deleted else None
    if last is None:
        return
    text = _(
        "%(who)s moved this customer to the recycle bin %(when)s. Nothing was saved: restore the "
        "customer there, then go back and send it again.",
        who=last.who,
        when=ago(last.at),
    )
    abort(answer(404, _("This customer was deleted meanwhile"), text))


def _lead_on(number: str) -> None:
    if request.method not in ("GET", "HEAD") or request.endpoint is None:
        return
    known = queries.moved_number(number, seen_by=current_reader())
    if known is not None:
        path = url_for(request.endpoint, **{**(request.view_args or {}), "number": known})
        raise RequestRedirect(with_args(path, list(request.args.items(multi=True))))
