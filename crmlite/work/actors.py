"""Who acts: people and machines alike have a row in the ledger, nobody is faked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, insert, select

from crmlite.extensions import Model, database
from crmlite.work.ledger import ActorRow

PERSON = "person"
COMMAND = "command"
JOB = "job"
IMPORT = "import"
PACK = "pack"
TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that changes data. `id` is 0 until its row exists."""

    kind: str
    name: str
    user_id: int | None = None
    id: int = 0


def command_line() -> Actor:
    """The person at the server's console."""
    return Actor(COMMAND, "crmlite")


def job(kind: str) -> Actor:
    """A job of the worker."""
    return Actor(JOB, kind)


def actor_for(actor: Actor) -> Actor:
    """The same actor with the id of its row, which is made when it acts for the first time.

    Belongs inside an operation.
    """
    if actor.id:
        return actor
    session = database.session
    table = ActorRow.__table__
    found = session.execute(
        select(table.c.id).where(
            table.c.kind == actor.kind,
            table.c.name == actor.name,
            table.c.user_id.is_not_distinct_from(actor.user_id),
        )
    ).scalar()
    if found is None:
        values = {"kind": actor.kind, "name": actor.name, "user_id": actor.user_id}
        found = inserted_id(ActorRow, values)
    return Actor(actor.kind, actor.name, actor.user_id, found)


def inserted_id(model: type[Model], values: Mapping[str, Any]) -> int:
    """Write a row that is itself part of the ledger; answers its id."""
    written = database.session.execute(insert(model.__table__).values(dict(values)))
    key: Any = cast("CursorResult[Any]", written).inserted_primary_key
    return int(key[0])
