"""How much was written down within a day: a person's share, the team's, and which contacts were late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app, url_for

from crmlite import clock
from crmlite.access import Reader
from crmlite.accounts.queries import person_name, team_mates
from crmlite.calendars.wording import amount
from crmlite.customers import promptness as entering
from crmlite.customers.queries import in_sight
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import promptness
from crmlite.followups.whose import Whose
from crmlite.paging import with_query
from crmlite.rules.promptness import is_late
from crmlite.rules.shares import share

Row = Mapping[str, Any]
DAYS = 30
BAR = 28  # height of the tallest bar
PAGE = 50
KEPT = timedelta(minutes=2)  # a team's share moves slowly
KEY = "crmlite.team_shares"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A day as a bar: its height and that of its late part, and where its contacts are listed."""

    day: date
    total: int
    late: int
    height: int
    late_height: int
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """The share of the last 30 days. `team` is that of the team in percent, None without any contact or
    any team."""

    total: int
    in_time: int
    bars: Sequence[Bar]
    team: int | None
    url: str

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None without any contact."""
        return share(self.total, self.in_time)


def since(today: date) -> datetime:
    """The first moment that counts."""
    return datetime.combine(today - timedelta(days=DAYS - 1), time(), firm_zone())


def score_of(shown: Whose, today: date) -> Score:
    """How well the people shown wrote down what they did."""
    first = today - timedelta(days=DAYS - 1)
    days = promptness.per_day(shown.ids, first, DAYS, firm_zone())
    tallest = max([1, *(total for total, _late in days)])
    here = url_for("dashboard.written")
    bars = [
        Bar(
            day=(day := first + timedelta(days=place)),
            total=total,
            late=late,
            height=round(BAR * total / tallest),
            late_height=max(round(BAR * late / tallest), 2 if late else 0),
            url=with_query(here, {**dict(shown.query), "day": day.isoformat()}),
        )
        for place, (total, late) in enumerate(days)
    ]
    total = sum(bar.total for bar in bars)
    return Score(
        total=total,
        in_time=total - sum(bar.late for bar in bars),
        bars=bars,
        team=None if shown.is_team else team_share(shown.ids[0], today),
        url=with_query(here, dict(shown.query)),
    )


def shares(people: Sequence[int], today: date) -> dict[int, int | None]:
    """The share of each of these people in percent."""
    found = promptness.shares(people, since(today))
    return {user_id: share(*numbers) for user_id, numbers in found.items()}


def entered(shown: Whose, today: date) -> tuple[int, int, int | None]:
    """How many changes of contacts, needs and status the people shown entered in the last 30 days, how
    many of them within a day of learning of them, and that share in percent."""
    numbers = entering.shares(shown.ids, since(today)).values()
    total, in_time = sum(one for one, _kept in numbers), sum(kept for _all, kept in numbers)
    return total, in_time, share(total, in_time)


def team_share(user_id: int, today: date) -> int | None:
    """The share of everyone in the teams of a person, in percent; None for who is in none. It is kept
    for a moment, for everyone's page shows it."""
    mates = tuple(sorted(team_mates(user_id)))
    if len(mates) < 2:
        return None
    known: dict[tuple[int, ...], tuple[date, datetime, int | None]]
    known = current_app.extensions.setdefault(KEY, {})
    now = clock.now()
    day, until, percent = known.get(mates, (today, now, None))
    if until <= now or day != today:
        numbers = promptness.shares(mates, since(today)).values()
        percent = share(sum(one for one, _kept in numbers), sum(kept for _all, kept in numbers))
        known[mates] = (today, now + KEPT, percent)
    return percent


def forget_shares() -> None:
    """Reckon anew: a contact was written down."""
    current_app.extensions.pop(KEY, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A contact as a line: when, with whom, and how long after it was written down. Without a `url` it
    is of a customer out of the reader's sight."""

    at: datetime
    icon: str
    kind: str
    who: str
    url: str
    customer: str
    said: str
    after: str
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A page of contacts, late ones first. `number` is how many there are in all."""

    lines: Sequence[Written]
    number: int
    page: int

    @property
    def first(self) -> int:
        """The place of its first line."""
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of its last line."""
        return self.first + len(self.lines) - 1


def written(
    reader: Reader, shown: Whose, today: date, *, day: date | None, late: bool, page: int
) -> Listing:
    """The contacts behind the share: of the last 30 days, or of one of them; perhaps only late ones."""
    start, until = since(today), None
    if day is not None:
        start = max(start, datetime.combine(day, time(), firm_zone()))
        until = datetime.combine(day + timedelta(days=1), time(), firm_zone())
    ids = promptness.written(shown.ids, start, until, only_late=late)
    pages = max(1, -(-len(ids) // PAGE))
    page = min(page, pages)
    some = ids[(page - 1) * PAGE : page * PAGE]
    rows = promptness.told(some)
    seen = in_sight(reader, {row["customer_id"] for row in rows.values()})
    lines = [_line(rows[one], seen.get(rows[one]["customer_id"]), reader) for one in some]
    return Listing(lines=lines, number=len(ids), page=page)


def _line(row: Row, customer: Row | None, reader: Reader) -> Written:
    delay = max(row["recorded_at"] - row["occurred_at"], timedelta())
    knows = customer is not None and reader.covers("interactions:see", customer["owner_id"])
    return Written(
        at=row["occurred_at"],
        icon=icon_of(row["kind"]),
        kind=kind_label(row["kind"]),
        who=person_name(row["done_by_id"]),
        url=url_for("customers.show", number=customer["number"]) if customer else "",
        customer=customer["name"] if customer else "",
        said=row["content"] if knows else "",
        after=amount(delay),
        is_late=is_late(row["occurred_at"], row["recorded_at"]),
    )
