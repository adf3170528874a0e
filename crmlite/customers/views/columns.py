"""Which columns a list shows, and in which order."""

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response

from crmlite.access import current_reader, requires
from crmlite.customers.conditions.catalogue import catalogue, may_sort
from crmlite.customers.fields import list_fields
from crmlite.customers.lists import asked_for
from crmlite.customers.lists.query_string import COLUMNS, MOST_COLUMNS, NAME, may_show
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.conditions import hidden_rest
from crmlite.customers.views.overview import address
from crmlite.paging import page, saved
from crmlite.wording import label


@bp.get("/customers/columns")
@requires("customers:see")
def columns() -> Response:
    """Choose columns, their order and what the list is sorted by; with `set` the list follows."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    fields = catalogue(reader)
    chosen = [name for name in request.args.getlist("column") if may_show(name, fields)]
    if "set" in request.args or "up" in request.args:
        chosen = chosen or [NAME]
        chosen = _moved(chosen, request.args.get("up", ""))
        if NAME not in chosen:
            chosen.insert(0, NAME)
        asked = replace(asked, columns=tuple(chosen[:MOST_COLUMNS]))
        if "set" in request.args:
            return saved(address(asked))
    if "usual" in request.args:
        return saved(address(replace(asked, columns=COLUMNS)))
    rest = [name for name in list_fields() if name in fields and name not in asked.columns]
    return page(
        "customers/columns.html",
        "customers/_columns.html",
        asked=asked,
        chosen=[(name, label(fields[name].label)) for name in asked.columns],
        rest=[(name, label(fields[name].label)) for name in rest],
        sorts=[
            (name, label(fields[name].label))
            for name in list_fields()
            if name in fields and may_sort(reader, fields[name])
        ],
        hidden=[pair for pair in hidden_rest(asked) if pair[0] not in ("columns", "sort")],
        address=address,
    )


def _moved(chosen: list[str], name: str) -> list[str]:
    """The columns with one of them a place further to the left."""
    if name in chosen and chosen.index(name) > 0:
        place = chosen.index(name)
        chosen[place - 1], chosen[place] = chosen[place], chosen[place - 1]
    return chosen
