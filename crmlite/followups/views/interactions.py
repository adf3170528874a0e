"""Writing down what was said, correcting it, taking it away."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.customers import queries as customers
from crmlite.followups.composer import box
from crmlite.followups.forms import (
    InteractionForm,
    interaction_form,
    later_answer,
    written_after,
)
from crmlite.followups.just_now import contact_options, fresh_form
from crmlite.followups.operations import (
    InteractionDraft,
    delete_interaction,
    log_interaction,
    update_interaction,
)
from crmlite.followups.queries.interactions import interaction
from crmlite.followups.queries.of_customer import open_steps
from crmlite.followups.queries.promptness import waiting_start
from crmlite.followups.views.blueprint import bp
from crmlite.followups.views.logging import MOST_ID, Walk, form_page
from crmlite.followups.views.staying import CHANGED, renews
from crmlite.paging import page, saved, wants_part
from crmlite.rules.text import clean_int
from crmlite.work import Stale
from crmlite.work.latest import last_change

Row = Mapping[str, Any]
ADDRESS = "/customers/<number>/interactions"
BOX = "followups/composer.html"


@bp.route(f"{ADDRESS}/new", methods=["GET", "POST"])
@requires("interactions:create")
def new_interaction(number: str) -> Any:
    """Write a contact down, with the promises and the next step that follow from it."""
    reader = current_reader()
    customer = _customer(number, reader, "interactions:create")
    steps = open_steps(customer["id"])
    start = None if _in_box() else _started(customer, reader)
    form = fresh_form(customer, reader, steps, start)
    walk = Walk.asked(reader)
    if form.validate_on_submit():
        draft = form.draft(customer["id"])
        done = log_interaction(draft, form_key=form.key, by=reader.actor, at=clock.now())
        message = _written(draft)
        if walk is not None:
            return walk.answer(message, done["operation"])
        return _answer(customer, message, done["operation"], fresh=_fresh_box(customer, reader))
    if _in_box():
        return _boxed(form, customer)
    if not form.occurred_at.data and not form.occurred_at.errors:
        form.occurred_at.data = clock.now()
    return form_page(form, customer, _("Log follow-up"), start=start, walk=walk)


def _started(customer: Row, reader: Reader) -> Row | None:
    """The contact that was begun: the one that the address or the form names, else the reader's own
    last one, unless another is planned for."""
    named = clean_int(request.values.get("start", ""), least=1, most=MOST_ID).value
    if named is None and ("took" in request.args or request.method == "POST"):
        return None
    return waiting_start(customer["id"], reader.user_id, named)


def _written(draft: InteractionDraft) -> str:
    """How soon after the contact it was written down."""
    minutes = int(written_after(draft.occurred_at, clock.now()).total_seconds() // 60)
    if minutes < 1 or minutes >= 24 * 60:
        return _("Written down.")
    return ngettext(
        "Written down %(num)d minute after the follow-up.",
        "Written down %(num)d minutes after the follow-up.",
        minutes,
    )


@bp.route(f"{ADDRESS}/<int:interaction_id>/edit", methods=["GET", "POST"])
@requires("interactions:edit")
def edit_interaction(number: str, interaction_id: int) -> Any:
    """Correct what was written down."""
    reader = current_reader()
    customer = _customer(number, reader, "interactions:edit", "interactions:see")
    row = interaction(interaction_id, customer["id"])
    shown = {**row, "answered_at": later_answer(row)}
    form = interaction_form(contact_options(customer), [], row, data=shown)
    form.preset_moment(row["occurred_at"], row["answered_at"])
    form.without_follow_ups()
    faster = None
    if form.validate_on_submit():
        try:
            done = update_interaction(
                interaction_id,
                form.changes(),
                version=form.seen,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return _answer(customer, _("Saved."), done or None)
        except Stale:
            form.conflict(interaction(interaction_id, customer["id"]))
            faster = last_change("customer", customer["id"])
    url = url_for(".edit_interaction", number=number, interaction_id=interaction_id)
    return form_page(form, customer, _("Correct follow-up"), url=url, row=row, faster=faster)


@bp.post(f"{ADDRESS}/<int:interaction_id>/deletion")
@requires("interactions:edit")
def delete(number: str, interaction_id: int) -> Any:
    """Move a contact to the recycle bin."""
    reader = current_reader()
    customer = _customer(number, reader, "interactions:edit", "interactions:see")
    interaction(interaction_id, customer["id"])
    done = delete_interaction(interaction_id, by=reader.actor, at=clock.now())
    return _answer(customer, _("The follow-up is in the recycle bin."), done)


def _customer(number: str, reader: Reader, *permissions: str) -> Row:
    found = customers.customer(number, seen_by=reader)
    if not all(reader.covers(permission, found["owner_id"]) for permission in permissions):
        abort(403)
    return found


def _answer(
    customer: Row, message: str, undo: int | None, fresh: Mapping[str, Any] | None = None
) -> Any:
    """Back to where it was asked from. The customer's page stays and renews what it shows; the box
    on it is answered with a `fresh` one."""
    place = url_for("customers.show", number=customer["number"])
    if request.args.get("back") == "today":
        place = url_for("dashboard.today")
    if not renews(customer["number"]):
        return saved(place, message=message, undo=undo)
    part = BOX if fresh and _in_box() else None
    events = {CHANGED: True} if part else {CHANGED: True, "drawer-close": True}
    return saved(place, part, message=message, undo=undo, events=events, given=fresh)


def _in_box() -> bool:
    """Whether the box on top of the timeline was sent, and htmx waits for it."""
    return wants_part() and "composer" in request.form


def _fresh_box(customer: Row, reader: Reader) -> Mapping[str, Any]:
    steps = open_steps(customer["id"])
    return box(customer, fresh_form(customer, reader, steps, formdata=None))


def _boxed(form: InteractionForm, customer: Row) -> Any:
    """The box as it was sent, with what is wrong with it."""
    return page(
        "followups/interaction.html", BOX, form.http_status, given=box(customer, form, request.form)
    )
