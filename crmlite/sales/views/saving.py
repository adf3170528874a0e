"""Keeping the present list of orders as a view, renaming, sharing and dropping views."""

from dataclasses import replace
from typing import Any

from flask import request, url_for

from crmlite.access import requires
from crmlite.paging import with_query
from crmlite.sales import query_string
from crmlite.sales.queries.orders import Wanted
from crmlite.sales.views.blueprint import bp
from crmlite.saved_views import keeping

ADDRESS = "/orders/views/<int:view_id>"


def _address(wanted: Wanted, view_id: int) -> str:
    return with_query(
        url_for("sales.orders"), query_string.query_of(replace(wanted, saved=view_id))
    )


KEPT = keeping.KeptList(
    name=query_string.LIST,
    home="sales.orders",
    new="sales.new_view",
    edit="sales.edit_view",
    drop="sales.drop_view",
    asked=lambda: query_string.wanted_of(request.values),
    by_view=query_string.wanted_by_view,
    stored=query_string.stored,
    address=_address,
    rest=lambda wanted: list(query_string.query_of(replace(wanted, saved=0)).items()),
)


@bp.route("/orders/views/new", methods=["GET", "POST"])
@requires("orders:see")
def new_view() -> Any:
    """Keep the present list under a name."""
    return keeping.new_view(KEPT)


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("orders:see")
def edit_view(view_id: int) -> Any:
    """Rename a view, share it, or let it be the present list."""
    return keeping.edit_view(KEPT, view_id)


@bp.post(f"{ADDRESS}/deletion")
@requires("orders:see")
def drop_view(view_id: int) -> Any:
    """Take a view away."""
    return keeping.drop_view(KEPT, view_id)
