"""What the address of a list of records asks for: `/records/retail__coupon?view=mine&period=month`,
and the value of each field with choices: `&retail__coupon_state=used`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from crmlite import clock
from crmlite.access import Reader
from crmlite.accounts.queries import people
from crmlite.fields.entering import offered_choices
from crmlite.followups.deadlines import firm_zone
from crmlite.objects.kinds import Kind
from crmlite.rules.conditions import Span, day_range
from crmlite.rules.fields import Field
from crmlite.sales.sight import sees_all_amounts
from crmlite.wording import N_, label

MINE, TEAM, ALL = "mine", "team", "all"
VIEWS = {ALL: N_("All"), MINE: N_("Of my customers"), TEAM: N_("Of my teams")}
PERIODS = {
    "month": (Span("month"), N_("this month")),
    "next-month": (Span("month", 1), N_("next month")),
    "last-month": (Span("month", -1), N_("last month")),
    "quarter": (Span("quarter"), N_("this quarter")),
    "year": (Span("year"), N_("this year")),
    "last-year": (Span("year", -1), N_("last year")),
}
DAY, CUSTOMER = "day", "customer"
LONGEST = 200
YES_NO = {"yes": N_("yes"), "no": N_("no")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A list as it is asked for: a view, the owner of the customers, a period or days, values of
    fields by their names, a text, an order. `sort` is DAY, CUSTOMER or the name of a field."""

    view: str = ALL
    owner_id: int | None = None
    period: str = ""
    since: date | None = None
    until: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    sort: str = DAY
    descending: bool = True

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out but by its view."""
        days = self.since or self.until or self.period
        return bool(days or self.values or self.text or self.owner_id is not None)

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day of what is asked for; None leaves that side open."""
        if self.period:
            start, end = day_range("during", (PERIODS[self.period][0],), today)
            return start, end - timedelta(days=1) if end else None
        return self.since, self.until


def wanted_of(asked: Mapping[str, str], of: Kind, reader: Reader) -> Wanted:
    """The list that an address asks for; what cannot be read is left out."""
    view, login, period = (asked.get(name, "") for name in ("view", "owner", "period"))
    sort = asked.get("sort", "")
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in sorts(of, reader):
        name, descending = DAY, True
    return Wanted(
        view=view if view in VIEWS else ALL,
        owner_id=next((one.id for one in people().values() if one.login == login), None),
        period=period if period in PERIODS else "",
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        values={
            field.name: asked[field.name]
            for field in filters(of)
            if asked.get(field.name, "") in offered(field)
        },
        text=asked.get("q", "").replace("\x00", " ").strip()[:LONGEST],
        sort=name,
        descending=descending,
    )


def query_of(wanted: Wanted) -> dict[str, str]:
    """The parameters of an address that asks for it."""
    person = people().get(wanted.owner_id) if wanted.owner_id is not None else None
    sort = f"-{wanted.sort}" if wanted.descending else wanted.sort
    query = {
        "view": "" if wanted.view == ALL else wanted.view,
        "owner": person.login if person else "",
        "period": wanted.period,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        **wanted.values,
        "q": wanted.text,
        "sort": "" if sort == f"-{DAY}" else sort,
    }
    return {name: value for name, value in query.items() if value}


def filters(of: Kind) -> list[Field]:
    """The fields whose values a list can be narrowed down to."""
    kinds = ("choice", "choices", "boolean")
    return [one for one in of.fields if one.kind in kinds and not (one.sensitive or one.sealed)]


def offered(field: Field) -> dict[str, str]:
    """Those values, in words."""
    if field.kind == "boolean":
        return {key: label(words) for key, words in YES_NO.items()}
    return {key: label(words) for key, words in offered_choices(field, retired=True)}


def sorts(of: Kind, reader: Reader) -> dict[str, Field | None]:
    """What a list can be sorted by; an order tells values, so all of them must be seen."""
    fields: dict[str, Field | None] = {DAY: None, CUSTOMER: None}
    for one in of.fields:
        if one.sortable and one.name != of.day and one.traits.values != "id":
            is_open = not one.sensitive or (one.kind == "amount" and sees_all_amounts(reader))
            fields |= {one.name: one} if is_open else {}
    return fields


def today() -> date:
    """The firm's day."""
    return clock.today(firm_zone())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
