"""What the address of the list of orders asks for: `/orders?view=mine&status=confirmed&period=year`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crmlite import clock
from crmlite.accounts.queries import people
from crmlite.followups.deadlines import firm_zone
from crmlite.rules.text import clean_int
from crmlite.sales.queries.orders import ALL, BY_DAY, SORTS, VIEWS, Wanted
from crmlite.sales.words import STATUSES
from crmlite.wording import N_

LIST = "orders"  # the name under which views of it are kept
SELLER = "seller_id"  # in them
LONGEST = 200
NOBODY = 0  # whose orders there are none of
UNKNOWN = "?"  # no login
MOST = 10**15  # that an order comes to
HIGHEST = 2**31 - 1  # id
PERIODS = {
    "month": N_("this month"),
    "last-month": N_("last month"),
    "quarter": N_("this quarter"),
    "last-quarter": N_("last quarter"),
    "year": N_("this year"),
    "last-year": N_("last year"),
}


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """The list that an address asks for; what cannot be read is left out. Orders of somebody whom
    nobody knows are none: all of them would be taken for theirs."""
    view, status = asked.get("view", ""), asked.get("status", "")
    period = asked.get("period", "")
    since, until = days_of(period, clock.today(firm_zone()))
    sort = asked.get("sort", "").removeprefix("-")
    return Wanted(
        view=view if view in VIEWS else ALL,
        status=status if status in STATUSES else "",
        seller_id=_seller(asked.get("seller", "")),
        period=period if period in PERIODS else "",
        since=since or _day(asked.get("since", "")),
        until=until or _day(asked.get("until", "")),
        product_id=_whole(asked.get("product", ""), HIGHEST),
        customer_id=_whole(asked.get("customer", ""), HIGHEST),
        least=_whole(asked.get("least", "")),
        most=_whole(asked.get("most", "")),
        sort=sort if sort in SORTS else BY_DAY,
        descending=sort not in SORTS or asked["sort"].startswith("-"),
        saved=_whole(asked.get("saved", ""), HIGHEST) or 0,
        text=asked.get("q", "").replace("\x00", " ").strip()[:LONGEST],
    )


def _seller(login: str) -> int | None:
    if not login:
        return None
    return next((one.id for one in people().values() if one.login == login), NOBODY)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _whole(text: str, most: int = MOST) -> int | None:
    return clean_int(text, least=0, most=most).value if text else None


def query_of(wanted: Wanted) -> dict[str, str]:
    """The parameters of an address that asks for it."""
    query = {
        "view": "" if wanted.view == ALL else wanted.view,
        "status": wanted.status,
        "seller": _login(wanted.seller_id),
        "period": wanted.period,
        "q": wanted.text,
        "sort": f"{'-' * wanted.descending}{wanted.sort}" if is_sorted(wanted) else "",
    }
    numbers = {
        "product": wanted.product_id,
        "customer": wanted.customer_id,
        "least": wanted.least,
        "most": wanted.most,
        "saved": wanted.saved or None,
    }
    if not wanted.period:
        days = {"since": wanted.since, "until": wanted.until}
        query |= {name: day.isoformat() for name, day in days.items() if day is not None}
    query |= {name: str(number) for name, number in numbers.items() if number is not None}
    return {name: value for name, value in query.items() if value}


def _login(seller_id: int | None) -> str:
    if seller_id is None:
        return ""
    person = people().get(seller_id)
    return person.login if person else UNKNOWN


def wanted_by_view(row: Mapping[str, Any]) -> Wanted:
    """The list that a saved view asks for, as it is today. Older views keep a salesperson's login."""
    wanted = replace(wanted_of(row["query"]), saved=row["id"])
    seller = row["query"].get(SELLER)
    return wanted if seller is None else replace(wanted, seller_id=seller)


def stored(wanted: Wanted) -> dict[str, Any]:
    """What a saved view keeps: words of the address, so that "this month" stays this one; but the id of
    a salesperson, whose login may become another."""
    found: dict[str, Any] = {**query_of(replace(wanted, saved=0))}
    if found.pop("seller", None) is not None:
        found[SELLER] = wanted.seller_id
    return found


def is_sorted(wanted: Wanted) -> bool:
    """Whether the list is in another order than the latest first."""
    return (wanted.sort, wanted.descending) != (BY_DAY, True)


def days_of(period: str, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of a period; None and None for all time."""
    name, is_last = period.removeprefix("last-"), period.startswith("last-")
    if period not in PERIODS:
        return None, None
    first = _first(name, today)
    if is_last:
        last = first - timedelta(days=1)
        return _first(name, last), last
    return first, None


def _first(name: str, day: date) -> date:
    """The first day of the month, quarter or year of a day."""
    if name == "year":
        return day.replace(month=1, day=1)
    month = day.month if name == "month" else (day.month - 1) // 3 * 3 + 1
    return day.replace(month=month, day=1)
