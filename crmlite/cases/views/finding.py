"""The case that an address names, and the answer after something was done with it."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader
from crmlite.cases.queries import cases as reading
from crmlite.cases.record import CaseRecord
from crmlite.paging import page, redirected, saved, toast, wants_part
from crmlite.rules.casework import MESSAGES
from crmlite.wording import N_, label
from crmlite.work import Refused
from crmlite.work.latest import last_change

REFUSALS = {
    **MESSAGES,
    "case-taken": N_("%(who)s has taken it already."),
    "case-assignee-left": N_("This person does not sign in any more. Please choose somebody else."),
    "case-team-empty": N_("There is nobody in the team who could take it."),
    "case-no-complaint": N_("Only complaints have a level."),
    "case-is-complaint": N_("It is a complaint already."),
    "case-opened-late": N_("Something happened to the case before that: %(when)s."),
    "case-task-whose": N_(
        "This person does not work on the case. Add them to the joint team first."
    ),
    "case-link-itself": N_("That is this case itself."),
}
FORM = "cases/_form.html"


def found(number: str, permission: str = "cases:see") -> CaseRecord:
    """The case, for the reader; 404 out of sight, 403 where they see it and may not do that."""
    reader = current_reader()
    record = CaseRecord(reading.case(number, seen_by=reader), reader, clock.now())
    if not record.may(permission):
        abort(403)
    return record


def words(refusal: Refused) -> str:
    """Why something is refused."""
    said = REFUSALS.get(refusal.code, N_("This was refused, and nothing was changed."))
    return str(label(said)) % dict(refusal.params)


def done(number: str, message: str, undo: int | None = None) -> Any:
    """Back to the case, or to the queue where that was asked from."""
    if request.args.get("back") == "queue":
        place = url_for("cases.queue")
        return saved(place, message=message, undo=undo, events={"case-changed": True})
    place = url_for("cases.show", number=number)
    return saved(
        place, message=message, undo=undo, events={"case-changed": True, "drawer-close": True}
    )


def refused(number: str, refusal: Refused) -> Any:
    """The case as it is, with the reason why something was not done."""
    toast(words(refusal), kind="error")
    if wants_part():
        response = redirected(url_for("cases.show", number=number))
        response.headers["HX-Redirect"] = url_for("cases.show", number=number)
        response.status_code = 200
        return response
    return redirected(url_for("cases.show", number=number))


def asked(form: Any, record: CaseRecord, title: str, save: str, **more: Any) -> Any:
    """A form about a case, in the drawer or on a page of its own."""
    context = {
        "form": form,
        "record": record,
        "title": title,
        "save": save,
        "url": request.full_path.rstrip("?"),
        "hint": "",
        "hints": {},
        "now": record.now,
        "faster": last_change("customer", record.row["customer_id"]) if form.is_stale else None,
        **more,
    }
    return page("cases/form.html", FORM, form.http_status, **context)


def nothing_new() -> str:
    """What is said where nothing changed."""
    return _("Nothing was changed.")
