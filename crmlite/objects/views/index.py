"""The list of a kind of records."""

from dataclasses import replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from crmlite import hooks
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts.queries import owners, person_name
from crmlite.db.keyset import BadCursor
from crmlite.objects import lists, query_string
from crmlite.objects.kinds import Kind
from crmlite.objects.panels import words_of
from crmlite.objects.query_string import CUSTOMER, DAY, PERIODS, VIEWS, Wanted
from crmlite.objects.record import columns_of, lines, places, width_of
from crmlite.objects.views.blueprint import bp
from crmlite.objects.views.finding import found_kind
from crmlite.objects.words import PARENTS
from crmlite.paging import page, with_query
from crmlite.wording import label


@bp.get("/records/<name>")
@requires(SIGNED_IN)
def index(name: str) -> Any:
    """The records of a kind, the latest first; `?view=`, `?period=`, `?q=`, `?sort=` and the fields with
    choices narrow them down."""
    of, reader = found_kind(name), current_reader()
    wanted = query_string.wanted_of(request.args, of, reader)
    try:
        shown = lists.page_of(of, reader, wanted, request.args.get("after", ""))
    except BadCursor:
        abort(404)
    count = lists.counted(of, reader, wanted)
    query = with_query("", query_string.query_of(wanted)).removeprefix("?")
    actions = hooks.asked("object_list_actions", name=name, query=query, reader=reader)
    return page(
        "objects/list.html",
        "objects/_list.html",
        kind=of,
        rows=lines(of, shown.rows, reader, editable=False),
        heads=_heads(of, wanted),
        parent_label=label(PARENTS[of.parent]) if of.parent != "customer" else "",
        views=[_tab(of, view, wanted) for view in VIEWS],
        wanted=wanted,
        here=_url(of, replace(wanted, text="")),
        narrowed=query_string.query_of(replace(wanted, text="")),
        undated=query_string.query_of(replace(wanted, period="", since=None, until=None)),
        chips=_chips(of, wanted),
        offered=_offered(of, wanted),
        total=f"{format_decimal(lists.CAP)}+" if count > lists.CAP else format_decimal(count),
        actions=sorted(actions, key=lambda one: one.weight),
        before=_url(of, wanted, after=shown.before) if shown.before else "",
        after=_url(of, wanted, after=shown.after) if shown.after else "",
    )


def _url(of: Kind, wanted: Wanted, **more: str) -> str:
    return with_query(url_for("objects.index", name=of.name), query_string.query_of(wanted) | more)


def _tab(of: Kind, view: str, wanted: Wanted) -> dict[str, Any]:
    return {
        "label": label(VIEWS[view]),
        "url": _url(of, replace(wanted, view=view)),
        "current": view == wanted.view,
    }


def _heads(of: Kind, wanted: Wanted) -> dict[str, dict[str, str]]:
    """The heads of the columns by what they show, each with the address that sorts by it."""
    sorts = query_string.sorts(of, current_reader())
    shown = {
        of.title: (words_of(of, of.title), ""),
        CUSTOMER: (_("Customer"), ""),
        DAY: (words_of(of, of.day), ""),
    }
    columns = columns_of(of)
    classes = places(columns, "k2")
    shown |= {one.name: (label(one.label), classes[one.name]) for one in columns}
    widths = {DAY: "w-m"} | {one.name: width_of(one) for one in columns}
    return {
        name: _head(of, wanted, name, *words, sorts=name in sorts) | {"width": widths.get(name, "")}
        for name, words in shown.items()
    }


def _head(
    of: Kind, wanted: Wanted, name: str, words: str, classes: str, *, sorts: bool
) -> dict[str, str]:
    current = wanted.sort == name
    down = not wanted.descending if current else name == DAY
    url = _url(of, replace(wanted, sort=name, descending=down)) if sorts else ""
    order = ("descending" if wanted.descending else "ascending") if current else ""
    return {"name": name, "label": words, "classes": classes, "url": url, "sorted": order}


def _chips(of: Kind, wanted: Wanted) -> list[dict[str, str]]:
    """The filters in words, each with the address without it."""
    found = []
    day = words_of(of, of.day)
    if wanted.period:
        words = label(PERIODS[wanted.period][1])
        found.append((day, words, replace(wanted, period="")))
    elif wanted.since or wanted.until:
        found.append((day, _days(wanted), replace(wanted, since=None, until=None)))
    if wanted.owner_id is not None:
        found.append((_("Owner"), person_name(wanted.owner_id), replace(wanted, owner_id=None)))
    for field in query_string.filters(of):
        if (value := wanted.values.get(field.name)) is not None:
            values = {name: one for name, one in wanted.values.items() if name != field.name}
            words = query_string.offered(field)[value]
            found.append((label(field.label), words, replace(wanted, values=values)))
    return [
        {"words": words, "value": value, "remove": _url(of, without)}
        for words, value, without in found
    ]


def _days(wanted: Wanted) -> str:
    first, last = (
        format_date(day, "medium") if day else "" for day in (wanted.since, wanted.until)
    )
    if first and last:
        return str(_("%(first)s to %(last)s", first=first, last=last))
    return str(_("from %(day)s", day=first) if first else _("until %(day)s", day=last))


def _offered(of: Kind, wanted: Wanted) -> list[dict[str, Any]]:
    """What the list can be narrowed down to: a menu for each filter."""
    found = []
    if not (wanted.period or wanted.since or wanted.until):
        periods = [
            (label(words), _url(of, replace(wanted, period=key)))
            for key, (_span, words) in PERIODS.items()
        ]
        found.append({"label": words_of(of, of.day), "values": periods})
    for field in query_string.filters(of):
        if field.name not in wanted.values:
            values = [
                (words, _url(of, replace(wanted, values={**wanted.values, field.name: key})))
                for key, words in query_string.offered(field).items()
            ]
            found.append({"label": label(field.label), "values": values})
    if wanted.owner_id is None:
        people = [(one.name, _url(of, replace(wanted, owner_id=one.id))) for one in owners()]
        found.append({"label": _("Owner"), "values": people})
    return found
