"""The dialog from which a list of records of a pack is taken away, and the file itself."""

from flask import Response, abort, request, url_for
from flask_babel import format_decimal

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.customers.lists import args_of, refuse_wider
from crmlite.exports import objects, operations, queries
from crmlite.exports.views.blueprint import bp
from crmlite.exports.views.sending import looker, sent
from crmlite.exports.wanted import EXPORT, FORMATS
from crmlite.objects import lists, query_string
from crmlite.objects.kinds import Kind, kind_called
from crmlite.paging import page, with_query
from crmlite.work import Refused

ADDRESS = "/records/<name>/export"


@bp.get(ADDRESS)
@requires(EXPORT)
def choose_objects(name: str) -> Response:
    """In which format the list that the address asks for is taken away."""
    of, reader = _kind(name), current_reader()
    wanted = query_string.wanted_of(request.args, of, reader)
    query, number = query_string.query_of(wanted), lists.counted(of, reader, wanted)
    return page(
        "exports/objects.html",
        "exports/_objects.html",
        kind=of,
        formats=list(FORMATS.items()),
        listed=with_query("", query).removeprefix("?"),
        back=with_query(url_for("objects.index", name=name), query),
        total=f"{format_decimal(lists.CAP)}+" if number > lists.CAP else format_decimal(number),
        is_masked=queries.is_masked(reader),
    )


@bp.post(ADDRESS)
@requires(EXPORT)
def take_objects(name: str) -> Response:
    """The file. Who takes it stands in the ledger before the first byte leaves."""
    of, reader, at = _kind(name), current_reader(), clock.now()
    kind = request.form.get("format", "xlsx")
    if kind not in FORMATS:
        abort(422)
    sent_along = args_of(request.form.get("list", ""))
    query = {name: value for name, value in sent_along.items() if value}
    wanted = query_string.wanted_of(query, of, reader)
    left_out = query.keys() - query_string.query_of(wanted).keys()
    if left_out:  # the dialog sent what could be asked then
        refuse_wider()
    ids = objects.ids_of(of, reader, wanted)
    asked = {"records": dict(of.many), "query": query_string.query_of(wanted)}
    try:
        operations.write_down_objects(reader, kind, asked, len(ids), by=reader.actor, at=at)
    except Refused:
        abort(429)
    pieces = objects.made(of, kind, reader, ids, at, looker(reader))
    return sent(pieces, name.partition("__")[2].replace("_", "-"), kind, at)


def _kind(name: str) -> Kind:
    of = kind_called(name)
    if of is None:
        abort(404)
    return of
