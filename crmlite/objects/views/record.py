"""The page of a record; adding one, changing one, moving one to the recycle bin."""

from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.db.keyset import BadCursor
from crmlite.fields.entering import part_for
from crmlite.fields.object_kinds import OBJECT
from crmlite.history.queries import changes
from crmlite.objects import operations
from crmlite.objects.forms import ObjectForm, object_form
from crmlite.objects.kinds import Kind
from crmlite.objects.operations import ObjectDraft
from crmlite.objects.record import ObjectRecord
from crmlite.objects.views.blueprint import bp
from crmlite.objects.views.finding import found, found_kind, home_of, to_change
from crmlite.objects.words import PARENTS, refusal
from crmlite.paging import asked_from, page, saved, toast
from crmlite.wording import label
from crmlite.work import Gone, Refused, Stale
from crmlite.work.latest import last_change

ADDRESS = "/records/<int:object_id>"
CHANGES = "history/_changes.html"  # the part that history offers for any record
RENEWED = {
    "objects-changed": True,
    "order-changed": True,
    "case-changed": True,
    "customer-changed": True,  # panels of packs count what was recorded
}


@bp.get(ADDRESS)
@requires(SIGNED_IN)
def show(object_id: int) -> Any:
    """A record with every change of it; `?q=` and `?from=` narrow these down."""
    record, asked = found(object_id), request.args
    text, cursor = asked.get("q", ""), asked.get("from", "")
    try:
        shown = changes(record.reader, record=(OBJECT, object_id), text=text, cursor=cursor)
    except BadCursor:
        abort(404)
    return page(
        "objects/record.html",
        CHANGES if "q" in asked or "from" in asked else "objects/_record.html",
        record=record,
        parent_label=label(PARENTS[record.kind.parent]),
        changes=shown,
        changes_template=CHANGES,
        changes_url=record.url("show"),
    )


@bp.route("/records/<name>/new", methods=["GET", "POST"])
@requires(SIGNED_IN)
def new(name: str) -> Any:
    """Add a record of a kind to what the address names."""
    of = found_kind(name)
    home, reader = home_of(of), current_reader()
    part = part_for(of.name, reader, home.owner_id)
    form = object_form(of, part, home.customer_id, {"contact_id": home.parent_id})
    if form.validate_on_submit():
        draft = ObjectDraft(
            type_id=of.id,
            customer_id=home.customer_id,
            extra=form.further_values(),
            parent_id=form.whose or home.parent_id,
        )
        try:
            done = operations.add_object(draft, form_key=form.key, by=reader.actor, at=clock.now())
            return _done(home.url, _("Added."), done["operation"])
        except Refused as refused:
            form.blame(None, refusal(refused))
        except Gone:
            abort(404)
    return _page(form, of, home.url, request.full_path, home.called)


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires(SIGNED_IN)
def edit(object_id: int) -> Any:
    """Change a record."""
    record, latest = to_change(object_id), None
    form = _edit_form(record)
    if form.validate_on_submit():
        try:
            done = operations.update_object(
                object_id,
                form.further_values(),
                contact_id=form.whose,
                version=form.seen,
                form_key=form.key,
                by=record.reader.actor,
                at=clock.now(),
            )
            message = _("Saved.") if done else _("Nothing was changed.")
            return _done(_back(record), message, done or None)
        except Refused as refused:
            form.blame(None, refusal(refused))
        except Stale:
            fresh = found(object_id)
            form.conflict({**fresh.row, **fresh.part().values})
            latest = last_change("customer", record.row["customer_id"])
        except Gone:
            abort(404)
    return _page(form, record.kind, _back(record), request.path, record.title, record, latest)


@bp.post(f"{ADDRESS}/deletion")
@requires(SIGNED_IN)
def delete(object_id: int) -> Any:
    """Move a record to the recycle bin."""
    record = to_change(object_id)
    try:
        done = operations.delete_object(object_id, by=record.reader.actor, at=clock.now())
    except Refused as refused:
        toast(refusal(refused), kind="error")
        return saved(record.url("show"))
    except Gone:
        abort(404)
    return saved(record.home, message=_("Moved to the recycle bin."), undo=done)


def _edit_form(record: ObjectRecord) -> ObjectForm:
    data = {"version": record.row["version"], "contact_id": record.row["contact_id"]}
    return object_form(record.kind, record.part(), record.row["customer_id"], data)


def _done(place: str, message: str, undo: int | None) -> Any:
    """Back to where it is seen; what shows it renews itself."""
    return saved(place, message=message, undo=undo, events={**RENEWED, "drawer-close": True})


def _back(record: ObjectRecord) -> str:
    """Where a changed record is seen: on its own page, where that is open."""
    return record.url("show") if asked_from()[0] == "objects.show" else record.home


def _page(
    form: ObjectForm,
    of: Kind,
    back: str,
    here: str,
    called: str,
    record: ObjectRecord | None = None,
    latest: Any = None,
) -> Any:
    return page(
        "objects/form.html",
        "objects/_form.html",
        form.http_status,
        form=form,
        kind=of,
        record=record,
        called=called,
        back=back,
        here=here,
        latest=latest,
    )
