"""How far a new book has come, and the people in it with their first steps."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, exists, select

from crmlite import settings
from crmlite.accounts.queries import people
from crmlite.backups.models import GOOD, BackupRow
from crmlite.cases.models import CaseFacts
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.settings.models import SettingRow
from crmlite.setup.models import FirstSteps
from crmlite.strategies.models import PlannedTouch
from crmlite.work import records
from crmlite.work.epoch import epoch
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow

KEY = "crmlite.first_steps"
DEMO = "demo_loaded"  # the operation that puts in what is shown
ACTIVE = "active"
BACKUPS, CASES, CUSTOMERS = BackupRow.__table__, CaseFacts.__table__, Customer.__table__
ACTORS, CHANGES, OPERATIONS = ActorRow.__table__, ChangeRow.__table__, OperationRow.__table__
SAID, SETTINGS, TALKS = FirstSteps.__table__, SettingRow.__table__, Interaction.__table__
TASKS, TOUCHES = Task.__table__, PlannedTouch.__table__


def is_new() -> bool:
    """Whether there is nobody but the first manager, and no customer."""
    if len(people()) > 1:
        return False
    return database.session.execute(select(CUSTOMERS.c.id).limit(1)).first() is None


class Memory:
    """What first steps go by as of one epoch: who has put them away, whether the recovery code is
    kept, and what is there of the demo, which nobody has done themselves. `finished` are those who
    were seen to have done all."""

    def __init__(self, number: int) -> None:
        self.epoch = number
        rows = database.session.execute(select(SAID)).all()
        self.away = {row.user_id for row in rows if row.put_away}
        self.code_kept = any(row.code_kept for row in rows)
        self.finished: set[int] = set()
        self.shown_people: set[int] = set()
        self.last_shown = 0
        demo = self._demo()
        if demo:
            self._read_shown(demo)
        self.own_people = [
            one.id for one in people().values() if one.active and one.id not in self.shown_people
        ]
        self.is_named = bool(settings.get("company_name")) and (not demo or self._is_own_name(demo))

    def _demo(self) -> list[int]:
        named = and_(ACTORS.c.kind == "command", ACTORS.c.name == "demo")
        return list(database.session.execute(select(ACTORS.c.id).where(named)).scalars())

    def _read_shown(self, demo: Sequence[int]) -> None:
        loads = select(OPERATIONS.c.id).where(
            OPERATIONS.c.actor_id.in_(demo), OPERATIONS.c.name == DEMO
        )
        added = select(CHANGES.c.record_type, CHANGES.c.record_id).where(
            CHANGES.c.operation_id.in_(loads),
            CHANGES.c.record_type.in_(("customer", "user")),
            CHANGES.c.verb == records.CREATED,
            ~_deleted_since(),
        )
        for record_type, record_id in database.session.execute(added):
            if record_type == "user":
                self.shown_people.add(record_id)
            else:
                self.last_shown = max(self.last_shown, record_id)

    def _is_own_name(self, demo: Sequence[int]) -> bool:
        by_others = (
            select(CHANGES.c.id)
            .join(OPERATIONS, OPERATIONS.c.id == CHANGES.c.operation_id)
            .join(SETTINGS, SETTINGS.c.id == CHANGES.c.record_id)
            .where(
                CHANGES.c.record_type == "setting",
                SETTINGS.c.name == "company_name",
                OPERATIONS.c.actor_id.not_in(demo),
            )
        )
        return database.session.execute(by_others.limit(1)).first() is not None


def _deleted_since() -> ColumnElement[bool]:
    """The condition that the record of a change is gone: SQLite gives its id out again."""
    later = CHANGES.alias("later")
    return exists().where(
        later.c.record_type == CHANGES.c.record_type,
        later.c.record_id == CHANGES.c.record_id,
        later.c.id > CHANGES.c.id,
        later.c.verb == records.DELETED,
    )


def memory() -> Memory:
    """What holds in this request."""
    known: Memory | None = current_app.extensions.get(KEY)
    if known is None or known.epoch != epoch():
        known = current_app.extensions[KEY] = Memory(epoch())
    return known


def facts_of_book() -> dict[str, bool]:
    """What was done in the book by people, in one statement. The demo goes into an empty book: what is
    anybody's own came after it."""
    known = memory()
    after = known.last_shown
    own = and_(CUSTOMERS.c.id > after, CUSTOMERS.c.state == ACTIVE)
    talked = and_(_talked(known.own_people), TALKS.c.customer_id > after)
    return _answers(
        {
            "customers": exists().where(own),
            "ownerless": exists().where(own, CUSTOMERS.c.owner_id.is_(None)),
            "plans": exists().where(TOUCHES.c.customer_id > after),
            "talk": exists().where(talked),
            "backup": exists().where(BACKUPS.c.state == GOOD),
        }
    )


def facts_of_person(user_id: int) -> dict[str, bool]:
    """What somebody has done themselves, in one statement."""
    mine = TASKS.c.assignee_id == user_id
    step = and_(mine, TASKS.c.kind == "next-step", TASKS.c.state == ACTIVE)
    return _answers(
        {
            "customer": exists().where(
                CUSTOMERS.c.owner_id == user_id, CUSTOMERS.c.state == ACTIVE
            ),
            "talk": exists().where(_talked([user_id])),
            "step": exists().where(step),
            "done": exists().where(mine, TASKS.c.status == "done"),
            "case": exists().where(CASES.c.assignee_id == user_id),
            "solved": exists().where(CASES.c.assignee_id == user_id, CASES.c.is_open.is_(False)),
        }
    )


def _talked(user_ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that one of these people made a contact that they wrote down here: a file may have
    brought years of them."""
    return and_(
        TALKS.c.done_by_id.in_(user_ids), TALKS.c.state == ACTIVE, TALKS.c.imported.is_(False)
    )


def _answers(asked: dict[str, ColumnElement[bool]]) -> dict[str, bool]:
    statement: Select[Any] = select(*(one.label(name) for name, one in asked.items()))
    row = database.session.execute(statement).mappings().one()
    return {name: bool(row[name]) for name in asked}
