"""Files sent to records as browsers send them, and the folder in which they lie."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from crmlite.testing import csrf_token
from tests.customers.records import HTMX

File = tuple[str, bytes]
NOTE: File = ("报价 2026.txt", "三台，含税。\n".encode())
BOUNDARY = "----of-this-test"
FORM_KEY = "a-key-of-some-length"


def attach(
    client: FlaskClient,
    record: str,
    *files: File,
    htmx: bool = False,
    key: str = FORM_KEY,
) -> Any:
    """Send files to a record, such as `customer/1`."""
    fields = {"csrf_token": csrf_token(client, "/profile"), "form_key": key}
    return client.post(
        f"/files/of/{record}",
        data=encoded(fields, files),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers=HTMX if htmx else {},
    )


def encoded(fields: Mapping[str, str], files: Sequence[File]) -> bytes:
    """A form with files, as browsers write it."""
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    for name, content in files or [("", b"")]:
        quoted = name.replace('"', "%22")
        parts.append((f'name="files"; filename="{quoted}"\r\nContent-Type: any/thing', content))
    return (
        b"".join(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
            + body
            + b"\r\n"
            for head, body in parts
        )
        + f"--{BOUNDARY}--\r\n".encode()
    )


def press(client: FlaskClient, url: str, **more: Any) -> Any:
    """Press a button that posts."""
    return client.post(url, data={"csrf_token": csrf_token(client, "/profile")}, **more)


def listed(client: FlaskClient, record: str) -> dict[str, str]:
    """The files of a record by name, each with its address."""
    page = client.get(f"/files/of/{record}", headers=HTMX).text
    found = re.findall(r'href="(/files/\d+)"[^>]*title="([^"]*)"', page)
    return {name: url for url, name in found}


def lying(app: Flask) -> list[Path]:
    """The files that lie in the folder of attachments."""
    folder = app.extensions["crmlite.config"].instance / "attachments"
    return sorted(path for path in folder.rglob("*") if path.is_file())
