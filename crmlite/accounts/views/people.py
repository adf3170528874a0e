"""Settings: people, who they are and whether they may come in."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.accounts import operations, passwords, queries
from crmlite.accounts.forms import NewPersonForm, PasswordForm, PersonForm
from crmlite.accounts.operations import NewUser
from crmlite.accounts.roster import Person, Roster, newest_roster, roster
from crmlite.accounts.views.blueprint import bp
from crmlite.accounts.views.conflicts import conflict_of
from crmlite.accounts.views.refusals import sentence
from crmlite.paging import page, saved, toast
from crmlite.wording import label
from crmlite.work import Refused, Stale


@bp.get("/settings/people")
@requires("people:manage")
def people() -> Any:
    """Everyone with a login."""
    everyone = roster()
    rows = [
        {
            "person": person,
            "role": label(everyone.roles[person.role_id].label),
            "teams": [
                label(team.label)
                for team in everyone.teams.values()
                if person.id in team.member_ids
            ],
        }
        for person in sorted(everyone.people.values(), key=lambda one: not one.active)
    ]
    return page("accounts/people.html", rows=rows)


@bp.route("/settings/people/new", methods=["GET", "POST"])
@requires("people:manage")
def new_person() -> Any:
    """Give somebody a login."""
    form = NewPersonForm()
    if form.validate_on_submit():
        reader = current_reader()
        value = form.taken(
            NewUser,
            password_hash=passwords.hashed(form.password.data),
            lang="",
            must_change_password=True,
        )
        try:
            operations.create_user(value, form_key=form.key, by=reader.actor, at=clock.now())
        except Refused as refusal:
            form.blame("login", sentence(refusal))
        else:
            return saved(
                url_for("accounts.people"),
                message=_(
                    "%(name)s can sign in now, and will be asked for a password of their own.",
                    name=value.name,
                ),
            )
    return page(
        "accounts/person_new.html",
        "accounts/_person_new.html",
        status=form.http_status,
        form=form,
        least=passwords.LEAST,
    )


@bp.route("/settings/people/<int:user_id>", methods=["GET", "POST"])
@requires("people:manage")
def person(user_id: int) -> Any:
    """Change what is known of somebody."""
    found = _person(user_id)
    form = PersonForm(data=_data(user_id, roster()))
    if form.validate_on_submit():
        reader = current_reader()
        try:
            operations.update_user(
                user_id,
                form.value(),
                version=form.seen,
                spare=reader.session_token,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
            return saved(url_for("accounts.people"), message=_("Saved."))
        except Refused as refusal:
            form.blame("login" if refusal.code == "login_taken" else "role", sentence(refusal))
        except Stale:
            form.conflict(_data(user_id, newest_roster()))
    return page(
        "accounts/person.html",
        "accounts/_person.html",
        status=form.http_status,
        form=form,
        person=found,
        conflict=conflict_of("user", user_id, form),
    )


@bp.post("/settings/people/<int:user_id>/disabled")
@requires("people:manage")
def disable_person(user_id: int) -> Any:
    """Let somebody in no more."""
    found = _person(user_id)
    reader = current_reader()
    try:
        operations.disable_user(user_id, by=reader.actor, at=clock.now())
    except Refused as refusal:
        toast(sentence(refusal), kind="error")
        return saved(url_for("accounts.person", user_id=user_id))
    return saved(
        url_for("accounts.people"),
        message=_(
            "%(name)s cannot sign in any more. Their customers are still theirs: hand them over.",
            name=found.name,
        ),
    )


@bp.post("/settings/people/<int:user_id>/enabled")
@requires("people:manage")
def enable_person(user_id: int) -> Any:
    """Let somebody in again."""
    found = _person(user_id)
    operations.enable_user(user_id, by=current_reader().actor, at=clock.now())
    return saved(
        url_for("accounts.people"), message=_("%(name)s can sign in again.", name=found.name)
    )


@bp.route("/settings/people/<int:user_id>/password", methods=["GET", "POST"])
@requires("people:manage")
def person_password(user_id: int) -> Any:
    """A new password for somebody who lost theirs; they change it when they sign in."""
    if user_id == current_reader().user_id:
        return saved(url_for("accounts.password"))  # where the present one is asked for
    found = _person(user_id)
    form = PasswordForm(about=(found.login, found.name))
    if form.validate_on_submit():
        operations.set_password(
            user_id,
            passwords.hashed(form.new.data),
            by=current_reader().actor,
            at=clock.now(),
        )
        return saved(
            url_for("accounts.people"),
            message=_("%(name)s has a new password and is signed out everywhere.", name=found.name),
        )
    return page(
        "accounts/person_password.html",
        "accounts/_person_password.html",
        status=form.http_status,
        form=form,
        person=found,
        least=passwords.LEAST,
    )


def _person(user_id: int) -> Person:
    """The person; 404 when there is none, 403 when they may do what the reader may not."""
    everyone = roster()
    found = everyone.people.get(user_id)
    if found is None:
        abort(404)
    if not queries.is_within(everyone.roles[found.role_id].grants, current_reader().grants):
        abort(403)
    return found


def _data(user_id: int, everyone: Roster) -> dict[str, Any]:
    row = dict(queries.user_row(user_id) or {})
    row["role"] = everyone.roles[row["role_id"]].key
    row["team_ids"] = [team.id for team in everyone.teams.values() if user_id in team.listed_ids]
    return row
