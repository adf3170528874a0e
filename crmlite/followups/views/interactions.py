"""Writing down what was said, correcting it, taking it away."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.customers import queries as customers
from crmlite.followups.days import soon
from crmlite.followups.forms import InteractionForm, interaction_form, written_after
from crmlite.followups.kinds import ICONS, kinds
from crmlite.followups.operations import (
    delete_interaction,
    log_interaction,
    update_interaction,
)
from crmlite.followups.queries.interactions import contact_names, interaction, open_steps
from crmlite.followups.views.blueprint import bp
from crmlite.forms import Option
from crmlite.forms.times import zone
from crmlite.paging import page, saved
from crmlite.work import Stale
from crmlite.work.latest import last_change

Row = Mapping[str, Any]
ADDRESS = "/customers/<number>/interactions"


@bp.route(f"{ADDRESS}/new", methods=["GET", "POST"])
@requires("interactions:create")
def new_interaction(number: str) -> Any:
    """Write a contact down, with the next step that follows from it."""
    reader = current_reader()
    customer = _customer(number, reader, "interactions:create")
    form = fresh_form(customer, reader)
    if form.validate_on_submit():
        draft = form.draft(customer["id"])
        done = log_interaction(draft, form_key=form.key, by=reader.actor, at=clock.now())
        minutes = int(written_after(draft.occurred_at, clock.now()).total_seconds() // 60)
        message = ngettext(
            "Written down %(num)d minute after the contact.",
            "Written down %(num)d minutes after the contact.",
            minutes,
        )
        if minutes < 1 or minutes >= 24 * 60:
            message = _("Written down.")
        return saved(_back(customer), message=message, undo=done["operation"])
    return _page(form, customer, url_for(".new_interaction", number=number), _("Log contact"))


@bp.route(f"{ADDRESS}/<int:interaction_id>/edit", methods=["GET", "POST"])
@requires("interactions:edit")
def edit_interaction(number: str, interaction_id: int) -> Any:
    """Correct what was written down."""
    reader = current_reader()
    customer = _customer(number, reader, "interactions:edit", "interactions:see")
    row = interaction(interaction_id, customer["id"])
    form = interaction_form(_contacts(customer), [], data=dict(row))
    del form.next_what, form.next_day, form.next_on, form.next_channel
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
            return saved(_back(customer), message=_("Saved."), undo=done or None)
        except Stale:
            form.conflict(interaction(interaction_id, customer["id"]))
            faster = last_change("customer", customer["id"])
    url = url_for(".edit_interaction", number=number, interaction_id=interaction_id)
    return _page(form, customer, url, _("Correct contact"), row=row, faster=faster)


@bp.post(f"{ADDRESS}/<int:interaction_id>/deletion")
@requires("interactions:edit")
def delete(number: str, interaction_id: int) -> Any:
    """Move a contact to the recycle bin."""
    reader = current_reader()
    customer = _customer(number, reader, "interactions:edit")
    interaction(interaction_id, customer["id"])
    done = delete_interaction(interaction_id, by=reader.actor, at=clock.now())
    return saved(_back(customer), message=_("The contact is in the recycle bin."), undo=done)


def fresh_form(customer: Row, reader: Reader) -> InteractionForm:
    """An empty form for a contact that took place just now; `?kind=`, `?step=` fill it in."""
    offered = {choice.key for choice in kinds()}
    wanted = request.args.get("kind", "")
    steps = [Option(str(row["id"]), row["what"]) for row in open_steps(customer["id"])]
    step = request.args.get("step", "")
    return interaction_form(
        _contacts(customer),
        steps,
        data={
            "kind": wanted if wanted in offered else next(iter(kinds())).key,
            "occurred_at": clock.now(),
            "direction": "out",
            "done_by_id": reader.user_id,
            "answered": True,
            "contact_id": next((pair[0] for pair in contact_names(customer["id"])), None),
            "closes": [int(step)] if step in {option.value for option in steps} else [],
        },
    )


def _contacts(customer: Row) -> list[Option]:
    return [Option(str(key), name) for key, name in contact_names(customer["id"])]


def _customer(number: str, reader: Reader, *permissions: str) -> Row:
    found = customers.customer(number, seen_by=reader)
    if not all(reader.covers(permission, found["owner_id"]) for permission in permissions):
        abort(403)
    return found


def _back(customer: Row) -> str:
    wanted = request.args.get("back")
    if wanted == "today":
        return url_for("dashboard.today")
    return url_for("customers.show", number=customer["number"])


def _page(form: InteractionForm, customer: Row, url: str, title: str, **more: Any) -> Any:
    if request.args.get("back") == "today":
        url += "?back=today"
    context = {
        "row": None,
        "faster": None,
        "icons": ICONS,
        "soon": soon(clock.today(zone())),
        "form": form,
        "customer": customer,
        "url": url,
        "title": title,
        **more,
    }
    return page("followups/interaction.html", "followups/_interaction.html", form.status, **context)
