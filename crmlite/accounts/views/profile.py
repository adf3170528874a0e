"""One's own page: name, language, appearance, and where one is signed in."""

from typing import Any

from flask import abort, g, request, session, url_for
from flask_babel import gettext as _

from crmlite import clock, hooks
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts import operations, queries, sessions
from crmlite.accounts.forms import ProfileForm
from crmlite.accounts.views.blueprint import bp
from crmlite.accounts.views.conflicts import conflict_of
from crmlite.paging import page, saved
from crmlite.redirects import came_from
from crmlite.wording import renew_language
from crmlite.work import Stale

THEMES = ("light", "dark", "auto")


@bp.route("/profile", methods=["GET", "POST"])
@requires(SIGNED_IN)
def profile() -> Any:
    """Name and language."""
    reader = current_reader()
    row = queries.user_row(reader.user_id)
    form = ProfileForm(data=row)
    if form.validate_on_submit():
        lang = form.lang.data or ""
        try:
            operations.update_profile(
                reader.user_id,
                name=form.name.data,
                lang=lang,
                version=form.seen,
                form_key=form.key,
                by=reader.actor,
                at=clock.now(),
            )
        except Stale:
            form.conflict(queries.user_row(reader.user_id) or {})
        else:
            session.pop("lang", None)
            g.lang = lang
            renew_language()  # the message speaks the new language already
            return saved(url_for("accounts.profile"), message=_("Saved."))
    return page(
        "accounts/profile.html",
        "accounts/_profile.html",
        status=form.http_status,
        form=form,
        conflict=conflict_of("user", reader.user_id, form),
        sessions=sessions.sessions_of(reader.user_id, reader.session_token),
        panels=sorted(hooks.asked("profile_panels", reader=reader), key=lambda one: one.weight),
    )


@bp.post("/profile/theme")
@requires(SIGNED_IN)
def theme() -> Any:
    """Light, dark, or like the device; back to the page it was chosen on."""
    wanted = request.form.get("theme", "")
    if wanted not in THEMES:
        abort(422)
    reader = current_reader()
    operations.choose_theme(reader.user_id, wanted, by=reader.actor, at=clock.now())
    return saved(came_from(url_for("accounts.profile")))


@bp.post("/profile/sessions/<int:session_id>/end")
@requires(SIGNED_IN)
def end_session(session_id: int) -> Any:
    """Sign out on another device."""
    reader = current_reader()
    if session_id not in {one.id for one in sessions.sessions_of(reader.user_id)}:
        abort(404)
    sessions.end_one(session_id, reader.user_id)
    return saved(url_for("accounts.profile"), message=_("Signed out there."))


@bp.post("/profile/sessions/end")
@requires(SIGNED_IN)
def end_other_sessions() -> Any:
    """Sign out everywhere but here."""
    reader = current_reader()
    sessions.end_others(reader.user_id, reader.session_token)
    return saved(url_for("accounts.profile"), message=_("Signed out everywhere else."))
