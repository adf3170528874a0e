"""The person who looks: what their roles allow, whose records they see, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import g, has_request_context
from flask_login import utils as login_utils

from crmlite.access.permissions import ALL, OWN, TEAM, known
from crmlite.work import Actor

ANY = -1  # "some record": asks whether the right is held at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody who is signed in, as they stand at this request.

    `grants` maps a right to `own`, `team` or `all`; `mates` holds the ids of everyone in the
    reader's teams, the reader included.
    """

    user_id: int
    login: str
    name: str
    role: str = ""
    lang: str = "en"
    theme: str = "auto"
    zone: str = "UTC"
    grants: Mapping[str, str] = field(default_factory=dict)
    mates: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    must_change_password: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False
    session_token: str = ""

    @property
    def actor(self) -> Actor:
        """The reader as the ledger knows them."""
        return Actor("person", self.name, self.user_id)

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the token of the session, never the user's id."""
        return self.session_token

    def scope(self, permission: str) -> str:
        """How far a right reaches: `""`, `own`, `team` or `all`. UnknownPermission if misspelt."""
        if permission not in self.grants:
            known(permission)
            return ""
        return self.grants[permission]

    def may(self, permission: str) -> bool:
        """Whether the right is held at all."""
        return bool(self.scope(permission))

    def covers(self, permission: str, owner_id: int | None) -> bool:
        """Whether the right reaches a record of this owner (None: nobody's)."""
        match self.scope(permission):
            case "all":
                return True
            case "team":
                return owner_id in self.mates
            case "own":
                return owner_id == self.user_id
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Nobody(Reader):
    """A visitor who is not signed in."""

    user_id: int = 0
    login: str = ""
    name: str = ""
    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True

    def get_id(self) -> str:
        """Nobody has no session."""
        return ""


def everything(actor_name: str = "crmlite") -> Reader:
    """A reader for jobs and the command line, who sees all."""
    from crmlite.access.permissions import permissions

    return Reader(user_id=0, login="", name=actor_name, grants=dict.fromkeys(permissions(), ALL))


def whoever_asks() -> Reader:
    """The reader of this request; outside of one jobs and the command line, who see all."""
    return current_reader() if has_request_context() else everything()


def current_reader() -> Reader:
    """The reader of this request; Nobody when no one is signed in."""
    reader = g.get("reader")
    if reader is None:
        reader = g.reader = cast("Reader", login_utils.current_user._get_current_object())  # noqa: SLF001 - the proxy's own way out
    return cast("Reader", reader)


__all__ = ["ALL", "ANY", "OWN", "TEAM", "Nobody", "Reader", "current_reader", "everything"]
