"""What every book starts with: the roles sales, support and manager, and four teams."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select

from crmlite.access.permissions import permissions
from crmlite.accounts.models import Grant, Role, Team
from crmlite.extensions import database
from crmlite.work import Actor, operation, records
from crmlite.work.ledger import EpochRow
from crmlite.work.operations import move_epoch

MANAGER = "manager"
ROLES: Mapping[str, Mapping[str, str]] = {
    "sales": {"en": "Sales", "zh": "销售"},
    "support": {"en": "Support", "zh": "客服"},
    MANAGER: {"en": "Manager", "zh": "主管"},
}
TEAMS: Mapping[str, Mapping[str, str]] = {
    "sales": {"en": "Sales", "zh": "销售部"},
    "support": {"en": "Support", "zh": "客服部"},
    "technology": {"en": "Technology", "zh": "技术部"},
    "after_sales": {"en": "After-sales", "zh": "售后部"},
}


@operation("arrangements_shipped")
def ensure_shipped(*, by: Actor, at: datetime) -> bool:
    """Make the shipped roles and teams where they are missing, and give new rights to the roles
    that have them as shipped; answers whether anything was new.

    Runs at `init`, after an upgrade and when a pack brings rights. What a manager changed stays.
    """
    _ensure_epoch()
    new_roles, new_teams = _ensure_roles(), _ensure_teams()
    new_rights = _give_new_rights()
    if new_roles or new_teams or new_rights:
        move_epoch()
    return new_roles or new_teams or new_rights


def _ensure_epoch() -> None:
    table = EpochRow.__table__
    if database.session.execute(select(table.c.id)).first() is None:
        database.session.execute(insert(table).values(id=1, number=1))


def _ensure_roles() -> bool:
    present = set(database.session.execute(select(Role.__table__.c.key)).scalars())
    missing = [key for key in ROLES if key not in present]
    for key in missing:
        records.insert(Role, {"key": key, "label": dict(ROLES[key]), "shipped": True})
    return bool(missing)


def _ensure_teams() -> bool:
    """Only in a book without teams: a firm may rename them all."""
    present = database.session.execute(select(Team.__table__.c.id)).first()
    if present is not None:
        return False
    for position, (key, label) in enumerate(TEAMS.items()):
        records.insert(Team, {"key": key, "label": dict(label), "position": position})
    return True


def _give_new_rights() -> bool:
    """A right is new while no role has a row for it, be it an empty one."""
    role, grant = Role.__table__, Grant.__table__
    session = database.session
    seen = set(session.execute(select(grant.c.permission).distinct()).scalars())
    shipped = session.execute(select(role.c.key, role.c.id).where(role.c.shipped))
    ids = {row.key: row.id for row in shipped}
    rows = [
        {"role_id": role_id, "permission": right.name, "scope": shipped_scope(right.defaults, key)}
        for right in permissions().values()
        if right.name not in seen
        for key, role_id in sorted(ids.items())
    ]
    records.insert_many(Grant, rows)
    return bool(rows)


def shipped_scope(defaults: Mapping[str, str], role: str) -> str:
    """How far a right reaches for a shipped role; a manager has every one not said otherwise."""
    return defaults.get(role, "all" if role == MANAGER else "")
