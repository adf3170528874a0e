"""The gate that every request passes: an address nobody declared is closed."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from crmlite.access import strangers
from crmlite.access.permissions import known
from crmlite.access.readers import ANY, current_reader

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SIGNED_IN = "signed-in"
MARK = "_crmlite_requires"
SIZE = "_crmlite_takes_files"
MEGABYTE = 1 << 20
FORM = 2 * MEGABYTE  # the most that a form takes
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Undeclared(RuntimeError):
    """Views that say nothing about who may use them; crmlite does not start with such a view."""


def requires(permission: str | None) -> Callable[[View], View]:
    """Declare who may use a view: a right, `SIGNED_IN` for everyone with a login, None for anyone."""

    def mark(view: View) -> View:
        setattr(view, MARK, PUBLIC if permission is None else permission)
        return view

    return mark


def requirement(endpoint: str) -> str | None:
    """What an endpoint asks for: a right, PUBLIC, SIGNED_IN; None when it declares nothing."""
    return getattr(current_app.view_functions.get(endpoint), MARK, None)


def takes_files(setting: str) -> Callable[[View], View]:
    """Declare that a view takes larger bodies than others: as many megabytes as a setting of the
    instance says, from those who may use it."""

    def mark(view: View) -> View:
        setattr(view, SIZE, setting)
        return view

    return mark


def admit_size() -> None:
    """Runs before anything reads the body: how large it may be, and that it is to be whole. Who is
    not signed in sends forms and no files."""
    if request.method in ("GET", "HEAD"):
        return
    if request.content_length is not None:
        # The server says of each body that it ends where it ends. One that ends before its length is
        # cut off: half a text would be saved as if it were all.
        request.environ.pop("wsgi.input_terminated", None)
    need, reader = requirement(request.endpoint or ""), current_reader()
    setting = getattr(current_app.view_functions.get(request.endpoint or ""), SIZE, None)
    if not reader.is_authenticated:
        if need != PUBLIC and (request.content_length or 0) > FORM:
            abort(401)
        request.max_content_length = FORM
        if _has_body():
            strangers.take_in()
    elif setting is not None and (need == SIGNED_IN or reader.may(str(need))):
        megabytes = getattr(current_app.extensions["crmlite.config"], setting)
        request.max_content_length = megabytes * MEGABYTE


def take_forms_only() -> None:
    """Runs before anything looks into the body: what browsers make of forms, each field with a name.
    Flask-WTF would take JSON for a form too, and fields of it for what no browser sends."""
    if request.method in ("GET", "HEAD"):
        return
    if request.mimetype not in FORMS and _has_body():
        abort(415)
    if None in request.form or None in request.files:
        abort(400)


def _has_body() -> bool:
    return bool(request.content_length) or "Transfer-Encoding" in request.headers


def guard() -> None:
    """Runs before every view; an address that does not exist goes on to its 404."""
    if request.endpoint is None:
        return
    need = requirement(request.endpoint)
    if need is None:
        abort(403)
    if need == PUBLIC:
        return
    reader = current_reader()
    if not reader.is_authenticated:
        abort(401)
    if need != SIGNED_IN and not reader.may(need):
        abort(403)


def can(permission: str, owner_id: int | None = ANY) -> bool:
    """Whether the reader holds a right, for a record of this owner when one is named."""
    reader = current_reader()
    if not reader.is_authenticated:
        return False
    return reader.may(permission) if owner_id == ANY else reader.covers(permission, owner_id)


def check_declared(app: Flask, *, apart: Collection[str] = ()) -> None:
    """Raises Undeclared, naming them, when endpoints say nothing, and UnknownPermission when they ask
    for a right that nobody registered; those `apart` have been looked at."""
    with app.app_context():
        names = [name for name in app.view_functions if name not in apart]
        silent = sorted(name for name in names if requirement(name) is None)
        if silent:
            raise Undeclared(f"views without @requires: {', '.join(silent)}")
        for name in names:
            need = requirement(name)
            if need not in (PUBLIC, SIGNED_IN):
                known(str(need))
