"""A role's name, and the table of what all roles may do."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crmlite.access.permissions import ALL, OWN, TEAM, Permission, permissions
from crmlite.accounts import queries
from crmlite.accounts.operations import NewRole
from crmlite.accounts.roster import RoleEntry
from crmlite.forms import Choice, Difference, Form, Option
from crmlite.forms.labels import Labelled
from crmlite.wording import N_, label

SCOPES = (("", N_("none")), (OWN, N_("own")), (TEAM, N_("the team’s")), (ALL, N_("all")))


def role_options() -> list[Option]:
    """All roles, for choosing."""
    return [Option(role.key, label(role.label)) for role in queries.roles()]


class RoleForm(Labelled):
    """What a role is called."""


class NewRoleForm(Labelled):
    """A new role, which begins with the rights of another."""

    like = Choice(_l("Begins with the rights of"), options=role_options, none=_l("no role"))

    def value(self) -> NewRole:
        """The role, for `create_role`. It has no rights of packs that are off or gone."""
        model, there = queries.role_by_key(self.like.data or ""), permissions()
        grants = model.grants if model else {}
        return NewRole(
            label=self.label_words(),
            grants={name: scope for name, scope in grants.items() if name in there},
        )


class RightsForm(Form):
    """The table of rights: how far each right of each role reaches.

    Only roles and rights that the page showed are touched, so that what came meanwhile stays.
    """

    def __init__(self, roles: Iterable[RoleEntry], **more: Any) -> None:
        super().__init__(**more)
        self.roles = list(roles)
        self.versions = {role.id: role.version for role in self.roles}
        self.cells = {
            (role.id, name): role.grants.get(name, "")
            for role in self.roles
            for name in permissions()
        }
        if self.is_submitted():
            self._read(request.form)

    def _read(self, sent: Mapping[str, str]) -> None:
        shown = set(request.form.getlist("right"))
        self.versions = {
            role.id: int(version)
            for role in self.roles
            if (version := sent.get(f"version-{role.id}", ""))[:9].isdecimal() and len(version) < 10
        }
        for role_id, name in self.cells:
            if role_id not in self.versions or name not in shown:
                continue
            scope = sent.get(cell_name(role_id, name), "")
            if not is_offered(permissions()[name], scope):
                self.blame(None, _("This is not offered any more. Please choose again."))
                continue
            self.cells[role_id, name] = scope

    def renew(self, roles: Mapping[int, RoleEntry]) -> None:
        """Somebody else saved first: note where the rights as they are now differ, and take the
        new versions, so that sending it again, having seen both, is accepted."""
        words = {scope: label(text) for scope, text in SCOPES}
        for role in self.roles:
            saved = roles.get(role.id)
            if saved is None or role.id not in self.versions:
                continue
            self.versions[role.id] = saved.version
            self.differences += [
                Difference(
                    _(": ").join((label(role.label), label(right.label))),
                    words[mine],
                    words[theirs],
                )
                for name, right in permissions().items()
                if (mine := self.cells[role.id, name]) != (theirs := saved.grants.get(name, ""))
            ]

    def value(self) -> dict[int, dict[str, str]]:
        """The rights for `set_grants`."""
        found: dict[int, dict[str, str]] = {role_id: {} for role_id in self.versions}
        for (role_id, name), scope in self.cells.items():
            if role_id in found:
                found[role_id][name] = scope
        return found


def cell_name(role_id: int, permission: str) -> str:
    """The name of the control for a role and a right."""
    return f"{role_id}-{permission}"


def is_offered(right: Permission, scope: str) -> bool:
    """Whether a right can reach as far as that."""
    return scope in dict(SCOPES) if right.scoped else scope in ("", ALL)
