"""What a view answers: a whole page, or only its part when htmx asks for it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from crmlite import hooks
from crmlite.access.readers import current_reader
from crmlite.access.undoing import may_undo, operation_row
from crmlite.wording import N_

__all__ = ["asked_from", "page", "redirected", "saved", "toast", "wants_part"]

PACK_FAILED = N_(
    "The change is safe, but something that follows from it failed. The log says what: tell "
    "whoever runs this server."
)


def wants_part() -> bool:
    """Whether htmx asks for a part. Boosted links and going back in history want the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def asked_from() -> tuple[str, Mapping[str, Any]]:
    """The page from which htmx asks: its endpoint and what its address names; none for browsers."""
    adapter = current_app.create_url_adapter(request)
    if not wants_part() or adapter is None:
        return "", {}
    try:
        path = urlsplit(request.headers.get("HX-Current-URL", "")).path
        return adapter.match(path.removeprefix(request.script_root), method="GET")
    except (HTTPException, ValueError):  # no page of ours, or no address
        return "", {}


def page(template: str, part: str | None = None, status: int = 200, **context: Any) -> Response:
    """A page, or `part` of it for htmx; both from the same context.

    Without a `part` htmx gets the page too. A page includes its part's file.
    """
    asked = wants_part() and part is not None
    response = make_response(
        render_template(part if asked and part else template, is_part=asked, **context), status
    )
    response.headers["Vary"] = "HX-Request"
    return response


def saved(
    url: str,
    part: str | None = None,
    *,
    message: str = "",
    undo: int | None = None,
    events: Mapping[str, Any] | None = None,
    **context: Any,
) -> Response:
    """The answer after a change: back to `url` for browsers, the renewed `part` for htmx.

    `message` is shown as a toast; `undo` is the operation that its button undoes, where the reader
    may. `events` are further htmx events, such as `{"drawer-close": True}`. htmx without a part
    stays where it is when there are events, by which what is shown renews itself, and is sent to
    `url` when there are none. Where a pack failed after the change, the message says so and stays
    until it is closed.
    """
    kind = "done"
    if hooks.any_failed():
        message, kind = f"{message} {_(PACK_FAILED)}".strip(), "error"
    if not wants_part():
        if message:
            toast(message, undo=undo, kind=kind)
        return redirected(url)
    if part is None and not events:
        if message:
            toast(message, undo=undo, kind=kind)
        response = make_response("", 200)
        response.headers["HX-Redirect"] = url
        return response
    response = make_response(render_template(part, is_part=True, **context) if part else "")
    if part is None:
        response.headers["HX-Reswap"] = "none"
    # The message first: what asked may be gone after the other events, and nobody would hear it.
    triggers = {"toast": _toast(message, undo, kind)} if message else {}
    triggers |= events or {}
    if triggers:
        response.headers["HX-Trigger"] = json.dumps(triggers)
    response.headers["Vary"] = "HX-Request"
    return response


def redirected(url: str) -> Response:
    """Send the browser on with a GET, after a form."""
    return redirect(url, 303)  # type: ignore[return-value]


def toast(message: str, *, undo: int | None = None, kind: str = "done") -> None:
    """Show a message on the next page; `undo` is the operation that its button undoes, where the
    reader may."""
    flash(_toast(message, undo, kind), kind)  # type: ignore[arg-type]


def with_query(url: str, query: Mapping[str, Any]) -> str:
    """An address with these parameters; empty ones are left out."""
    kept = {name: value for name, value in query.items() if value not in (None, "", [])}
    return f"{url}?{urlencode(kept, doseq=True)}" if kept else url


def _toast(message: str, undo: int | None, kind: str = "done") -> dict[str, Any]:
    shown: dict[str, Any] = {"text": message, "kind": kind}
    if undo is not None and _is_undoable(undo):
        shown["undo"] = {"url": url_for("history.undo_operation", operation_id=undo)}
    return shown


def _is_undoable(operation_id: int) -> bool:
    row = operation_row(operation_id)
    return row is not None and may_undo(current_reader(), row)
