"""Adding a customer: company or person, with a first contact, or incomplete for now."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import Reader, current_reader, requires
from crmlite.accounts.queries import owners
from crmlite.customers.doubts import about
from crmlite.customers.duplicates import Probe
from crmlite.customers.fields import KINDS
from crmlite.customers.forms import NewCustomerForm, new_form
from crmlite.customers.operations import create_customer
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.likeness import Alike, alike
from crmlite.customers.views.refusals import sentence, status_of
from crmlite.forms.times import zone
from crmlite.paging import page, saved
from crmlite.rules.text import clean_text
from crmlite.work import Refused
from crmlite.work.operations import was_done

LONGEST = 200


@bp.route("/customers/new", methods=["GET", "POST"])
@requires("customers:create")
def new() -> Any:
    """A new customer."""
    reader = current_reader()
    form = new_form(_kind(), reader, _defaults(reader))
    if not _is_sent():
        return _answer(form, reader)
    switched = _is_switched(form)
    fits = form.validate_on_submit()
    complete = "incomplete" in request.form or not form.blame_missing()
    if fits and complete and not (switched and _leaves_out(form)):
        if not _must_look(form, reader):
            try:
                return _add(form, reader)
            except Refused as refusal:
                form.blame(None, sentence(refusal))
    elif switched:  # whoever has no scripts sees the fields of the other kind only now
        form = new_form(_kind(), reader, _defaults(reader))
        return _answer(form, reader, switched=True)
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


def _defaults(reader: Reader) -> dict[str, Any]:
    mine = any(person.id == reader.user_id for person in owners())
    return {
        "owner_id": reader.user_id if mine else None,
        "first_contact_on": clock.today(zone()),
        "currency": str(settings.get("currency")),
        "name": clean_text(request.args.get("name", "")[:LONGEST], max_length=LONGEST).value or "",
    }


def _is_sent() -> bool:
    """Whether the form was sent to be saved, rather than switched to the other kind by a script."""
    return request.method == "POST" and "redraw" not in request.form


def _is_switched(form: NewCustomerForm) -> bool:
    """Whether the form that was sent was drawn for the other kind."""
    return bool(request.form.get("drawn", form.kind.data) != form.kind.data)


def _leaves_out(form: NewCustomerForm) -> bool:
    """Whether something was typed that has no place in the form of this kind."""
    return any(value.strip() and name not in form for name, value in _typed())


def _typed() -> list[tuple[str, str]]:
    return [(n, v) for n, v in request.form.items() if n != "incomplete"]


def _must_look(form: NewCustomerForm, reader: Reader) -> bool:
    """Whether anything is doubtful, or somebody alike, that the person has not been shown. Of a form
    that was sent twice the book has the customer by now."""
    if was_done("customer_created", by=reader.actor, form_key=form.key):
        return False
    form.alike = _alike(form, reader)
    return form.must_look(about(form))


def _add(form: NewCustomerForm, reader: Reader) -> Any:
    draft = form.draft(reader)
    made = create_customer(draft, form_key=form.key, by=reader.actor, at=clock.now())
    g.pop("tag_choices", None)
    message = _("%(name)s was added.", name=draft.values["name"])
    if not reader.covers("customers:see", draft.values.get("owner_id")):
        return saved(url_for("customers.new"), message=message)
    return saved(url_for("customers.show", number=made["number"]), message=message)


def _alike(form: NewCustomerForm, reader: Reader) -> list[Alike]:
    def typed(*names: str) -> tuple[str, ...]:
        return tuple(form[name].data for name in names if name in form and form[name].data)

    probe = Probe(
        name="".join(typed("name")),
        kind=form.made_for,
        phones=typed("contact_mobile", "contact_phone"),
        emails=typed("contact_email"),
        ims=typed("contact_im"),
        birthday=form["birthday"].data if "birthday" in form else None,
        address="".join(typed("address")),
    )
    return alike(reader, probe)


def _answer(
    form: NewCustomerForm, reader: Reader, status: int = 200, *, switched: bool = False
) -> Any:
    form.drawn.data = form.made_for
    form.alike = form.alike or _alike(form, reader)
    return page(
        "customers/new.html",
        "customers/_new.html",
        status=status,
        form=form,
        switched=switched,
        incomplete="incomplete" in request.form,
    )
