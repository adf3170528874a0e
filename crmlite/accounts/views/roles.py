"""Settings: what each role may do, in one table."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.access.permissions import permissions
from crmlite.accounts import operations, queries
from crmlite.accounts.forms import NewRoleForm, RightsForm, RoleForm
from crmlite.accounts.forms.roles import SCOPES, cell_name
from crmlite.accounts.roster import RoleEntry, Roster, newest_roster, roster
from crmlite.accounts.views.blueprint import bp
from crmlite.accounts.views.conflicts import conflict_of
from crmlite.accounts.views.refusals import sentence
from crmlite.paging import page, saved
from crmlite.wording import label
from crmlite.work import Refused, Stale
from crmlite.work.latest import Change, last_change


@bp.route("/settings/roles", methods=["GET", "POST"])
@requires("roles:manage")
def roles() -> Any:
    """The table of rights."""
    form = RightsForm(queries.roles())
    if form.validate_on_submit() and not form.form_errors:
        by, at = current_reader().actor, clock.now()
        try:
            operations.set_grants(
                form.value(), versions=form.versions, form_key=form.key, by=by, at=at
            )
            return saved(url_for("accounts.roles"), message=_("Saved."))
        except Refused as refusal:
            form.blame(None, sentence(refusal))
        except Stale:
            form.is_stale = True
            form.renew(newest_roster().roles)
    return page(
        "accounts/roles.html",
        "accounts/_rights.html",
        status=form.http_status,
        form=form,
        groups=_groups(form),
        scopes=[(scope, label(words)) for scope, words in SCOPES],
        cell_name=cell_name,
        conflict=_latest(form),
    )


@bp.route("/settings/roles/new", methods=["GET", "POST"])
@requires("roles:manage")
def new_role() -> Any:
    """Make a role."""
    form = NewRoleForm()
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        operations.create_role(form.value(), form_key=form.key, by=by, at=at)
        return saved(url_for("accounts.roles"), message=_("Saved. Now say what it may do."))
    return _role_page(form, None)


@bp.route("/settings/roles/<int:role_id>", methods=["GET", "POST"])
@requires("roles:manage")
def role(role_id: int) -> Any:
    """Call a role something else."""
    found = _role(role_id, roster())
    form = RoleForm(data=_data(found))
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            operations.update_role(
                role_id,
                form.label_words(),
                version=form.seen,
                form_key=form.key,
                by=by,
                at=at,
            )
            return saved(url_for("accounts.roles"), message=_("Saved."))
        except Stale:
            form.conflict(_data(_role(role_id, newest_roster())))
    return _role_page(form, found)


def _latest(form: RightsForm) -> Change | None:
    """Who changed the rights of one of the roles last; None when nobody was faster."""
    if not form.is_stale:
        return None
    found = [one for role in form.roles if (one := last_change("role", role.id)) is not None]
    return max(found, key=lambda one: one.at, default=None)


def _role_page(form: RoleForm | NewRoleForm, found: RoleEntry | None) -> Any:
    return page(
        "accounts/role.html",
        "accounts/_role.html",
        status=form.http_status,
        form=form,
        role=found,
        conflict=conflict_of("role", found.id, form) if found else None,
    )


def _role(role_id: int, everyone: Roster) -> RoleEntry:
    found = everyone.roles.get(role_id)
    if found is None:
        abort(404)
    return found


def _data(role: RoleEntry) -> dict[str, Any]:
    return {
        "label_en": role.label.get("en", ""),
        "label_zh": role.label.get("zh", ""),
        "version": role.version,
    }


def _groups(form: RightsForm) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rights under their headings, each with what the form holds for every role."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, right in permissions().items():
        row = {
            "name": name,
            "label": label(right.label),
            "scoped": right.scoped,
            "cells": [
                (role.id, label(role.label), form.cells[role.id, name]) for role in form.roles
            ],
        }
        groups.setdefault(label(right.group), []).append(row)
    return list(groups.items())
