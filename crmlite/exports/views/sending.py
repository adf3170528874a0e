"""A file as an answer, piece by piece."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, stream_with_context

from crmlite import clock, settings
from crmlite.access import Reader
from crmlite.access.sensitive import write_viewings
from crmlite.exports.wanted import MEDIA


def sent(pieces: Iterator[bytes], name: str, kind: str, at: datetime) -> Response:
    """The file, called as what it holds and the day; its first piece is made now, so that what goes
    wrong at once is answered by a page."""
    first = next(pieces, b"")
    body: Any = stream_with_context(chain((first,), pieces))
    response = Response(body, mimetype=None, content_type=MEDIA[kind])
    file = f"{name}-{at.astimezone(zone()):%Y-%m-%d}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=file)
    return response


def looker(reader: Reader) -> Any:
    """What notes that whole sensitive values were handed out: every time counts."""

    def looked() -> None:
        write_viewings(reader, request.endpoint or "", clock.now(), repeated=timedelta())

    return looked


def zone() -> ZoneInfo:
    """The firm's time zone."""
    return ZoneInfo(settings.get("timezone"))
