"""Setting a book up: what is said in the browser becomes the firm, its calendar and its first login."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.accounts.operations import NewUser, create_user
from crmlite.calendars.operations import CalendarDraft, update_calendar
from crmlite.calendars.queries import Week, as_written
from crmlite.extensions import database
from crmlite.jobs.queue import enqueue_once
from crmlite.settings.operations import change_settings
from crmlite.setup import code
from crmlite.setup.jobs import LOAD
from crmlite.setup.models import FirstSteps
from crmlite.work import Actor, Refused, current, operation, records
from crmlite.work.operations import move_epoch

SAID = FirstSteps.__table__
SETUP = Actor("command", "setup")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBook:
    """A book's firm, when it works, and who looks after it."""

    settings: Mapping[str, Any]
    week: Week
    manager: NewUser


@operation("book_set_up")
def set_up(value: NewBook, *, by: Actor, at: datetime) -> int:
    """Set a book up that nobody can sign in to; answers the id of the first manager.

    Raises Refused: `book-has-people`, when somebody else was faster.
    """
    move_epoch()
    if not code.is_open():
        raise Refused("book-has-people")
    change_settings(value.settings, by=by, at=at)
    default = as_written().default
    draft = CalendarDraft(
        label=default.label, week=value.week, zone=default.zone, country=default.country
    )
    update_calendar(default.id, draft, by=by, at=at)
    return create_user(value.manager, by=by, at=at)


@operation("demo_asked")
def ask_for_demo(beside: int, *, by: Actor, at: datetime) -> int:
    """Have the demo put in, in the background, beside the book's first manager."""
    enqueue_once(LOAD, {"beside": beside})
    return current().id


@operation("first_steps_put_away")
def put_away(user_id: int, *, by: Actor, at: datetime) -> int:
    """Show somebody their first steps no more; answers the id of the operation, 0 when they are away."""
    return _say(user_id, {"put_away": True})


@operation("recovery_code_kept")
def keep_code(user_id: int, *, by: Actor, at: datetime) -> int:
    """Note that somebody keeps the recovery code; answers the id of the operation, 0 when they have said
    so."""
    return _say(user_id, {"code_kept": True})


def _say(user_id: int, values: Mapping[str, bool]) -> int:
    move_epoch()
    wanted = select(SAID.c.id).where(SAID.c.user_id == user_id)
    row_id = database.session.execute(wanted).scalar()
    if row_id is None:
        records.insert(FirstSteps, {"user_id": user_id, **values})
        return current().id
    return current().id if records.update(FirstSteps, row_id, values) else 0
