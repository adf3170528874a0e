"""Addresses of this site and of no other: where it is open, where to go on to, where somebody came from."""

import re
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import SecurityError

HERE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
LONGEST = 2000


def own_url() -> str:
    """Where people open this site, without a slash behind it: the public address, which is the one to
    hand out, or where no such is set the one that was asked."""
    return _public_url() or f"{request.scheme}://{request.host}"


def own_host() -> str:
    """The same without its scheme."""
    return urlsplit(_public_url()).netloc or request.host


def own_address(target: str | None) -> str | None:
    """The address itself when it leads to this site; None for everything else."""
    if target and len(target) <= LONGEST and HERE.fullmatch(target):
        return target
    return None


def with_args(path: str, args: Sequence[tuple[str, str]]) -> str:
    """A path of this site, quoted as addresses are, with its query, safe to redirect to."""
    safe = "/" + path.lstrip("/\\")
    return f"{safe}?{urlencode(args)}" if args else safe


def asked_for(*but: str) -> str:
    """The address that was asked for, without the arguments of these names, safe to redirect to. What
    came quoted stays so: a tab between two slashes would be dropped, and lead to another site."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name not in but]
    return with_args(quote(request.script_root + request.path), rest)


def came_from(default: str) -> str:
    """The page of this site that sent the request; `default` when none or another site did."""
    sent = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(sent)
    except ValueError:
        return default
    if parts.netloc not in _own_hosts():
        return default
    query = f"?{parts.query}" if parts.query else ""
    return own_address(f"{parts.path}{query}") or default


def _own_hosts() -> set[str]:
    """The public one, and the one that was asked: a proxy may pass on another name, and who is beside
    the server may open it by that. None that is not trusted."""
    hosts = {urlsplit(_public_url()).netloc}
    with suppress(SecurityError):
        hosts.add(request.host)
    return hosts - {""}


def _public_url() -> str:
    return str(current_app.extensions["crmlite.config"].public_url)
