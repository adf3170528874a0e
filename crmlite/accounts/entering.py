"""Signing somebody in on the browser that asks, once it is known who they are."""

from datetime import datetime

from flask import g, request, session
from flask_login import login_user

from crmlite.access import current_reader
from crmlite.accounts.devices import device_of
from crmlite.accounts.queries import Credentials
from crmlite.accounts.sessions import end_session, load_reader, start_session

KEPT = ("lang",)  # of the cookie, across signing in and out


def begin(found: Credentials, at: datetime) -> bool:
    """Start a session in this browser, with a token and a cookie that nobody has seen before.

    False when the person was shut out, or their password changed, in this very moment.
    """
    before = current_reader().session_token
    if before:
        end_session(before)
    device = device_of(request.user_agent.string)
    token = start_session(found.id, device, password_set_at=found.password_set_at, at=at)
    reader = load_reader(token)
    if reader is None:
        return False
    fresh_cookie()
    session.permanent = True
    g.pop("reader", None)
    login_user(reader)
    return True


def fresh_cookie() -> None:
    """Leave nothing of what the cookie held but the language."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)
