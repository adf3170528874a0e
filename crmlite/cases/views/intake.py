"""Opening a case, with the customer's history and similar cases beside it."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, can, current_reader, requires
from crmlite.accounts.queries import owners, person_name
from crmlite.cases import beside
from crmlite.cases.forms.intake import CaseForm, case_form
from crmlite.cases.levels import may_have
from crmlite.cases.operations import open_case
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import words
from crmlite.cases.words import COMPLAINT, GENERAL, KINDS, listed
from crmlite.customers import queries as customers
from crmlite.fields.entering import part_for
from crmlite.followups.queries.interactions import contact_names
from crmlite.paging import page, saved, wants_part
from crmlite.rules.numbering import LONGEST
from crmlite.work import Refused
from crmlite.work.operations import was_done

Row = Mapping[str, Any]


@bp.route("/cases/new", methods=["GET", "POST"])
@requires("cases:create")
def new() -> Any:
    """Open a case; `?customer=C001` names its customer, `?kind=` what it is."""
    reader = current_reader()
    customer = _customer(reader)
    form = _form(customer, reader)
    if "find" in request.form:
        return _page(form, customer, reader)
    phone = form.carry_phone()
    if form.validate_on_submit() and _may_be_added(form, customer) and _level_is_known(form):
        if customer is None and "anyway" not in request.form and _is_known(form, reader):
            return _page(form, customer, reader, must_look=True)
        try:
            draft = form.draft(customer["id"] if customer else None, _owner(reader))
            made = open_case(draft, form_key=form.key, by=reader.actor, at=clock.now())
        except Refused as refusal:
            form.blame(None, words(refusal))
        else:
            message = _("%(number)s is open.", number=made["number"])
            return saved(url_for("cases.show", number=made["number"]), message=message)
    if phone and (whose := beside.names_with_phone(reader, phone)):
        form.who.errors = ()  # not a name is missing then
        form.blame("who", _("This number is that of %(names)s. Pick them.", names=whose))
    return _page(form, customer, reader)


@bp.route("/cases/new/customer", methods=["GET", "POST"])
@requires("cases:create")
def customer_of() -> Any:
    """The part of the form in which the customer is found, while somebody types; what is typed travels
    in the body, not in an address."""
    reader = current_reader()
    customer = _customer(reader)
    form = _form(customer, reader, formdata=request.values)
    context = _context(form, customer, reader)
    if context["phone_typed"] and not form.contact_phone.data:
        form.carry_phone()
        context["phone_drawn"] = wants_part()
    if wants_part() and "customer" in request.values:
        # Somebody was picked: who is on it by default is another one.
        context["form_drawn"] = _form(customer, reader)
    return page("cases/new.html", "cases/_customer.html", **context)


@bp.get("/cases/new/beside")
@requires("cases:create")
def new_beside() -> Any:
    """What stands beside the form: the customer's history, and similar cases."""
    reader = current_reader()
    customer = _customer(reader)
    form = _form(customer, reader, formdata=request.args)
    return page("cases/new.html", "cases/_beside.html", **_context(form, customer, reader))


@bp.get("/cases/new/levels")
@requires("cases:create")
def new_level() -> Any:
    """The part of the form with the level, which goes with the category."""
    reader = current_reader()
    customer = _customer(reader)
    form = _form(customer, reader, formdata=request.args)
    form.follow_category()
    return page("cases/new.html", "cases/_level.html", **_context(form, customer, reader))


def _level_is_known(form: CaseForm) -> bool:
    """Whether somebody saw with which level complaints of the category begin."""
    if form.kind.data != COMPLAINT or not form.suggest_level():
        return True
    category = listed("category", form.category.data)
    level = listed("level", form.level.data)
    form.blame(
        "level",
        _(
            "“%(category)s” begins as %(level)s. Leave it so, or choose another level.",
            category=category,
            level=level,
        ),
    )
    return False


def _may_be_added(form: CaseForm, customer: Row | None) -> bool:
    """Whether the customer is in the book, or the reader may add one."""
    if customer is not None or can("customers:create"):
        return True
    form.blame("who", _("You may not add customers. Pick one of the book."))
    return False


def _is_known(form: CaseForm, reader: Reader) -> bool:
    """Whether the book has somebody like a new customer; of a form that was sent twice it does."""
    if was_done("case_opened", by=reader.actor, form_key=form.key):
        return False
    return beside.is_known(reader, *_told(form))


def _told(form: CaseForm) -> tuple[str, str, str, str]:
    """What is typed about a new customer: name, kind, phone, e-mail."""
    fields = (form.who, form.new_kind, form.contact_phone, form.contact_email)
    name, kind, phone, email = (str(field.data or "") for field in fields)
    return name, kind, phone, email


def _customer(reader: Reader) -> Row | None:
    """The customer who was picked, if the reader sees them."""
    number = (request.form.get("customer") or request.args.get("customer") or "").strip()
    if not number or len(number) > LONGEST:
        return None
    return customers.customer_or_none(number, seen_by=reader)


def _form(customer: Row | None, reader: Reader, **more: Any) -> CaseForm:
    contacts = contact_names(customer["id"]) if customer else []
    asked = request.args.get("kind", "")
    data = {
        "customer": customer["number"] if customer else "",
        "kind": asked if asked in KINDS else COMPLAINT,
        "channel": "phone",
        "level": GENERAL,
        "opened_at": clock.now(),
        "new_kind": "company",
        "contact_id": contacts[0][0] if contacts else None,
        "assignee_id": _dedicated(customer) or (reader.user_id if can("cases:edit") else None),
    }
    may_add = customer is None or reader.covers("customers:edit", customer["owner_id"])
    further = part_for("case", reader, customer["owner_id"] if customer else _owner(reader))
    may_assign = can("cases:assign")
    form = case_form(contacts, further, may_assign=may_assign, may_add=may_add, data=data, **more)
    if customer is None:
        form.customer.data = ""
    return form


def _dedicated(customer: Row | None) -> int | None:
    """To whom the cases of a customer go first; None for nobody, or where that person left."""
    user_id = customer["dedicated_id"] if customer else None
    return user_id if may_have(user_id) else None


def _owner(reader: Reader) -> int | None:
    """Whose a customer becomes that is added with its case: a salesperson's own, else nobody's."""
    sells = reader.scope("customers:edit") in ("own", "team")
    mine = any(person.id == reader.user_id for person in owners())
    return reader.user_id if sells and mine else None


def _page(form: CaseForm, customer: Row | None, reader: Reader, *, must_look: bool = False) -> Any:
    context = _context(form, customer, reader) | {"must_look": must_look}
    status = 422 if must_look else form.http_status
    return page("cases/new.html", "cases/_new.html", status, **context)


def _context(form: CaseForm, customer: Row | None, reader: Reader) -> dict[str, Any]:
    typed, unseen = str(form.who.data or ""), []
    found = []
    if not customer and typed:
        found, unseen = beside.known(reader, *_told(form))
    category, product = str(form.category.data or ""), str(form.product.data or "")
    return {
        "form": form,
        "form_drawn": None,
        "customer": customer,
        "dedicated": person_name(_dedicated(customer)),
        "matches": found,
        "unseen": unseen,
        "is_new": len(typed.strip()) >= beside.LEAST and not found and not unseen,
        "phone_typed": "" if customer else form.phone_typed,
        "phone_drawn": False,
        "history": beside.history(reader, customer["id"]) if customer else [],
        "alike": beside.alike(reader, category, product, customer["id"] if customer else None),
        "must_look": False,
    }
