"""The list of orders."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import hooks, settings
from crmlite.access import Reader, can, current_reader, requires
from crmlite.access.sensitive import shown
from crmlite.accounts.queries import owners, person_name
from crmlite.customers.queries import in_sight
from crmlite.customers.words import money
from crmlite.db.keyset import BadCursor
from crmlite.paging import page, with_query
from crmlite.panels import Action
from crmlite.sales import query_string
from crmlite.sales.models import Order
from crmlite.sales.queries import orders as reading
from crmlite.sales.queries import products as products_read
from crmlite.sales.queries.orders import (
    ALL,
    BY_DAY,
    MINE,
    SORTS,
    TEAM,
    Total,
    Wanted,
)
from crmlite.sales.sight import sees_all_amounts
from crmlite.sales.views.blueprint import bp
from crmlite.sales.words import STATUSES, amount_words, status_label
from crmlite.saved_views.queries import may_change, views_of
from crmlite.wording import N_, exactly, label

TITLES = {ALL: N_("All orders"), MINE: N_("Sold by me"), TEAM: N_("My teams")}


@bp.get("/orders")
@requires("orders:see")
def orders() -> Any:
    """Orders, the latest first unless `?sort=` says otherwise; the rest of the address narrows them
    down, as `query_string` reads it."""
    reader, wanted = current_reader(), query_string.wanted_of(request.args)
    try:
        found = reading.orders(reader, wanted, request.args.get("after", ""))
    except BadCursor:
        abort(404)
    total, most = reading.total(reader, wanted), reading.most_counted(wanted)
    kept = views_of(query_string.LIST, reader)
    returned = reading.with_returns([row["id"] for row in found.rows])
    if wanted.saved not in {row["id"] for row in kept}:
        wanted = replace(wanted, saved=0)
    return page(
        "sales/orders.html",
        "sales/_orders.html",
        rows=[_line(row, reader, returned) for row in found.rows],
        views=[*(_tab(view, wanted) for view in TITLES), *(_kept(row, wanted) for row in kept)],
        keep=with_query(url_for("sales.new_view"), _unsaved(wanted)),
        change=_change(wanted, reader, kept),
        wanted=wanted,
        here=_url(replace(wanted, text="")),
        narrowed=query_string.query_of(replace(wanted, text="")),
        chips=_chips(wanted),
        offered=_offered(wanted),
        count=total.count,
        counted=f"{most:,}+" if total.count > most else str(total.count),
        bought=_sum(total, reader),
        before=_url(wanted, after=found.before) if found.before else "",
        after=_url(wanted, after=found.after) if found.after else "",
        may_create=can("orders:create"),
        heads=_heads(wanted, reader),
        conditions=with_query(url_for("sales.conditions"), query_string.query_of(wanted)),
        actions=_actions(wanted, reader),
    )


def _actions(wanted: Wanted, reader: Reader) -> list[Action]:
    """What can be done with the whole list."""
    query = with_query("", query_string.query_of(wanted)).removeprefix("?")
    found: list[Action] = hooks.asked("order_list_actions", query=query, reader=reader)
    return sorted(found, key=lambda one: one.weight)


def _heads(wanted: Wanted, reader: Reader) -> dict[str, tuple[str, str]]:
    """Of the columns by which the list can be sorted: the address that does so, and how it is now."""
    found = {}
    for name in SORTS if sees_all_amounts(reader) else (BY_DAY,):
        is_by_this = wanted.sort == name
        descending = not (is_by_this and wanted.descending)
        now = ("descending" if wanted.descending else "ascending") if is_by_this else ""
        found[name] = (_url(replace(wanted, sort=name, descending=descending)), now)
    return found


def _line(row: Any, reader: Reader, returned: Collection[int]) -> dict[str, Any]:
    total = shown(reader, Order.total, row, owner_id=row["owner_id"])
    return {
        "id": row["id"],
        "number": row["number"],
        "url": url_for("sales.show", number=row["number"]),
        "day": row["ordered_on"],
        "expected": row["expected_on"] if row["status"] == "confirmed" else None,
        "customer": row["customer"],
        "customer_url": url_for("customers.show", number=row["customer_number"]),
        "seller": person_name(row["seller_id"]),
        "status": status_label(row["status"]),
        "status_key": row["status"],
        "total": amount_words(total, row["currency"]),
        "has_returns": row["id"] in returned,
    }


def _sum(total: Total, reader: Reader) -> str:
    """What was bought, in words; empty where the reader does not see all amounts, or there are too
    many orders."""
    if not sees_all_amounts(reader):
        return ""
    return _(", ").join(money(amount, currency) for currency, amount in sorted(total.sums.items()))


def _tab(view: str, wanted: Wanted) -> dict[str, Any]:
    return {
        "label": label(TITLES[view]),
        "url": _url(replace(wanted, view=view, saved=0)),
        "current": view == wanted.view and not wanted.saved,
    }


def _kept(row: Any, wanted: Wanted) -> dict[str, Any]:
    """A saved view as a tab."""
    return {
        "label": row["name"],
        "url": _url(query_string.wanted_by_view(row)),
        "current": row["id"] == wanted.saved,
    }


def _change(wanted: Wanted, reader: Reader, kept: Sequence[Any]) -> str:
    """Where the view that is shown is changed; empty where it is none that the reader may change."""
    for row in kept:
        shared, owner = row["shared"], row["owner_id"]
        if row["id"] == wanted.saved and may_change(reader, owner_id=owner, shared=shared):
            place = url_for("sales.edit_view", view_id=row["id"])
            return with_query(place, _unsaved(wanted))
    return ""


def _unsaved(wanted: Wanted) -> dict[str, str]:
    return query_string.query_of(replace(wanted, saved=0))


def _url(wanted: Wanted, **more: str) -> str:
    return with_query(url_for("sales.orders"), query_string.query_of(wanted) | more)


def _chips(wanted: Wanted) -> list[dict[str, str]]:
    """The filters in words, each with the address without it."""
    found = []
    if wanted.status:
        found.append((_("State"), status_label(wanted.status), "status"))
    if wanted.seller_id is not None:
        found.append((_("Salesperson"), person_name(wanted.seller_id) or "–", "seller"))
    if wanted.period:
        found.append((_("Ordered"), label(query_string.PERIODS[wanted.period]), "period"))
    else:
        days = (("since", _("From"), wanted.since), ("until", _("Until"), wanted.until))
        found += [(words, exactly(day), name) for name, words, day in days if day is not None]
    if wanted.customer_id is not None:
        seen = in_sight(current_reader(), [wanted.customer_id]).get(wanted.customer_id)
        found.append((_("Customer"), seen["name"] if seen else "–", "customer"))
    if wanted.product_id is not None:
        found.append((_("Product"), products_read.name_of(wanted.product_id), "product"))
    currency = str(settings.get("currency"))
    amounts = (("least", _("At least"), wanted.least), ("most", _("At most"), wanted.most))
    found += [
        (words, money(one, currency), name) for name, words, one in amounts if one is not None
    ]
    return [
        {"words": words, "value": value, "remove": _url(wanted, **{name: ""})}
        for words, value, name in found
    ]


def _offered(wanted: Wanted) -> list[dict[str, Any]]:
    """What the list can be narrowed down to: a menu for each filter."""
    found = []
    if not wanted.period:
        periods = [
            (label(text), _url(wanted, period=key)) for key, text in query_string.PERIODS.items()
        ]
        found.append({"label": _("Ordered"), "values": periods})
    if not wanted.status:
        states = [(status_label(key), _url(wanted, status=key)) for key in STATUSES]
        found.append({"label": _("State"), "values": states})
    if wanted.seller_id is None:
        people = [(one.name, _url(wanted, seller=one.login)) for one in owners()]
        found.append({"label": _("Salesperson"), "values": people})
    return found
