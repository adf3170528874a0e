"""When something goes wrong: a sentence that says what happened, what was kept and what to do."""

import logging
from collections.abc import Callable
from typing import Any

from flask import (
    Flask,
    current_app,
    g,
    got_request_exception,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from crmlite import settings
from crmlite.access import sensitive
from crmlite.access.readers import Nobody, current_reader
from crmlite.db.durable import is_no_room
from crmlite.db.engines import is_busy, is_full
from crmlite.db.keyring import KeysDamaged, KeysMissing
from crmlite.db.keyset import BadCursor
from crmlite.headers import SAFE, FromElsewhere
from crmlite.paging import wants_part
from crmlite.redirects import asked_for, came_from
from crmlite.wording import N_
from crmlite.work import Busy, Gone, StorageFull

log = logging.getLogger(__name__)
Handler = Callable[[Any], Any]
RETRY_SECONDS = 5

TEXTS: dict[int, tuple[str, str]] = {
    400: (
        N_("This request cannot be read"),
        N_("Nothing was changed. Go back, reload the page and try again."),
    ),
    401: (
        N_("Please sign in"),
        N_("Your session has ended. Sign in and go on where you were."),
    ),
    403: (
        N_("You may not do this"),
        N_("Nothing was changed. Ask a manager if you need this right."),
    ),
    404: (
        N_("There is nothing here"),
        N_("It may have been moved or deleted, or it belongs to someone else."),
    ),
    405: (
        N_("This address works differently"),
        N_("Nothing was changed. Go back and use the buttons of the page."),
    ),
    409: (
        N_("Someone else was faster"),
        N_("Nothing was changed. Reload the page to see how things stand now."),
    ),
    413: (
        N_("This is too large"),
        N_("Nothing was saved. Send less text or a smaller file."),
    ),
    415: (
        N_("This request cannot be read"),
        N_("Nothing was changed. Go back, reload the page and try again."),
    ),
    422: (
        N_("This does not fit"),
        N_("Nothing was changed. Go back and check what you entered."),
    ),
    429: (
        N_("Too many tries"),
        N_("Wait a moment and try again."),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_(
            "Nothing was changed by this step. Try again; if it stays, tell your manager the "
            "number of this message."
        ),
    ),
    503: (
        N_("The book is busy"),
        N_(
            "Nothing was changed. Wait a few seconds and send it again: what you typed is still "
            "in the form when you go back."
        ),
    ),
    507: (
        N_("The disk is full"),
        N_("Nothing was changed. Ask whoever runs this server to free some space, then try again."),
    ),
}


def register(app: Flask) -> None:
    """Answer every error with a page in the reader's language, never with a traceback."""
    handlers: dict[type[Exception], Handler] = {
        CSRFError: _csrf,
        FromElsewhere: _elsewhere,
        HTTPException: _http,
        Busy: lambda _e: answer(503),
        StorageFull: lambda _e: answer(507),
        Gone: lambda _e: answer(404),
        BadCursor: lambda _e: answer(400),
        KeysMissing: _keys,
        KeysDamaged: _keys,
        DBAPIError: _database,
        OSError: _storage,
        Exception: _anything,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, _whatever_the_database_says(handler))


def _whatever_the_database_says(handler: Handler) -> Handler:
    """A handler whose page is drawn without the database where that does not answer either: who reads
    it, and in which language, stands there."""

    def handle(error: Any) -> Any:
        try:
            return handler(error)
        except DBAPIError as another:
            if g.get("broken"):
                raise
            ask_nothing_more()
            return _database(another)

    return handle


def answer(code: int, title: str = "", text: str = "") -> Response:
    """The page of an error, also where the database does not answer; it stands in place of all that
    was to be shown."""
    sensitive.forget_viewings()
    shown_title, shown_text = TEXTS.get(code, TEXTS[500])
    words = {"code": code, "title": title or _(shown_title), "text": text or _(shown_text)}
    response = make_response(_drawn(words), code)
    if code == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def in_place_of(response: Response, error: DBAPIError) -> Response:
    """The answer where the right one cannot be shown, since nobody could write down who sees it. What a
    form has done by then stays done, and is not to be sent again."""
    stand_in = make_response(current_app.handle_user_exception(error))
    if request.method in SAFE or response.status_code >= 400:
        return stand_in
    return answer(
        stand_in.status_code,
        _("Done, but not shown"),
        _(
            "What you sent was done. What you were to see is not shown, because the book could not "
            "note that you see it. Open the page again in a moment."
        ),
    )


def _drawn(words: dict[str, Any]) -> str:
    ways = {"back": came_from(""), "again": asked_for()}
    more = {"request_id": g.get("request_id", ""), **ways, **words}
    if _can_frame(words["code"]):
        try:
            return render_template("errors/error.html", framed=True, **more)
        except Exception:  # the frame needs more that may be broken than a plain page
            log.exception("the frame of an error page failed")
            g.broken = True
    return render_template("errors/error.html", framed=False, **more)


def company() -> str:
    """The firm's name; crmlite's where the database cannot be asked."""
    if g.get("broken"):
        return "crmlite"
    return str(settings.get("company_name")) or "crmlite"


def _can_frame(code: int) -> bool:
    return code < 500 and not g.get("broken") and current_reader().is_authenticated


def _csrf(_error: CSRFError) -> Response:
    config = current_app.extensions["crmlite.config"]
    if config.is_https and not request.cookies:  # no browser keeps a cookie of ours over http
        return _wrong_address(400, config.public_url)
    return answer(
        400,
        _("This page has been open for too long"),
        _("Nothing was changed. Reload the page and send it again."),
    )


def _elsewhere(_error: FromElsewhere) -> Response:
    return _wrong_address(403, current_app.extensions["crmlite.config"].public_url)


def _wrong_address(code: int, right: str) -> Response:
    """The book was opened under a name, or over http, where nothing can be sent from."""
    text = _("Nothing was changed. Open the book at the address that you were given for it.")
    if right:
        text = _("Nothing was changed. Open the book at %(url)s instead.", url=right)
    return answer(code, _("This address cannot be used here"), text)


def _http(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if code == 401:
        return _to_sign_in()
    return answer(code)


def _to_sign_in() -> Response:
    if wants_part():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("accounts.sign_in")
        return response
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.sign_in", next=wanted or None), 303)


def _keys(error: Exception) -> Response:
    log.error("the key ring cannot be used: %s", error)
    ask_nothing_more()
    return answer(
        503,
        _("The keys of this book are missing"),
        _(
            "Nothing is lost. Whoever runs this server must put the key ring back or restore a "
            "backup; the log says how."
        ),
    )


def _database(error: DBAPIError) -> Response:
    if is_full(error):
        return answer(507)
    if is_busy(error):
        return answer(503)
    if isinstance(error, OperationalError):
        log.error("the database does not answer", exc_info=error)
        ask_nothing_more()
        return answer(
            503,
            _("The database does not answer"),
            _(
                "Nothing was changed. Try again in a minute; if it stays, tell whoever runs this "
                "server."
            ),
        )
    return _anything(error)


def ask_nothing_more() -> None:
    """Have the page of this error drawn without the database; every page asks who reads it."""
    g.broken, g.reader = True, Nobody()
    g._login_user = Nobody()  # noqa: SLF001 - where Flask-Login looks before it loads anybody


def _storage(error: OSError) -> Any:
    """Also what somebody sends is put on the disk before anyone looks at it."""
    return answer(507) if is_no_room(error) else _anything(error)


def _anything(error: Exception) -> Any:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    # Flask tells only of what nobody answers: whose page it was is to know.
    got_request_exception.send(current_app._get_current_object(), exception=error)  # noqa: SLF001
    return answer(500)
