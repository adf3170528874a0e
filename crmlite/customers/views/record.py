"""The page of a customer: head, tabs and facts; the quick view of the same."""

import re
from datetime import datetime
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite.access import requires
from crmlite.customers import timeline
from crmlite.customers.record import Record
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.found import record_of
from crmlite.db.keyset import ID_BITS, BadCursor, read_moment
from crmlite.history.queries import changes as changes_of
from crmlite.paging import page, wants_part, with_query
from crmlite.wording import label

ADDRESS = "/customers/<number>"
CHANGES = "history/_changes.html"  # the part that history offers for any record
PAGE = 20
KEY = re.compile(r"[A-Za-z]{1,20}-([0-9]{12})")


@bp.get(ADDRESS)
@requires("customers:see")
def show(number: str) -> Any:
    """The customer, with its timeline."""
    record = record_of(number)
    return answer(record, "timeline", **stream_of(record))


@bp.get(f"{ADDRESS}/timeline")
@requires("customers:see")
def timeline_of(number: str) -> Any:
    """The timeline, narrowed down or from further back."""
    record = record_of(number)
    before = request.args.get("before", "")
    part = "customers/_flow.html" if before else "customers/_timeline.html"
    return answer(record, "timeline", part, **stream_of(record))


@bp.get(f"{ADDRESS}/contacts")
@requires("customers:see")
def contacts(number: str) -> Any:
    """Its people."""
    return answer(record_of(number), "contacts")


@bp.get(f"{ADDRESS}/needs")
@requires("customers:see")
def needs(number: str) -> Any:
    """What it needs."""
    return answer(record_of(number), "needs")


@bp.get(f"{ADDRESS}/changes")
@requires("customers:see")
def changes(number: str) -> Any:
    """Every change of every field."""
    record = record_of(number)
    text, cursor = request.args.get("q", ""), request.args.get("from", "")
    found = changes_of(record.reader, ("customer", record.id), text=text, cursor=cursor)
    asked = "q" in request.args or "from" in request.args
    return answer(
        record,
        "changes",
        CHANGES if asked else "customers/_tab.html",
        changes=found,
        changes_template=CHANGES,
        changes_url=url_for("customers.changes", number=record.number),
    )


@bp.get(f"{ADDRESS}/tabs/<name>")
@requires("customers:see")
def tab(number: str, name: str) -> Any:
    """A tab of another slice or of a pack."""
    record = record_of(number)
    found = next((panel for panel in record.hooked_tabs() if panel.name == name), None)
    if found is None or not found.template:
        abort(404)
    return answer(record, name, panel=found)


@bp.get(f"{ADDRESS}/head")
@requires("customers:see")
def head(number: str) -> Any:
    """The head alone, as it stands now."""
    return alone(record_of(number), "customers/_head.html")


@bp.get(f"{ADDRESS}/aside")
@requires("customers:see")
def aside(number: str) -> Any:
    """The right column alone."""
    return alone(record_of(number), "customers/_aside.html")


@bp.get(f"{ADDRESS}/quick")
@requires("customers:see")
def quick(number: str) -> Any:
    """The customer at a glance."""
    record = record_of(number)
    found, _more = timeline.stream(record.row, record.reader, size=3)
    return page(
        "customers/quick.html",
        "customers/_quick.html",
        record=record,
        entries=found,
        customer=record.row,
        reader=record.reader,
    )


def answer(
    record: Record, current: str, part: str = "customers/_tab.html", status: int = 200, **more: Any
) -> Any:
    """The page of a customer with one of its tabs, or a part of it."""
    if current == "timeline" and "entries" not in more:
        more |= stream_of(record)
    context = context_of(record, current) | more
    return page("customers/record.html", part, status=status, **context)


def alone(record: Record, part: str, status: int = 200, **more: Any) -> Any:
    """A part of the page for htmx; everyone else gets the page."""
    if not wants_part():
        return answer(record, "timeline", status=status, **more)
    return page(part, part, status=status, **(context_of(record) | more))


def context_of(record: Record, current: str = "timeline") -> dict[str, Any]:
    """What the parts of the page need."""
    return {
        "record": record,
        "customer": record.row,
        "reader": record.reader,
        "tabs": tabs(record, current),
        "current_tab": current,
    }


def tabs(record: Record, current: str) -> list[dict[str, Any]]:
    """The tabs, with how many stand behind each."""
    row = record.row
    found = [
        ("timeline", _("Timeline"), url_for("customers.show", number=record.number), ""),
        (
            "contacts",
            _("Contacts"),
            url_for("customers.contacts", number=record.number),
            row["contacts"] or "",
        ),
        ("needs", _("Needs"), url_for("customers.needs", number=record.number), row["needs"] or ""),
    ]
    for panel in record.hooked_tabs():
        url = panel.url or url_for("customers.tab", number=record.number, name=panel.name)
        found.append((panel.name, panel.title, url, panel.count))
    found.append(("changes", _("Changes"), url_for("customers.changes", number=record.number), ""))
    return [
        {"label": text, "url": url, "count": count, "current": name == current}
        for name, text, url, count in found
    ]


def stream_of(record: Record) -> dict[str, Any]:
    """A page of the timeline, as the address asks for it."""
    sources = timeline.sources()
    only = request.args.get("show", "")
    if only and only not in {source.name for source in sources}:
        abort(404)
    before = read_cursor(request.args.get("before", ""))
    entries, more = timeline.stream(record.row, record.reader, only=only, before=before, size=PAGE)
    here = url_for("customers.timeline_of", number=record.number)
    shows = [("", _("all")), *((source.name, label(source.label)) for source in sources)]
    return {
        "entries": entries,
        "shows": [
            {"label": text, "url": with_query(here, {"show": name}), "current": name == only}
            for name, text in shows
        ],
        "more_url": with_query(here, {"show": only, "before": write_cursor(entries[-1])})
        if more
        else "",
        "only": only,
        "is_first": before is None,
    }


def write_cursor(entry: timeline.Entry) -> str:
    """Where the next page of the timeline goes on."""
    return f"{entry.at.isoformat()}~{entry.key}"


def read_cursor(text: str) -> tuple[datetime, str] | None:
    """The moment and key in a cursor; BadCursor for what is none of ours."""
    if not text:
        return None
    at, _tilde, key = text.partition("~")
    found = KEY.fullmatch(key)
    if found is None or int(found[1]) >= 2**ID_BITS:
        raise BadCursor(text[:100])
    try:
        return read_moment(at), key
    except ValueError as error:
        raise BadCursor(text[:100]) from error
