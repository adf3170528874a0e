"""Figures as pages show them, each with the address of its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.accounts.queries import people, person_name, teams
from crmlite.customers.queries import in_sight
from crmlite.followups.whose import Whose
from crmlite.metrics.declaring import Metric, Share, Span
from crmlite.metrics.definitions import METRICS
from crmlite.metrics.queries import rows, shares
from crmlite.metrics.whose import EVERYBODY
from crmlite.wording import label

PAGE = 50
NOTHING = Share()
Query = Mapping[str, str]
Address = Callable[[Metric, Query], str]
"""Where the rows of a figure stand, of the people whom a query means."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with where its rows stand."""

    metric: Metric
    share: Share
    url: str
    before: Share = NOTHING

    @property
    def label(self) -> str:
        """What it is called."""
        return label(self.metric.label)

    @property
    def definition(self) -> str:
        """What it counts."""
        return label(self.metric.definition)


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a person or a team."""

    name: str
    query: Query
    figures: Sequence[Figure]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All figures of some people: together, by team and by person."""

    figures: Sequence[Figure]
    teams: Sequence[Line]
    persons: Sequence[Line]


def report(shown: Whose, span: Span, address: Address) -> Report:
    """The figures of the people shown. A team has those of its members: who is in two teams counts in
    both, and once in the sum."""
    by_metric = {name: shares(one, shown.ids, span) for name, one in METRICS.items()}
    earlier = {name: shares(one, shown.ids, span.before()) for name, one in METRICS.items()}
    query = dict(shown.query)
    return Report(
        figures=[
            Figure(one, _sum(by_metric[name]), address(one, query), _sum(earlier[name]))
            for name, one in METRICS.items()
        ],
        teams=_teams(by_metric, address) if shown.query == EVERYBODY else [],
        persons=_persons(shown, by_metric, address) if shown.is_team else [],
    )


Counted = Mapping[str, Mapping[int, Share]]


def _teams(counted: Counted, address: Address) -> list[Line]:
    return [
        _line(label(team.label), {"team": team.key}, counted, team.member_ids, address)
        for team in teams()
        if team.member_ids
    ]


def _persons(shown: Whose, counted: Counted, address: Address) -> list[Line]:
    """Those who are there, and those of whom something counts."""
    known, busy = people(), {one for found in counted.values() for one in found}
    return [
        _line(person.name, {"who": person.login}, counted, (person.id,), address)
        for person in known.values()
        if person.id in busy or (person.id in shown.ids and person.active)
    ]


def _line(
    name: str, query: Query, counted: Counted, ids: Sequence[int] | frozenset[int], address: Address
) -> Line:
    figures = [
        Figure(
            one,
            _sum({user_id: counted[key].get(user_id, NOTHING) for user_id in ids}),
            address(one, query),
        )
        for key, one in METRICS.items()
    ]
    return Line(name, query, figures)


def _sum(found: Mapping[int, Share]) -> Share:
    return sum(found.values(), NOTHING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A row behind a figure. Without a `url` it is of a customer out of the reader's sight."""

    icon: str
    customer: str
    url: str
    said: str
    due: date | datetime
    done: date | datetime | None
    state: str
    who: str
    kept: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A page of rows. `number` is how many there are in all."""

    entries: Sequence[Entry]
    number: int
    page: int

    @property
    def first(self) -> int:
        """The place of its first row."""
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of its last row."""
        return self.first + len(self.entries) - 1


def listing(
    metric: Metric, reader: Reader, shown: Whose, span: Span, *, missed: bool, page: int
) -> tuple[Figure, Listing]:
    """The figure of the people shown, and a page of the rows behind it."""
    share = _sum(shares(metric, shown.ids, span))
    number = share.total - share.kept if missed else share.total
    page = min(page, max(1, -(-number // PAGE)))
    found = rows(metric, shown.ids, span, missed=missed, limit=PAGE, offset=(page - 1) * PAGE)
    told = metric.told([row["id"] for row in found])
    seen = in_sight(reader, {row["customer_id"] for row in found})
    entries = []
    for row in found:
        one, customer = told[row["id"]], seen.get(row["customer_id"])
        knows = customer is not None and reader.covers(metric.right, customer["owner_id"])
        entries.append(
            Entry(
                icon=one.icon,
                customer=customer["name"] if customer else _("A customer you do not see"),
                url=customer["number"] if customer else "",
                said=one.said if knows else "",
                due=one.due,
                done=one.done,
                state=one.state,
                who=person_name(row["user_id"]),
                kept=bool(row["kept"]),
            )
        )
    return Figure(metric, share, ""), Listing(entries=entries, number=number, page=page)
