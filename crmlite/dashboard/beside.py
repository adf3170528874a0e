"""What stands beside the lines of Today: promises, what is not written yet, the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.calendars.wording import amount
from crmlite.dashboard.lines import Count
from crmlite.dashboard.score import score_of
from crmlite.followups.deadlines import LATE, firm_zone, standing
from crmlite.followups.kinds import icon_of, kind_label
from crmlite.followups.queries import promises, promptness
from crmlite.followups.reasons import leads_to, reason_title
from crmlite.followups.whose import Whose
from crmlite.followups.wording import due_words, promise_state, promise_words
from crmlite.paging import with_query
from crmlite.panels import Panel
from crmlite.rules.promptness import last_moment
from crmlite.wording import ago

Row = Mapping[str, Any]
SHOWN = 5
SOON = timedelta(hours=4)  # left of the day within which contacts are written down


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """An open promise as a line."""

    id: int
    what: str
    customer: str
    number: str
    url: str
    who: str
    due: str
    state: str
    at: date | datetime
    risen_at: datetime | None
    may_edit: bool
    mine: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwritten:
    """A contact that took place and is not written down, as a line. `dismiss` is where it is said that
    it did not take place, `move` where another time is chosen for what was planned."""

    icon: str
    what: str
    when: str
    at: datetime
    left: str
    state: str
    who: str
    url: str
    write: str
    dismiss: str
    move: str


def panels(shown: Whose, reader: Reader) -> list[Panel]:
    """The right column, as far as the dashboard itself fills it."""
    today = clock.today(firm_zone())
    found = [
        Panel(
            name="score",
            title=_("Written within 24 hours"),
            template="dashboard/score.html",
            context={"score": score_of(shown, today)},
            weight=40,
        ),
        Panel(
            name="unplanned",
            title=_("No next step planned"),
            template="dashboard/unplanned.html",
            context={"url": with_query(url_for("dashboard.unplanned"), dict(shown.query))},
            weight=50,
        ),
    ]
    due, count = promises_due(reader, shown)
    if due:
        found.append(
            Panel(
                name="promises",
                title=_("Promises due"),
                template="dashboard/promises.html",
                context={"promises": due, "is_team": shown.is_team},
                url=with_query(url_for("dashboard.promises"), dict(shown.query)),
                count=str(count),
                weight=10,
            )
        )
    waiting, more = not_written(reader, shown, SHOWN)
    if waiting:
        found.append(
            Panel(
                name="unwritten",
                title=_("Not written yet"),
                template="dashboard/unwritten.html",
                context={"waiting": waiting},
                url=with_query(url_for("dashboard.written"), dict(shown.query)) if more else "",
                count=str(more) if more else "",
                weight=30,
            )
        )
    return found


def promises_due(reader: Reader, shown: Whose, limit: int = SHOWN) -> tuple[list[Promised], Count]:
    """The promises that are due first, and how many are open."""
    most = promises.MOST
    count = promises.count_promised(reader, shown.ids)
    rows = promises.promised(reader, shown.ids, limit) if count else []
    return [_promised(row, shown, reader) for row in rows], Count(min(count, most), count > most)


def risen(reader: Reader, shown: Whose) -> list[Promised]:
    """The late promises of the people shown: what has risen to whoever looks after them."""
    rows = promises.promised(reader, shown.ids, SHOWN)
    now, zone = clock.now(), firm_zone()
    return [
        _promised(row, shown, reader)
        for row in rows
        if standing(row, now, zone) == LATE and row["assignee_id"] != reader.user_id
    ]


def _promised(row: Row, shown: Whose, reader: Reader) -> Promised:
    customer, number, url = _whose(row, reader)
    return Promised(
        id=row["id"],
        what=row["what"],
        customer=customer,
        number=number,
        url=url,
        who=person_name(row["assignee_id"]) if shown.is_team else "",
        due=due_words(row["due_on"], row["due_at"]),
        state=promise_state(row),
        at=row["due_at"] or row["due_on"],
        risen_at=row["alerted_at"],
        may_edit=reader.covers("tasks:edit", row["owner_id"]),
        mine=row["assignee_id"] == reader.user_id,
    )


def _whose(row: Row, reader: Reader) -> tuple[str, str, str]:
    """Name, number and address of the customer of a promise; for who may not see them, what it comes
    from."""
    if reader.covers("customers:see", row["owner_id"]):
        number = row["number"]
        return row["name"], number, url_for("customers.show", number=number)
    return reason_title(row["reason"], reader), "", leads_to(row["reason"], reader, "")


def not_written(
    reader: Reader, shown: Whose, limit: int = promptness.MOST
) -> tuple[list[Unwritten], Count | None]:
    """The contacts that are not written down yet, those with the least time left first, and how many
    there are where that is more."""
    rows = promptness.unwritten(reader, shown.ids, clock.now())
    lines = [_unwritten(row, shown, reader) for row in rows[:limit]]
    number = len(rows)
    if number <= limit:
        return lines, None
    return lines, Count(min(number, promptness.MOST), number > promptness.MOST)


def _unwritten(row: Row, shown: Whose, reader: Reader) -> Unwritten:
    left = last_moment(row["at"]) - clock.now()
    if left > timedelta():
        words, state = _("%(time)s left", time=_rough(left)), "soon" if left < SOON else ""
    else:
        words, state = _("%(time)s late", time=_rough(-left)), "late"
    here = url_for("followups.new_interaction", number=row["number"])
    may = reader.covers("interactions:create", row["owner_id"])
    task, start = row["task_id"], row["start_id"]
    asked = {"step": task, "took": "1"} if task else {"start": start}
    mine = row["user_id"] == reader.user_id
    return Unwritten(
        icon=icon_of(row["kind"]),
        what=_("%(kind)s, %(customer)s", kind=kind_label(row["kind"]), customer=row["name"]),
        when=ago(row["at"]),
        at=row["at"],
        left=words,
        state=state,
        who=person_name(row["user_id"]) if shown.is_team else "",
        url=url_for("customers.show", number=row["number"]),
        write=with_query(here, {"back": "today", **asked}) if may else "",
        dismiss=url_for("followups.dismiss", start_id=start) if start and may and mine else "",
        move=url_for("followups.move", task_id=task)
        if task and reader.covers("tasks:edit", row["owner_id"])
        else "",
    )


def _rough(time: timedelta) -> str:
    """So much time, to the minute below a day, in days from two days on."""
    if time >= timedelta(days=2):
        return ngettext("%(num)d day", "%(num)d days", time.days)
    return amount(time)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """A promise that was done or dropped, as a line."""

    what: str
    customer: str
    url: str
    who: str
    words: str
    state: str
    due: date | datetime
    closed_at: datetime
    outcome: str


def closed_promises(reader: Reader, shown: Whose, since: datetime, limit: int) -> list[Closed]:
    """How earlier promises went, the latest first."""
    return [
        _closed(row, shown, reader)
        for row in promises.closed_since(reader, shown.ids, since, limit)
    ]


def _closed(row: Row, shown: Whose, reader: Reader) -> Closed:
    customer, _number, url = _whose(row, reader)
    return Closed(
        what=row["what"],
        customer=customer,
        url=url,
        who=person_name(row["assignee_id"]) if shown.is_team else "",
        words=promise_words(row),
        state=promise_state(row),
        due=row["due_at"] or row["due_on"],
        closed_at=row["closed_at"],
        outcome=row["outcome"] or "",
    )
