"""Where to go afterwards: an address of this site and of no other."""

import re
from urllib.parse import urlsplit

from flask import request

HERE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
LONGEST = 2000


def own_address(target: str | None) -> str | None:
    """The address itself when it leads to this site; None for everything else."""
    if target and len(target) <= LONGEST and HERE.fullmatch(target):
        return target
    return None


def came_from() -> str | None:
    """The page of this site that a form was sent from; None when the browser does not say."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    if parts.netloc != request.host:
        return None
    return own_address(f"{parts.path}?{parts.query}" if parts.query else parts.path)
