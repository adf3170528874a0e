"""What people and roles do with packs: what roles hold of one's rights, and how these go with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from crmlite import hooks
from crmlite.accounts.models import Grant, Role
from crmlite.declarations import PackPart
from crmlite.extensions import database
from crmlite.work import records
from crmlite.work.operations import move_epoch

GRANTS, ROLES = Grant.__table__, Role.__table__


def part() -> PackPart:
    """What this room does with packs."""
    return PackPart(name="rights", held=held, kept=kept, purge=purge, weight=-20)


def held(pack: str) -> Mapping[str, int]:
    """How many rights of a pack roles have."""
    return {_("Rights of roles"): sum(bool(row["scope"]) for row in _rows(pack))}


def kept(pack: str) -> Iterator[Mapping[str, Any]]:
    """Which role has which of its rights, as plain values."""
    for row in _rows(pack):
        yield {"right": row["permission"], "role": row["key"], "scope": row["scope"]}


def purge(pack: str) -> int:
    """Take its rights from all roles; answers from how many."""
    ids = [row["id"] for row in _rows(pack)]
    records.delete_many(Grant, ids)
    move_epoch()
    return len(ids)


def _rows(pack: str) -> Sequence[Mapping[str, Any]]:
    """The grants of a pack's rights: those that it declares, and where it is gone and declares nothing
    any more those that are called after it. Never what somebody else has registered."""
    own = {right.name for right in hooks.declared("register_permissions", pack)}
    others = {
        right.name
        for other in (hooks.OWN, *hooks.installed())
        if other != pack
        for right in hooks.declared("register_permissions", other)
    }
    wanted = (
        select(GRANTS.c.id, GRANTS.c.permission, GRANTS.c.scope, ROLES.c.key)
        .join(ROLES, ROLES.c.id == GRANTS.c.role_id)
        .where(
            or_(
                GRANTS.c.permission.in_(own),
                GRANTS.c.permission.startswith(f"{pack}:", autoescape=True),
            ),
            GRANTS.c.permission.not_in(others),
        )
        .order_by(GRANTS.c.permission, GRANTS.c.role_id)
    )
    return database.session.execute(wanted).mappings().all()
