"""Adding a customer: company or person, with a first contact, or incomplete for now."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import Reader, current_reader, requires
from crmlite.customers import queries
from crmlite.customers.doubts import about
from crmlite.customers.fields import KINDS
from crmlite.customers.forms import NewCustomerForm, new_form
from crmlite.customers.operations import create_customer
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.likeness import Alike, alike, said
from crmlite.customers.views.refusals import sentence, status_of
from crmlite.forms.times import zone
from crmlite.paging import page, saved
from crmlite.rules.text import clean_text
from crmlite.work import Refused

LONGEST = 200


@bp.route("/customers/new", methods=["GET", "POST"])
@requires("customers:create")
def new() -> Any:
    """A new customer."""
    reader = current_reader()
    form = new_form(_kind(), reader, _defaults())
    if not _is_sent(form):
        return _answer(form, reader)
    if form.validate_on_submit():
        incomplete = "incomplete" in request.form
        if incomplete or not form.blame_missing():
            try:
                return _add(form, reader)
            except Refused as refusal:
                form.blame(None, sentence(refusal))
    return _answer(form, reader, status=status_of(form))


@bp.post("/customers/new/likeness")
@requires("customers:create")
def likeness() -> Any:
    """Whether the book has somebody like the one who is being entered."""
    reader = current_reader()
    form = new_form(_kind(), reader, {})
    return page("customers/likeness.html", "customers/_likeness.html", alike=_alike(form, reader))


def _kind() -> str:
    asked = request.form.get("kind") or request.args.get("kind") or "company"
    return asked if asked in KINDS else "company"


def _defaults() -> dict[str, Any]:
    return {
        "first_contact_on": clock.today(zone()),
        "currency": str(settings.get("currency")),
        "name": clean_text(request.args.get("name", "")[:LONGEST], max_length=LONGEST).value or "",
    }


def _is_sent(form: NewCustomerForm) -> bool:
    """Whether the form was sent to be saved, rather than switched to the other kind."""
    if request.method != "POST":
        return False
    drawn = request.form.get("drawn", form.kind.data)
    return drawn == form.kind.data and "redraw" not in request.form


def _add(form: NewCustomerForm, reader: Reader) -> Any:
    found = _alike(form, reader)
    draft = form.draft(reader)
    made = create_customer(draft, form_key=form.key, by=reader.actor, at=clock.now())
    g.pop("tag_choices", None)
    message = " ".join(
        [_("%(name)s was added.", name=draft.values["name"]), *_mentioned(form, found)]
    )
    if not reader.covers("customers:see", draft.values.get("owner_id")):
        return saved(url_for("customers.new"), message=message)
    return saved(url_for("customers.show", number=made["number"]), message=message)


def _mentioned(form: NewCustomerForm, found: list[Alike]) -> list[str]:
    """What to look at again about a customer that was saved all the same."""
    doubts = [doubt for field in form for doubt in getattr(field, "doubts", ())]
    seen = set(request.form.get("seen", "").split())
    fresh = [one for one in found if one.key not in seen]
    return [*dict.fromkeys(doubts), *about(form), *(said(one) for one in fresh)]


def _alike(form: NewCustomerForm, reader: Reader) -> list[Alike]:
    def typed(name: str) -> str:
        return (form[name].data or "") if name in form else ""

    found = queries.resembling(
        typed("name"),
        [typed("contact_mobile"), typed("contact_phone")],
        [typed("contact_email")],
    )
    return [alike(row, reader) for row in found]


def _answer(form: NewCustomerForm, reader: Reader, status: int = 200) -> Any:
    form.drawn.data = form.kind.data
    found = _alike(form, reader) if form["name"].data else []
    return page(
        "customers/new.html",
        "customers/_new.html",
        status=status,
        form=form,
        alike=found,
        doubts=about(form) if request.method == "POST" else [],
    )
