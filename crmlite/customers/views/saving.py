"""Keeping the present list as a view, renaming, sharing and dropping views."""

from typing import Any

from flask import request

from crmlite.access import current_reader, requires
from crmlite.customers.lists import Asked, asked_for, whole
from crmlite.customers.lists.query_string import asked_by_view
from crmlite.customers.lists.views import LIST
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.conditions import hidden_rest
from crmlite.customers.views.overview import address
from crmlite.saved_views import keeping

ADDRESS = "/customers/views/<int:view_id>"
CONDITIONS = ("w", "where")


def _rest(asked: Asked) -> list[tuple[str, str]]:
    """The rest of the list, as it goes along with the form. Its conditions go as they were sent: without
    one that cannot be asked, saving would keep a wider list unasked."""
    sent = [(name, each) for name in CONDITIONS for each in request.values.getlist(name)]
    return [one for one in hidden_rest(asked) if one[0] not in CONDITIONS] + sent


KEPT = keeping.KeptList(
    name=LIST,
    home="customers.index",
    new="customers.new_view",
    edit="customers.edit_view",
    drop="customers.drop_view",
    asked=lambda: asked_for(request.values, current_reader()),
    by_view=lambda row: asked_by_view(row["query"], str(row["id"]), current_reader()),
    stored=lambda asked: whole(asked).stored(),
    address=lambda asked, view_id: address(asked, view=str(view_id)),
    rest=_rest,
)


@bp.route("/customers/views/new", methods=["GET", "POST"])
@requires("customers:see")
def new_view() -> Any:
    """Keep the present list under a name."""
    return keeping.new_view(KEPT)


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("customers:see")
def edit_view(view_id: int) -> Any:
    """Rename a view, share it, or let it be the present list."""
    return keeping.edit_view(KEPT, view_id)


@bp.post(f"{ADDRESS}/deletion")
@requires("customers:see")
def drop_view(view_id: int) -> Any:
    """Take a view away."""
    return keeping.drop_view(KEPT, view_id)
