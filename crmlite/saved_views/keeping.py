"""Keeping the present list as a view, renaming, sharing and dropping views, for any list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crmlite import clock
from crmlite.access import current_reader
from crmlite.forms import Check, RecordForm, Text
from crmlite.paging import page, saved
from crmlite.saved_views.operations import delete_view, save_view, update_view
from crmlite.saved_views.queries import SHARE, may_change, view_row
from crmlite.work import Stale
from crmlite.work.latest import Change, last_change

Row = Mapping[str, Any]


class ViewForm(RecordForm):
    """Name of a view and who has it."""

    name = Text(_l("Name of the view"), most=80, required=True)
    shared = Check(_l("Everyone sees it"))
    renew = Check(_l("Take over the present list"))


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptList:
    """A list of which views are kept, under `name`. Its page is the endpoint `home`; `new`, `edit` and
    `drop` are those of the three functions below, of which the last two take a `view_id`.

    `asked()` is the list that the address or the form sent asks for, `by_view(row)` the one that a
    stored view does. Of such a list, `stored(asked)` is what a view keeps, `address(asked, view_id)`
    leads to it, and `rest(asked)` goes along with the form as names and values.
    """

    name: str
    home: str
    new: str
    edit: str
    drop: str
    asked: Callable[[], Any]
    by_view: Callable[[Row], Any]
    stored: Callable[[Any], Mapping[str, Any]]
    address: Callable[[Any, int], str]
    rest: Callable[[Any], Sequence[tuple[str, str]]]


def new_view(kept: KeptList) -> Any:
    """Keep the present list under a name."""
    reader = current_reader()
    asked = kept.asked()
    form = ViewForm()
    del form.renew
    if not reader.may(SHARE):
        del form.shared
    if form.validate_on_submit():
        view_id = save_view(
            kept.name,
            form.name.data,
            kept.stored(asked),
            shared="shared" in form and bool(form.shared.data),
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )
        message = _("The view “%(name)s” is saved.", name=form.name.data)
        return saved(kept.address(asked, view_id), message=message)
    return _page(kept, form, _("Save as view"), asked)


def edit_view(kept: KeptList, view_id: int) -> Any:
    """Rename a view, share it, or let it be the present list."""
    reader = current_reader()
    row = _mine(kept, view_id)
    sent = asked = kept.asked()
    form = ViewForm(data=_data(row))
    faster = None
    if not reader.may(SHARE):
        del form.shared
    if form.validate_on_submit():
        values: dict[str, Any] = {"name": form.name.data}
        if "shared" in form:
            values["shared"] = bool(form.shared.data)
        if form.renew.data:
            values["query"] = kept.stored(asked)
        else:
            asked = kept.by_view(row)
        try:
            done = update_view(
                view_id,
                values,
                version=form.seen,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return saved(kept.address(asked, view_id), message=_("Saved."), undo=done or None)
        except Stale:
            form.conflict(_data(_mine(kept, view_id)))
            faster = last_change("saved_view", view_id)
    return _page(kept, form, _("Change the view"), sent, view_id, faster)


def drop_view(kept: KeptList, view_id: int) -> Any:
    """Take a view away."""
    row = _mine(kept, view_id)
    done = delete_view(view_id, by=current_reader().actor, at=clock.now())
    message = _("The view “%(name)s” is gone.", name=row["name"])
    return saved(url_for(kept.home), message=message, undo=done)


def _mine(kept: KeptList, view_id: int) -> Row:
    """A view that the reader may change; 404 for others."""
    row = view_row(kept.name, view_id)
    if row is None or not may_change(
        current_reader(), owner_id=row["owner_id"], shared=row["shared"]
    ):
        abort(404)
    return row


def _data(row: Row) -> dict[str, Any]:
    return {"name": row["name"], "shared": row["shared"], "version": row["version"]}


def _page(
    kept: KeptList,
    form: ViewForm,
    title: str,
    asked: Any,
    view_id: int = 0,
    faster: Change | None = None,
) -> Any:
    url = url_for(kept.edit, view_id=view_id) if view_id else url_for(kept.new)
    return page(
        "saved_views/view.html",
        "saved_views/_view.html",
        form.http_status,
        form=form,
        title=title,
        url=url,
        back=url_for(kept.home),
        drop=url_for(kept.drop, view_id=view_id) if view_id else "",
        rest=kept.rest(asked),
        faster=faster,
    )
