"""What hangs on a customer: contacts, needs, remarks and risk notes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import abort, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import requires
from crmlite.customers import operations as do
from crmlite.customers import queries
from crmlite.customers.choices import choices
from crmlite.customers.confirming.lapsing import unconfirmed
from crmlite.customers.confirming.showing import item_of
from crmlite.customers.doubts import news
from crmlite.customers.duplicates import Probe
from crmlite.customers.forms import ContactForm, RemarkForm, contact_form, need_form
from crmlite.customers.models import Contact, Need, Remark
from crmlite.customers.record import Record, wish
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.found import address, record_of
from crmlite.customers.views.likeness import Alike, alike
from crmlite.customers.views.record import ADDRESS
from crmlite.customers.views.refusals import sentence, status_of
from crmlite.forms import Doubting
from crmlite.paging import asked_from, page, saved, toast
from crmlite.work import Gone, Refused, Stale
from crmlite.work.latest import last_change

EDIT = "customers:edit"
BOTH = ["GET", "POST"]
STAYING = frozenset(("agenda.sweep",))  # pages that renew themselves when something was added


@bp.route(f"{ADDRESS}/contacts/new", methods=BOTH)
@requires(EDIT)
def new_contact(number: str) -> Any:
    """Add somebody."""
    record = record_of(number, EDIT)
    form = contact_form(record)
    return _added(record, form, "contact", do.add_contact)


@bp.post(f"{ADDRESS}/contacts/likeness")
@requires(EDIT)
def contact_likeness(number: str) -> Any:
    """Whether another customer is reached in the ways that are being typed."""
    record = record_of(number, EDIT)
    found = _alike(record, contact_form(record))
    return page("customers/likeness.html", "customers/_likeness.html", alike=found)


@bp.route(f"{ADDRESS}/contacts/<int:contact_id>/edit", methods=BOTH)
@requires(EDIT)
def edit_contact(number: str, contact_id: int) -> Any:
    """Change what is known of somebody."""
    record = record_of(number, EDIT)
    person = next((one for one in record.people if one.row["id"] == contact_id), None)
    if person is None:
        abort(404)
    form = contact_form(record, person, is_self=person.row["is_self"])

    def theirs() -> Mapping[str, Any]:
        fresh = queries.part(Contact, contact_id, record.id)
        now = record.person(fresh)
        ways = {way: shown.value for way, shown in now.ways.items()}
        return {**fresh, **ways, "note": now.note, **record.further_part(now).values}

    return _changed(record, form, "contact", contact_id, do.update_contact, theirs, part=person)


@bp.post(f"{ADDRESS}/contacts/<int:contact_id>/primary")
@requires(EDIT)
def primary_contact(number: str, contact_id: int) -> Any:
    """Make somebody the main contact."""
    record = record_of(number, EDIT)
    queries.part(Contact, contact_id, record.id)
    done = do.make_primary(contact_id, by=record.reader.actor, at=clock.now())
    return saved(_place(record, "contact"), message=_("Saved."), undo=done)


@bp.post(f"{ADDRESS}/contacts/<int:contact_id>/deletion")
@requires(EDIT)
def delete_contact(number: str, contact_id: int) -> Any:
    """Move a contact to the recycle bin."""
    return _deleted(number, "contact", Contact, contact_id, do.delete_contact)


@bp.route(f"{ADDRESS}/needs/new", methods=BOTH)
@requires(EDIT)
def new_need(number: str) -> Any:
    """Add a need."""
    return _added(record_of(number, EDIT), need_form(), "need", do.add_need)


@bp.route(f"{ADDRESS}/needs/<int:need_id>/edit", methods=BOTH)
@requires(EDIT)
def edit_need(number: str, need_id: int) -> Any:
    """Change a need."""
    record = record_of(number, EDIT)

    def now() -> dict[str, Any]:
        row = queries.part(Need, need_id, record.id)
        return {**row, **wish(row).texts}

    data = now()
    form = need_form(data)
    return _changed(record, form, "need", need_id, do.update_need, now, part=data)


@bp.post(f"{ADDRESS}/needs/<int:need_id>/status")
@requires(EDIT)
def need_status(number: str, need_id: int) -> Any:
    """Say how far a need has come."""
    record = record_of(number, EDIT)
    queries.part(Need, need_id, record.id)
    wanted = request.form.get("status", "")
    if wanted not in {choice.key for choice in choices("need_status")}:
        abort(422)
    at = clock.now()
    done = do.update_need(need_id, {"status": wanted}, by=record.reader.actor, at=at, learnt_at=at)
    return saved(_place(record, "need"), message=_("Saved.") if done else "", undo=done or None)


@bp.post(f"{ADDRESS}/needs/<int:need_id>/deletion")
@requires(EDIT)
def delete_need(number: str, need_id: int) -> Any:
    """Move a need to the recycle bin."""
    return _deleted(number, "need", Need, need_id, do.delete_need)


@bp.route(f"{ADDRESS}/remarks/new", methods=BOTH)
@requires(EDIT)
def new_remark(number: str) -> Any:
    """Add a remark or a risk note."""
    form = RemarkForm(data={"is_risk": "risk" in request.args})
    return _added(record_of(number, EDIT), form, "remark", do.add_remark)


@bp.route(f"{ADDRESS}/remarks/<int:remark_id>/edit", methods=BOTH)
@requires(EDIT)
def edit_remark(number: str, remark_id: int) -> Any:
    """Change a remark."""
    record = record_of(number, EDIT)

    def now() -> dict[str, Any]:
        row = queries.part(Remark, remark_id, record.id)
        return {**row, "text": record.note(row).text}

    data = now()
    form = RemarkForm(data=data)
    return _changed(record, form, "remark", remark_id, do.update_remark, now, part=data)


@bp.post(f"{ADDRESS}/remarks/<int:remark_id>/deletion")
@requires(EDIT)
def delete_remark(number: str, remark_id: int) -> Any:
    """Move a remark to the recycle bin."""
    return _deleted(number, "remark", Remark, remark_id, do.delete_remark)


@bp.post(f"{ADDRESS}/confirmation")
@requires(EDIT)
def confirmation(number: str) -> Any:
    """Confirm one thing that is known of a customer (`what`: `contact:17:title`), or all of it, as far
    as it is still as it was `seen` (`contact:17:title:3`, several with blanks between them)."""
    record, at = record_of(number, EDIT), clock.now()
    what, back = request.form.get("what", ""), request.form.get("back", "contact")
    items = [item_of(one) for one in (request.form.get("seen") or what).split()]
    seen = [item for item in items if item is not None]
    if len(seen) < len(items):
        abort(422)
    done = do.confirm(record.id, seen or None, by=record.reader.actor, at=at)
    still = unconfirmed([record.id], at)[record.id]
    left = [item for item in still if not what or item in seen]
    said = [_("Confirmed.")] if done else []
    if left:
        number_left = format_decimal(len(left))
        said.append(
            _("Changed or added meanwhile, and still to be confirmed: %(num)s.", num=number_left)
        )
    part = _place(record, "need" if back == "need" else "contact")
    place = address(record) if back == "record" else part
    return saved(place, message=" ".join(said), undo=done or None)


def learnt(form: Any, at: datetime) -> dict[str, datetime]:
    """When a form's change was learnt of, as operations are told; nothing where it does not ask."""
    return {"learnt_at": form.learnt_at.data or at} if "learnt_at" in form else {}


def _place(record: Record, what: str) -> str:
    """Where such a part is shown."""
    if what == "remark":
        return address(record)
    return url_for(f"customers.{what}s", number=record.number)


def _added(record: Record, form: Any, what: str, add: Callable[..., int]) -> Any:
    if form.validate_on_submit() and not _must_look(record, form, what):
        at = clock.now()
        more = learnt(form, at)
        add(record.id, form.values(), form_key=form.key, by=record.reader.actor, at=at, **more)
        stays = asked_from()[0] in STAYING
        events = {"customer-changed": True, "drawer-close": True} if stays else None
        return saved(_place(record, what), message=_("Saved."), events=events)
    return _form(record, form, what, None, None)


def _changed(
    record: Record,
    form: Any,
    what: str,
    record_id: int,
    update: Callable[..., int],
    theirs: Callable[[], Mapping[str, Any]],
    part: Any,
) -> Any:
    faster = None
    if form.validate_on_submit() and not _must_look(record, form, what):
        try:
            at = clock.now()
            done = update(
                record_id,
                form.values(),
                version=form.seen,
                form_key=form.key,
                by=record.reader.actor,
                at=at,
                **learnt(form, at),
            )
            return saved(_place(record, what), message=_("Saved."), undo=done or None)
        except Stale:
            form.conflict(theirs())
            faster = last_change("customer", record.id)
    return _form(record, form, what, part, faster)


def _must_look(record: Record, form: Any, what: str) -> bool:
    """Whether something became doubtful that the person has not been shown."""
    found = []
    if what == "need":
        before = {**record.row, "core_need": form.core_need.object_data}
        found = [("core_need", one) for one in news(before, core_need=form.core_need.data)]
    if what == "contact":
        form.alike = _alike(record, form)
    return isinstance(form, Doubting) and form.must_look(found)


def _alike(record: Record, form: ContactForm) -> list[Alike]:
    """Which other customers are reached in the ways that were entered."""
    probe = Probe(
        name="",
        phones=form.changed("mobile", "phone"),
        emails=form.changed("email"),
        ims=form.changed("im"),
    )
    return alike(record.reader, probe, besides=[record.id])


def _deleted(
    number: str, what: str, model: type, record_id: int, delete: Callable[..., int]
) -> Any:
    record = record_of(number, EDIT)
    queries.part(model, record_id, record.id)
    try:
        done = delete(record_id, by=record.reader.actor, at=clock.now())
    except Refused as refusal:
        toast(sentence(refusal), kind="error")
        return saved(_place(record, what))
    except Gone:
        abort(404)
    return saved(_place(record, what), message=_("Moved to the recycle bin."), undo=done)


def _form(record: Record, form: Any, what: str, part: Any, faster: Any) -> Any:
    return page(
        f"customers/{what}.html",
        f"customers/_{what}.html",
        status=status_of(form),
        form=form,
        record=record,
        thing=part,
        faster=faster,
        thing_url=request.path,
        place=_place(record, what),
    )
