"""Keeping the present list as a view, renaming, sharing and dropping views."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers.lists import asked_for
from crmlite.customers.lists.asking import asked_by_view
from crmlite.customers.lists.views import view_row
from crmlite.customers.operations import delete_view, save_view, update_view
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.conditions import hidden_rest
from crmlite.customers.views.overview import address
from crmlite.forms import Check, RecordForm, Text
from crmlite.paging import page, saved
from crmlite.work import Stale
from crmlite.work.latest import Change, last_change

ADDRESS = "/customers/views/<int:view_id>"


class ViewForm(RecordForm):
    """Name of a view and who has it."""

    name = Text(_l("Name of the view"), most=80, required=True)
    shared = Check(_l("Everyone sees it"))
    renew = Check(_l("Take over the present list"))


@bp.route("/customers/views/new", methods=["GET", "POST"])
@requires("customers:see")
def new_view() -> Any:
    """Keep the present list under a name."""
    reader = current_reader()
    asked = asked_for(request.values, reader)
    form = ViewForm()
    del form.renew
    if not reader.may("views:share"):
        del form.shared
    if form.validate_on_submit():
        view_id = save_view(
            form.name.data,
            asked.stored(),
            shared="shared" in form and bool(form.shared.data),
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )
        message = _("The view “%(name)s” is saved.", name=form.name.data)
        return saved(address(asked, view=str(view_id)), message=message)
    return _page(form, _("Save as view"), url_for("customers.new_view"), hidden_rest(asked))


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("customers:see")
def edit_view(view_id: int) -> Any:
    """Rename a view, share it, or let it be the present list."""
    reader = current_reader()
    row = _mine(view_id)
    sent = asked = asked_for(request.values, reader)
    form = ViewForm(data=_data(row))
    faster = None
    if not reader.may("views:share"):
        del form.shared
    if form.validate_on_submit():
        values: dict[str, Any] = {"name": form.name.data}
        if "shared" in form:
            values["shared"] = bool(form.shared.data)
        if form.renew.data:
            values["query"] = asked.stored()
        else:
            asked = asked_by_view(row["query"], str(view_id), reader)
        try:
            done = update_view(
                view_id,
                values,
                version=form.seen,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return saved(address(asked, view=str(view_id)), message=_("Saved."), undo=done or None)
        except Stale:
            form.conflict(_data(_mine(view_id)))
            faster = last_change("saved_view", view_id)
    return _page(
        form,
        _("Change the view"),
        url_for("customers.edit_view", view_id=view_id),
        hidden_rest(sent),
        view_id,
        faster,
    )


@bp.post(f"{ADDRESS}/deletion")
@requires("customers:see")
def drop_view(view_id: int) -> Any:
    """Take a view away."""
    row = _mine(view_id)
    done = delete_view(view_id, by=current_reader().actor, at=clock.now())
    message = _("The view “%(name)s” is gone.", name=row["name"])
    return saved(url_for("customers.index"), message=message, undo=done)


def _mine(view_id: int) -> Any:
    """A view that the reader may change: their own, or a shared one for those who may share."""
    reader = current_reader()
    row = view_row(view_id)
    if row is None or (
        row["owner_id"] != reader.user_id and not (row["shared"] and reader.may("views:share"))
    ):
        abort(404)
    return row


def _data(row: Any) -> dict[str, Any]:
    return {"name": row["name"], "shared": row["shared"], "version": row["version"]}


def _page(
    form: ViewForm,
    title: str,
    url: str,
    hidden: list[tuple[str, str]],
    view_id: int = 0,
    faster: Change | None = None,
) -> Any:
    return page(
        "customers/view.html",
        "customers/_view.html",
        form.status,
        form=form,
        title=title,
        url=url,
        rest=hidden,
        view_id=view_id,
        faster=faster,
    )
