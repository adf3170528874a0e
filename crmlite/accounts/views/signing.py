"""Signing in and out."""

import logging
from datetime import timedelta
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_login import logout_user

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts import passwords, queries, throttle
from crmlite.accounts.entering import begin, fresh_cookie
from crmlite.accounts.forms import SignInForm
from crmlite.accounts.sessions import end_session, renew_hash
from crmlite.accounts.throttle import in_words, seconds
from crmlite.accounts.views.blueprint import bp
from crmlite.paging import page, redirected, saved
from crmlite.redirects import own_address

log = logging.getLogger("crmlite.security")


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(None)
def sign_in() -> Any:
    """The page to sign in on. A wrong password, an unknown and a disabled login look the same."""
    form = SignInForm()
    if not form.is_submitted():
        if not queries.people():
            return redirected(url_for("setup.start"))
        form.next.data = own_address(request.args.get("next")) or ""
        if current_reader().is_authenticated:
            return redirected(form.next.data or home())
        return _page(form)
    if not form.validate():
        return _page(form)
    return _try(form)


@bp.post("/sign-out")
@requires(SIGNED_IN)
def sign_out() -> Any:
    """Ends the session here and in the database."""
    end_session(current_reader().session_token)
    logout_user()
    fresh_cookie()
    g.pop("reader", None)
    return saved(url_for("accounts.sign_in"))


def home() -> str:
    """Where signing in leads."""
    return url_for("dashboard.today")


def _try(form: SignInForm) -> Any:
    at = clock.now()
    asked = throttle.keys(form.login.data, request.remote_addr)
    if (pause := throttle.count(asked, at)) is not None:
        return too_many(form, pause)
    found = queries.credentials(form.login.data)
    right = passwords.matches(found.password_hash if found else None, form.password.data)
    if found is None or not (right and found.active):
        log.warning("sign-in refused", extra={"user_id": found.id if found else 0})
        form.blame(None, _("User name or password is wrong."))
        return _page(form)
    throttle.forgive(asked)
    if passwords.is_outdated(found.password_hash):
        renew_hash(found.id, found.password_hash, passwords.hashed(form.password.data))
    if not begin(found, at):
        form.blame(None, _("User name or password is wrong."))
        return _page(form)
    log.info("signed in", extra={"user_id": found.id})
    return saved(own_address(form.next.data) or home())


def too_many(form: Any, pause: timedelta) -> Any:
    """The answer to those who tried too often: how long to wait."""
    form.blame(None, _("Too many tries. %(wait)s, please.", wait=in_words(pause)))
    response = _page(form, 429)
    response.headers["Retry-After"] = str(seconds(pause))
    return response


def _page(form: SignInForm, status: int | None = None) -> Any:
    return page("accounts/sign_in.html", status=status or form.http_status, form=form)
