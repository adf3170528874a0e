"""Where somebody came from, so that they are back there after an action."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from flask import request

from crmlite.accounts.redirects import own_address


def came_from(default: str) -> str:
    """The page of this site that sent the request; `default` when none or another site did."""
    sent = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(sent)
    except ValueError:
        return default
    if parts.netloc != request.host:
        return default
    query = f"?{parts.query}" if parts.query else ""
    return own_address(f"{parts.path}{query}") or default


def query_of(address: str) -> Mapping[str, str]:
    """The query of an address, the last value of each name."""
    return dict(parse_qsl(urlsplit(address).query))
