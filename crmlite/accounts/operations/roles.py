"""Roles and their rights."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from crmlite.access.permissions import known
from crmlite.accounts.models import Grant, Role
from crmlite.accounts.operations.safeguards import keep_someone_in_charge
from crmlite.db.columns import new_uid
from crmlite.extensions import database
from crmlite.work import Actor, operation, records
from crmlite.work.operations import move_epoch

Grants = Mapping[str, str]
LONGEST_KEY = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRole:
    """A role: its name in both languages and the rights it begins with."""

    label: Mapping[str, str]
    grants: Grants


@operation("role_created")
def create_role(value: NewRole, *, by: Actor, at: datetime) -> int:
    """Add a role; answers its id."""
    values = {"key": _key_for(value.label), "label": dict(value.label), "shipped": False}
    role_id = records.insert(Role, values)
    _put_grants(role_id, value.grants)
    move_epoch()
    return role_id


@operation("role_updated")
def update_role(
    role_id: int,
    label: Mapping[str, str],
    *,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Call a role something else. Raises Stale and Gone."""
    records.update(Role, role_id, {"label": dict(label)}, version=version)
    move_epoch()
    return role_id


@operation("rights_changed")
def set_grants(
    grants: Mapping[int, Grants],
    *,
    versions: Mapping[int, int] | None = None,
    by: Actor,
    at: datetime,
) -> list[int]:
    """Say what roles may do, `{role id: {"customers:see": "own"}}`; answers the roles that changed.

    An empty scope takes a right away; rights that are not named stay. Holds from everyone's next
    page on. Raises Stale, Gone and UnknownPermission. Refused: `last_in_charge`.
    """
    changed = []
    for role_id, wanted in grants.items():
        records.update(Role, role_id, {}, version=(versions or {}).get(role_id))
        if _put_grants(role_id, wanted):
            changed.append(role_id)
    if changed:
        _count_versions(changed)
        keep_someone_in_charge()
        move_epoch()
    return changed


def _key_for(label: Mapping[str, str]) -> str:
    """A key that the command line can name: the English name where it can be written so."""
    table = Role.__table__
    wished = "_".join(re.findall(r"[a-z0-9]+", label.get("en", "").lower()))[:LONGEST_KEY]
    taken = database.session.execute(select(table.c.id).where(table.c.key == wished)).first()
    return f"role_{new_uid()}" if not wished or taken else wished


def _put_grants(role_id: int, grants: Grants) -> bool:
    """Whether anything changed. A right taken away leaves a row with an empty scope, so that an
    upgrade knows it and does not give it again."""
    table = Grant.__table__
    rows = database.session.execute(
        select(table.c.id, table.c.permission, table.c.scope).where(table.c.role_id == role_id)
    )
    present = {row.permission: row for row in rows}
    changed = False
    for permission, scope in grants.items():
        row = present.get(known(permission))
        if row is None and scope:
            values = {"role_id": role_id, "permission": permission, "scope": scope}
            records.insert(Grant, values)
            changed = True
        elif row is not None and row.scope != scope:
            records.update(Grant, row.id, {"scope": scope})
            changed = True
    return changed


def _count_versions(role_ids: list[int]) -> None:
    table = Role.__table__
    statement = update(table).where(table.c.id.in_(role_ids))
    database.session.execute(statement.values(version=table.c.version + 1))
