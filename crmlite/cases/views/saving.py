"""Keeping the present queue as a view, renaming, sharing and dropping views."""

from typing import Any

from flask import request, url_for

from crmlite.access import current_reader, requires
from crmlite.cases import query_string
from crmlite.cases.queries.queue import Wanted
from crmlite.cases.views.blueprint import bp
from crmlite.paging import with_query
from crmlite.saved_views import keeping

ADDRESS = "/complaints/views/<int:view_id>"


def _address(wanted: Wanted, view_id: int) -> str:
    query = query_string.query_of(wanted) | {"saved": str(view_id)}
    return with_query(url_for("cases.queue"), query)


def _rest(wanted: Wanted) -> list[tuple[str, str]]:
    return [
        (name, value) for name, value in query_string.query_of(wanted).items() if name != "saved"
    ]


KEPT = keeping.KeptList(
    name=query_string.LIST,
    home="cases.queue",
    new="cases.new_view",
    edit="cases.edit_view",
    drop="cases.drop_view",
    asked=lambda: query_string.wanted_of(request.values, current_reader()),
    by_view=query_string.wanted_by_view,
    stored=query_string.stored,
    address=_address,
    rest=_rest,
)


@bp.route("/complaints/views/new", methods=["GET", "POST"])
@requires("cases:see")
def new_view() -> Any:
    """Keep the present queue under a name."""
    return keeping.new_view(KEPT)


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("cases:see")
def edit_view(view_id: int) -> Any:
    """Rename a view, share it, or let it be the present queue."""
    return keeping.edit_view(KEPT, view_id)


@bp.post(f"{ADDRESS}/deletion")
@requires("cases:see")
def drop_view(view_id: int) -> Any:
    """Take a view away."""
    return keeping.drop_view(KEPT, view_id)
