"""The weekly sweep as its page shows it: what to close, what to add, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from crmlite.access import Reader
from crmlite.accounts.queries import people
from crmlite.agenda.items import Item, item_of
from crmlite.agenda.queries.items import open_between
from crmlite.agenda.queries.sweep import Progress, Week, lacking, progress, still_open, swept
from crmlite.followups.whose import Whose

MOST = 100  # lines of a band


@dataclass(frozen=True, kw_only=True, slots=True)
class Talked:
    """A customer whom somebody talked with, and what is to be added; an empty address is nothing."""

    number: str
    name: str
    url: str
    at: datetime
    need: str
    step: str
    has_need: bool
    next_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """The week of one person."""

    still: Sequence[Item]
    talked: Sequence[Talked]
    following: Sequence[Item]
    progress: Progress
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody of a team with how far they are."""

    name: str
    url: str
    progress: Progress
    finished_at: datetime | None


def sweep_of(reader: Reader, user_id: int, week: Week) -> Sweep:
    """The week of a person as far as the reader sees it."""
    following = week.following
    finished = swept([user_id], week).get(user_id)
    return Sweep(
        still=[item_of(row, reader) for row in still_open(reader, user_id, week, MOST)],
        talked=[_talked(row, reader) for row in lacking(reader, user_id, week, MOST)],
        following=[
            item_of(row, reader)
            for row in open_between(reader, user_id, following.monday, following.sunday, MOST)
        ],
        progress=progress(reader, [user_id], week)[user_id],
        finished_at=finished["finished_at"] if finished else None,
    )


def members(reader: Reader, shown: Whose, week: Week) -> list[Member]:
    """The people of a team with how far each is with the week, and who has finished."""
    known, finished = people(), swept(shown.ids, week)
    counted = progress(reader, shown.ids, week)
    return [
        Member(
            name=person.name,
            url=url_for("agenda.sweep", who=person.login, day=week.monday.isoformat()),
            progress=counted[user_id],
            finished_at=finished[user_id]["finished_at"] if user_id in finished else None,
        )
        for user_id, person in known.items()
        if user_id in counted and person.active
    ]


def _talked(row: Any, reader: Reader) -> Talked:
    number, owner_id = row["number"], row["owner_id"]
    needs, plans = row["open_needs"] == 0, row["next_step_on"] is None
    may_edit = reader.covers("customers:edit", owner_id)
    may_plan = reader.covers("tasks:edit", owner_id)
    return Talked(
        number=number,
        name=row["name"],
        url=url_for("customers.show", number=number),
        at=row["last_at"],
        need=url_for("customers.new_need", number=number) if needs and may_edit else "",
        step=url_for("followups.new_step", number=number) if plans and may_plan else "",
        has_need=not needs,
        next_on=row["next_step_on"],
    )
