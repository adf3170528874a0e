"""Whatever stands in the headers of a request, no answer is 500 and nothing is done that would not be."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.testing import SignIn, csrf_token
from tests.access.conftest import Book
from tests.figures import told

ODD = (
    *("", "\x80\xff\xfe", "x" * 8000, "%00%0d%0aX-Set: 1", ";;;===,,,", "null", "-1", "nan"),
    *("9" * 40, "*;q=99", "en;q=1e999", "zh-" * 1000, "<script>x</script>", "//evil.example/", "\\\\x"),
    *("bytes=0-,-1", "bytes=99999999999999999999-", "gzip;q=0,*;q=0", "Thu, 99 Foo 99999 99:99:99"),
)  # fmt: skip
HEADERS = (
    *("Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "Cookie", "Referer", "Origin"),
    *("User-Agent", "Host", "Content-Type", "Range", "If-Range", "If-None-Match", "If-Modified-Since"),
    *("HX-Request", "HX-Target", "HX-Trigger", "HX-Current-URL", "HX-Boosted", "HX-Prompt"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"),
    *("X-CSRFToken", "X-Requested-With", "X-HTTP-Method-Override", "Sec-Fetch-Site", "Authorization"),
    *("Cache-Control", "Expect", "Upgrade", "Date", "Max-Forwards", "TE"),
)  # fmt: skip
PAGES = ("/customers?q=a", "/sign-in")
BODIES = (
    ("application/json", b'{"name": ' + b"[" * 5000),
    ("application/json", b"\xff"),
    ("application/xml", b"<a/>"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="\xff"; filename="\x00"\r\n\r\na\r\n--x--',
    ),
    ("multipart/form-data; boundary=" + "x" * 5000, b"--" + b"x" * 5000),
    ("multipart/form-data; boundary=x; charset=utf-99", b"--x\r\n\r\n\r\n--x--"),
    ("application/x-www-form-urlencoded; charset=utf-99", b"name=a"),
    ("application/x-www-form-urlencoded", b"name=%ff%fe&=&&==&%"),
    ("application/x-www-form-urlencoded", b"&".join(b"name=%d" % n for n in range(900))),
    ("", b"name=a"),
)


def test_no_header_breaks_a_page(app: Flask, sign_in: SignIn, book: Book) -> None:
    client = sign_in("manager")
    cookies = dict(client._cookies)
    broken, sent = [], 0
    for page in PAGES:
        for name in HEADERS:
            for value in ODD:
                answer = client.get(page, headers={name: value})
                sent += 1
                to = answer.headers.get("Location", "")
                if answer.status_code >= 500 or "evil.example" in to:
                    broken.append(f"{page} {name}: {value[:40]!r}: {answer.status_code}")
                client._cookies = dict(cookies)
    told("odd headers", f"sent {sent}, broken {len(broken)}")
    assert broken == []
    assert sent > 1_000


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_body_breaks_a_form(app: Flask, sign_in: SignIn, book: Book) -> None:
    client = sign_in("manager")
    token = csrf_token(client, "/profile")
    broken = []
    before = rows(app)
    for page in ("/customers/new", "/sign-in", f"/customers/{book.of_sales}/edit", "/imports/new"):
        for kind, body in BODIES:
            answer = client.post(page, data=body, content_type=kind, headers={"X-CSRFToken": token})
            if answer.status_code >= 500 or rows(app) != before:
                broken.append(f"{page} {kind} {body[:40]!r}: {answer.status_code}")
            if "json" in kind or "xml" in kind or not kind:
                assert answer.status_code in (404, 415), (page, kind)
    assert broken == []


def rows(app: Flask) -> list[Any]:
    """All customers, to the last column."""
    with app.app_context():
        found = list(database.session.execute(select(Customer.__table__)).all())
        database.session.remove()
    return found
