"""Handing a file over: a piece at a time, in a way that no browser runs what stands in it."""

import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO
from urllib.parse import quote

from flask import Response

from crmlite.files import keeping
from crmlite.files.names import split
from crmlite.files.queries import Row, name_of
from crmlite.files.showing import INLINE

PIECE = 1 << 16
UNNAMED = "application/octet-stream"
# Types of which a browser that saves them runs nothing; all others are bytes to it.
SAVED_AS = ("image/", "audio/", "video/", "application/pdf", "application/vnd.")
POLICY = "default-src 'none'; sandbox"
PLAIN = frozenset(" !#$&+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def handed_over(row: Row) -> Response:
    """The file of a row. Raises FileNotFoundError, and SealBroken where its beginning is not whole;
    what breaks later breaks off the answer, so that half a file is never taken for a whole one."""
    file = keeping.opened(row["uid"])
    try:
        first = file.read(PIECE)  # what goes wrong at once is answered by a page
    except BaseException:
        file.close()
        raise
    response = Response(chain((first,), _rest(file)), content_type=_sent_as(row["media_type"]))
    response.call_on_close(file.close)
    how = "inline" if row["media_type"] in INLINE else "attachment"
    response.headers["Content-Length"] = str(row["size"])
    response.headers["Content-Disposition"] = _disposition(how, name_of(row), row["id"])
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _rest(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _sent_as(media_type: str) -> str:
    is_harmless = media_type.startswith(SAVED_AS) and not media_type.startswith("image/svg")
    return media_type if is_harmless else UNNAMED


def _disposition(how: str, name: str, attachment_id: int) -> str:
    """The header by which a file is named (RFC 6266), in plain letters and, where those are not
    enough, in its own (RFC 5987)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(letter for letter in plain if letter in PLAIN).strip()
    if plain == name:
        return f'{how}; filename="{plain}"'
    if not split(plain)[0].strip("._- "):
        plain = f"file-{attachment_id}{split(plain)[1]}"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
