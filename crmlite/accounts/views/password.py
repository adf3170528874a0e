"""Changing one's own password; the only page for those who must."""

from typing import Any

from flask import make_response, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.access.gate import PUBLIC, SIGNED_IN, requirement
from crmlite.accounts import operations, passwords, queries, throttle
from crmlite.accounts.forms import OwnPasswordForm
from crmlite.accounts.throttle import in_words, seconds
from crmlite.accounts.views.blueprint import bp
from crmlite.accounts.views.signing import home
from crmlite.paging import page, redirected, saved, wants_part

OPEN = {"accounts.password", "accounts.sign_out"}


@bp.before_app_request
def insist() -> Any:
    """Nothing else is open to those whose password was set by somebody else."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN or requirement(endpoint) in (None, PUBLIC):
        return None
    if not current_reader().must_change_password:
        return None
    if not wants_part():
        return redirected(url_for("accounts.password"))
    response = make_response("", 403)
    response.headers["HX-Redirect"] = url_for("accounts.password")
    return response


@bp.route("/profile/password", methods=["GET", "POST"])
@requires(SIGNED_IN)
def password() -> Any:
    """A new password; ends all other sessions."""
    reader = current_reader()
    form = OwnPasswordForm(about=(reader.login, reader.name))
    pause = None
    if form.is_submitted():
        asked = throttle.keys(reader.login, request.remote_addr)
        pause = throttle.count(asked, clock.now())
        if pause is not None:
            form.blame(None, _("Too many tries. %(wait)s, please.", wait=in_words(pause)))
        elif _is_present(form.current.data):
            throttle.forgive(asked)
            if form.validate():
                return _change(form)
        else:
            form.validate()
            form.current.errors = [_("This is not your present password.")]
    response = page(
        "accounts/password.html",
        "accounts/_password.html",
        status=429 if pause is not None else form.http_status,
        form=form,
        least=passwords.LEAST,
        must=reader.must_change_password,
    )
    if pause is not None:
        response.headers["Retry-After"] = str(seconds(pause))
    return response


def _is_present(password: str | None) -> bool:
    found = queries.credentials(current_reader().login)
    return passwords.matches(found.password_hash if found else None, password or "")


def _change(form: OwnPasswordForm) -> Any:
    reader = current_reader()
    must = reader.must_change_password
    operations.change_own_password(
        reader.user_id,
        passwords.hashed(form.new.data),
        spare=reader.session_token,
        by=reader.actor,
        at=clock.now(),
    )
    return saved(
        home() if must else url_for("accounts.profile"),
        message=_("Your password is changed. You are signed out on all other devices."),
    )
