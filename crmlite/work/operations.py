"""Operations: the transaction, the ledger row and what is told afterwards, in one decorator. What the
same form sends twice is done once: `form_key`."""

import hashlib
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from flask import current_app, g, has_request_context
from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from crmlite import hooks
from crmlite.db.bulk import insert_rows
from crmlite.db.engines import is_busy, is_full, is_twin, write_options
from crmlite.extensions import database
from crmlite.work import epoch
from crmlite.work.actors import Actor, actor_for, inserted_id
from crmlite.work.errors import Busy, Gone, Refused, Stale, StorageFull
from crmlite.work.ledger import ChangeRow, EpochRow, OperationRow

P = ParamSpec("P")
R = TypeVar("R")

NAMES: dict[str, str] = {}  # of all operations that the ledger names, and the module each is in
MAX_TRIES = 20
PAUSE_SECONDS = (0.005, 0.25)  # the first and the longest pause between tries
MAX_RACES = 3  # a key that is taken on every try is taken for good


@dataclass(slots=True)
class Running:
    """The operation that is under way. `known` holds what was looked up once for all of it, until
    the epoch moves."""

    name: str
    by: Actor
    at: datetime
    source: str
    form_key: str | None = None
    part_of: int | None = None
    undoes: int | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    epoch_moves: bool = False
    _id: int | None = None

    @property
    def id(self) -> int:
        """The id of its ledger row, which is written when somebody asks or at the end."""
        if self._id is None:
            self._id = self._begin_row(None)
        return self._id

    def _begin_row(self, answer: dict[str, Any] | None) -> int:
        self.by = actor_for(self.by)
        row = {
            "name": self.name,
            "actor_id": self.by.id,
            "at": self.at,
            "source": self.source,
            "request_id": getattr(g, "request_id", None) if has_request_context() else None,
            "form_key": self.form_key,
            "result": answer,
            "undoes_id": self.undoes,
            "part_of_id": self.part_of,
        }
        return inserted_id(OperationRow, row)

    def write_down(self, result: Any) -> None:
        """Put the ledger rows into the transaction; an operation that changed nothing has none."""
        if not (self.changes or self._id):
            return
        session = database.session
        answer = None if self.form_key is None else {"value": result}
        if self._id is None:
            self._id = self._begin_row(answer)
        elif answer is not None:  # the only change that the ledger allows, and only once
            table = OperationRow.__table__
            session.execute(update(table).where(table.c.id == self._id).values(result=answer))
        if self.changes:
            for change in self.changes:
                change["operation_id"] = self._id
            insert_rows(session.connection(), ChangeRow.__table__, self.changes)


class EndedEarly(RuntimeError):
    """Something that was called inside an operation ended its transaction."""


_current: ContextVar[Running | None] = ContextVar("crmlite_operation", default=None)


def current() -> Running:
    """The operation under way; RuntimeError outside of one."""
    running = _current.get()
    if running is None:
        raise RuntimeError("data are changed inside an operation only")
    return running


def is_running() -> bool:
    """Whether an operation is under way."""
    return _current.get() is not None


def tell(event: str, **facts: Any) -> None:
    """Have packs and slices told of it (`customer_created`) once it is committed."""
    current().told.append((event, facts))


def move_epoch() -> None:
    """Let every process know that roles, settings or choices change.

    Called first, it also makes such operations wait for each other.
    """
    running = current()
    running.known.clear()
    if running.epoch_moves:
        return
    running.epoch_moves = True
    table = EpochRow.__table__
    moved = database.session.execute(update(table).values(number=table.c.number + 1))
    if not cast("CursorResult[Any]", moved).rowcount:
        database.session.execute(insert(table).values(id=1, number=1))


def operation(
    name: str, *, traced: bool = True
) -> Callable[[Callable[Concatenate[P], R]], Callable[..., R]]:
    """Make a function an operation: all of it is committed, with its ledger row, or nothing is.

    `name` is `<noun>_<past>`. One that is not `traced` changes no record: it derives something
    anew or tidies up, and never leaves a ledger row. The function is called with `by=` and `at=`;
    its answer must be fit for JSON. Callers may add `form_key=` (the same key again, from the same
    person for the same operation, answers what the first call answered and does nothing),
    `source=` (`web`, `command`, `job`, `import`) and `part_of=` (an operation that this one is a
    batch of). Inside another operation it joins that one.

    Raises Busy when others wrote for longer than we wait, StorageFull when the disk is full.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        if traced:
            NAMES[name] = function.__module__

        @wraps(function)
        def run(
            *args: Any,
            by: Actor,
            at: datetime,
            form_key: str | None = None,
            source: str | None = None,
            part_of: int | None = None,
            **kwargs: Any,
        ) -> R:
            if _current.get() is not None:
                return function(*args, by=by, at=at, **kwargs)
            source = source or ("web" if has_request_context() else by.kind)
            key = _scoped_key(name, by, form_key) if form_key else None

            def attempt() -> tuple[Running, R]:
                running = Running(name, by, at, source, key, part_of)
                return running, _transact(running, lambda: function(*args, by=by, at=at, **kwargs))

            running, answer = _tried(attempt)
            if running.epoch_moves:
                epoch.forget()
            else:  # what was looked up holds for everybody, now that nothing is taken back
                current_app.extensions.update(running.known)
            for event, facts in running.told:
                hooks.tell(event, **facts)
            if running.told:
                database.session.rollback()  # whatever a hook began or broke
            return answer

        return run

    return decorate


def _transact(running: Running, work: Callable[[], R]) -> R:
    session = database.session
    session.rollback()  # ends the read transaction that the request has open
    token = _current.set(running)
    try:
        session.connection(execution_options=write_options(database.engine))
        epoch.forget()  # what the firm has arranged meanwhile holds for this change
        if running.form_key:
            done = _answered(running.form_key)
            if done is not None:
                session.rollback()
                return cast("R", done["value"])
        begun = session().get_transaction()
        answer = work()
        if session().get_transaction() is not begun:  # half of it would be saved
            raise EndedEarly(running.name)
        running.write_down(answer)
        session.commit()
    except (IntegrityError, Gone, Refused, Stale):
        session.rollback()
        done = _answered(running.form_key) if running.form_key else None
        if done is None:
            raise
        running.told.clear()
        running.known.clear()
        return cast("R", done["value"])  # its own twin was in the way, and is done
    except BaseException:
        session.rollback()
        raise
    finally:
        _current.reset(token)
    return answer


def was_done(name: str, *, by: Actor, form_key: str) -> bool:
    """Whether this person did such an operation with this form key: the form was sent twice."""
    return _answered(_scoped_key(name, by, form_key)) is not None


def _scoped_key(name: str, by: Actor, form_key: str) -> str:
    """The key as it is kept: what a browser sends may be anything, and another form's."""
    told = "\n".join((name, by.kind, by.name, str(by.user_id), form_key))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _answered(form_key: str) -> dict[str, Any] | None:
    table = OperationRow.__table__
    found = database.session.execute(
        select(table.c.result).where(table.c.form_key == form_key)
    ).first()
    return None if found is None else found.result or {"value": None}


def _tried(attempt: Callable[[], R]) -> R:
    """The answer of an attempt, tried again while others are in the way and time is left."""
    deadline = time.monotonic() + current_app.extensions["crmlite.config"].busy_seconds
    pause, longest = PAUSE_SECONDS
    races = 0
    for _ in range(MAX_TRIES):
        try:
            return attempt()
        except DBAPIError as error:
            if is_full(error):
                raise StorageFull from error
            # two wrote the same at once: the next try finds what the first one wrote
            races += is_twin(error)
            if not (is_busy(error) or (is_twin(error) and races <= MAX_RACES)):
                raise
            if time.monotonic() + pause > deadline:
                raise Busy from error
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads tries, guards nothing
        pause = min(pause * 2, longest)
    raise Busy
