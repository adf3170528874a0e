"""Headers that every answer carries, and the refusal of requests from other sites."""

import ipaddress
import logging
from urllib.parse import urlsplit

from flask import Response, abort, current_app, request
from werkzeug.exceptions import Forbidden

from crmlite.redirects import own_host

log = logging.getLogger(__name__)

ASKED_AGAIN = {"agenda.read"}  # what programs keep, and ask for by its ETag whether it is still so
SAFE = {"GET", "HEAD", "OPTIONS"}
ONE_ADDRESS = "so that all people share one address, and who mistypes a password delays the others"
NOT_TOLD = f"a proxy stands before crmlite and the setting proxies is 0, {ONE_ADDRESS}"
NO_PROXY = (
    f"the setting proxies says that one stands before crmlite, and it sends no X-Forwarded-For, "
    f"{ONE_ADDRESS}"
)
OTHER_SITE = (
    "a change was refused: the page it came from has another address than crmlite knows of itself; "
    "set public_url, or let the proxy pass on Host"
)


class FromElsewhere(Forbidden):
    """A change came from a page of another address; a proxy that hides ours looks the same."""


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-src 'self'; frame-ancestors 'none'; object-src 'none'"
)


def refuse_cross_site() -> None:
    """403 for a change that another site sends; browsers say in headers where it comes from."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and not _is_own(origin):
        log.warning(OTHER_SITE)
        raise FromElsewhere


def _is_own(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc == own_host()
    except ValueError:  # what no browser sends
        return False


def notice_proxy() -> None:
    """Say once in the log when settings and proxy do not fit: nobody would see it otherwise."""
    told = current_app.extensions.setdefault("crmlite.proxy_told", set())
    if told or request.method in SAFE:
        return
    proxies = current_app.extensions["crmlite.config"].proxies
    passed_on = "X-Forwarded-For" in request.headers
    if proxies and not passed_on:
        told.add(NO_PROXY)
    elif passed_on and not proxies and _is_near(request.remote_addr):
        told.add(NOT_TOLD)
    for words in told:
        log.warning(words)


def _is_near(address: str | None) -> bool:
    """Whether it could be a proxy's; strangers may send any header."""
    try:
        return ipaddress.ip_address(address or "").is_private
    except ValueError:
        return False


def protect(response: Response) -> Response:
    """Add the headers; in one place, so that errors and files have them too."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint == "static" and response.status_code < 400:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint in ASKED_AGAIN and response.status_code in (200, 304):
        headers["Cache-Control"] = "private, no-cache"
    else:  # the page of a missing file shows who is signed in
        headers["Cache-Control"] = "no-store"
    if current_app.extensions["crmlite.config"].is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


__all__ = ["POLICY", "FromElsewhere", "notice_proxy", "protect", "refuse_cross_site"]
