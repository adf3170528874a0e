"""What stands on Today: bands of lines, each with who, what and why. In which order they come
is decided where they are read, in `crmlite/followups/queries/today.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.calendars.wording import amount
from crmlite.customers.choices import choice_label, tier_shown
from crmlite.dashboard.estimates import minutes_of, together
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import today as todays
from crmlite.followups.queries.today import LATE, LATER, MOST, OLDER, TODAY, WEEK, Days
from crmlite.followups.reasons import leads_to, reason_title, reason_words
from crmlite.followups.whose import Whose
from crmlite.followups.wording import due_state, due_words, repeat_words
from crmlite.paging import with_query
from crmlite.wording import ago

Row = Mapping[str, Any]
ALL = (LATE, OLDER, TODAY, WEEK, LATER)
OF_TEAM = 20  # lines of a band from each person of a team
MOST_OF_TEAM = 99  # how far the tasks of each of them are counted


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; with `more`, at least so many: counting stopped there."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.more else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A task as a line: what, for whom, why, until when.

    `number` is the customer's, empty for who may not see them; `url` leads to what the task comes
    from, else to the customer. What the case asks for (`of_case`) is done on the case's own page.
    """

    id: int
    icon: str
    who: str
    sub: str
    number: str
    url: str
    what: str
    why: str
    due: str
    due_state: str
    due_at: date | datetime
    channel: str
    of_case: bool
    may_edit: bool
    may_log: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Lines under one heading. `count` may be more than there are lines; `older` are the next steps
    that have been overdue for long and are gathered under one line."""

    name: str
    title: str
    lines: Sequence[Line]
    count: Count
    state: str = ""
    older: Count = Count(0)

    @property
    def more(self) -> str:
        """How many lines of it are not shown; empty for none."""
        rest = self.count.number - len(self.lines)
        return str(Count(rest, self.count.more)) if rest > 0 or self.count.more else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The bands of a day, how many things they ask for by today, and about how long these take."""

    bands: Sequence[Band]
    number: Count
    time: str
    first: Line | None


def day_of(
    reader: Reader,
    shown: Whose,
    days: Days,
    per_person: Mapping[int, Mapping[str, int]],
    *,
    whole: str = "",
) -> Day:
    """Overdue, today, this week, later. `per_person` is what `counted` answers; `whole` names a band
    of which all lines are asked for. Those of what comes later are shown only then."""
    limit = OF_TEAM if shown.is_team else todays.SHOWN
    wanted = {LATE: limit, TODAY: limit, WEEK: limit}
    if whole in (*wanted, LATER):
        wanted[whole] = todays.ALL
    rows = todays.lines(reader, shown.ids, days, wanted)
    counted_to = MOST_OF_TEAM if shown.is_team else MOST
    counts = {name: _together(per_person, name, counted_to) for name in ALL}
    found = {}
    for name in wanted:
        most = todays.ALL if name == whole else todays.SHOWN
        mine = [row for row in rows if days.holds(name, row["due_on"])][:most]
        found[name] = [_line(row, shown, days, reader) for row in mine]
    bands = [
        Band(
            name=name,
            title=title,
            lines=found.get(name, ()),
            count=counts[name],
            state="late" if name == LATE else "",
            older=counts[OLDER] if name == LATE else Count(0),
        )
        for name, title in (
            (LATE, _("Overdue")),
            (TODAY, _("Today")),
            (WEEK, _("This week")),
            (LATER, _("Later")),
        )
    ]
    by_today = [*found[LATE], *found[TODAY]]
    due = _sum(counts[LATE], counts[TODAY])
    time = together((line.channel for line in by_today), max(0, due.number - len(by_today)))
    return Day(
        bands=[band for band in bands if band.count or band.older],
        number=due,
        time=amount(time),
        first=next((line for line in by_today if line.may_log), None),
    )


def counted(reader: Reader, shown: Whose, days: Days) -> dict[int, dict[str, int]]:
    """How many tasks each band has, for each of the people shown; one more than is counted to where
    counting stopped."""
    most = MOST_OF_TEAM if shown.is_team else MOST
    return todays.counted(reader, shown.ids, days, ALL, most)


def _together(per_person: Mapping[int, Mapping[str, int]], name: str, most: int) -> Count:
    numbers = [one.get(name, 0) for one in per_person.values()]
    return _sum(*(Count(min(number, most), number > most) for number in numbers))


def _sum(*counts: Count) -> Count:
    return Count(sum(one.number for one in counts), any(one.more for one in counts))


def older_lines(reader: Reader, shown: Whose, days: Days) -> list[Line]:
    """The next steps that have been overdue for long."""
    rows = todays.lines(reader, shown.ids, days, {OLDER: todays.ALL})
    return [_line(row, shown, days, reader) for row in rows]


def waiting_on(reader: Reader, days: Days) -> int:
    """How many tasks of the reader are overdue, but for the old ones, or due today."""
    counts = todays.counted(reader, [reader.user_id], days, (LATE, TODAY))
    return sum(counts[reader.user_id].values())


def _line(row: Row, shown: Whose, days: Days, reader: Reader) -> Line:
    sees = reader.covers("customers:see", row["owner_id"])
    tier = choice_label("tier", tier_shown(row)) or choice_label("lifecycle", row["lifecycle"])
    number = row["number"] if sees else ""
    sub = [tier if sees else ""]
    sub.append(number if not shown.is_team else person_name(row["assignee_id"]))
    is_promise, of_case = row["kind"] == "promise", row["kind"] == "case"
    here = url_for("customers.show", number=number) if sees else ""
    due, state = _due(row, days.today)
    return Line(
        id=row["id"],
        icon="heart-handshake" if is_promise else icon_of(row["channel"]),
        who=row["name"] if sees else reason_title(row["reason"], reader),
        sub=" · ".join(part for part in sub if part),
        number=number,
        url=leads_to(row["reason"], reader, here),
        what=row["what"],
        why=_why(row, reader, sees=sees),
        due=due,
        due_state=state,
        due_at=row["due_at"] or row["due_on"],
        channel=row["channel"] or "",
        of_case=of_case,
        may_edit=not of_case and reader.covers("tasks:edit", row["owner_id"]),
        may_log=not of_case and reader.covers("interactions:create", row["owner_id"]),
    )


def _due(row: Row, today: date) -> tuple[str, str]:
    """Until when: how late it is or the day; on the day itself the time, by which a promise is to be
    kept, or else about how long it takes: "today" on each line would say nothing."""
    due_on, due_at = row["due_on"], row["due_at"]
    words, state = due_words(due_on, due_at), due_state(due_on, due_at)
    if due_on != today:
        return words, state
    if due_at is None:
        minutes = timedelta(minutes=minutes_of(row["channel"]))
        return _("about %(time)s", time=amount(minutes)), "muted"
    if row["kind"] != "next-step":
        return _("by %(time)s", time=words), state
    return words, state


def _why(row: Row, reader: Reader, *, sees: bool) -> str:
    """Why the task is there, and for who sees the customer where it comes from, and when people last
    talked."""
    parts = [reason_words(row["reason"], reader), repeat_words(row["repeat"])]
    if not sees:
        return " · ".join(part for part in parts if part)
    if row["from_at"] is not None:
        kind, when = kind_label(row["from_kind"]), ago(row["from_at"])
        if row["kind"] == "promise":
            parts.append(_("promised: %(kind)s, %(when)s", kind=kind, when=when))
        else:
            parts.append(_("from %(kind)s, %(when)s", kind=kind, when=when))
    if row["last_contact_at"] is None:
        parts.append(_("no talk yet"))
    elif row["last_contact_at"] != row["from_at"]:
        parts.append(_("last talk %(when)s", when=ago(row["last_contact_at"])))
    return " · ".join(part for part in parts if part)


def log_url(line: Line, **more: str) -> str:
    """Where the contact for a line is written down."""
    here = url_for("followups.new_interaction", number=line.number)
    return with_query(here, {"back": "today", "step": str(line.id), **more})
