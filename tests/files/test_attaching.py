"""Files of records: attached, handed over to whoever sees the record, deleted and brought back."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from crmlite import clock
from crmlite.db.sealing import SealBroken
from crmlite.extensions import database
from crmlite.files import checks, keeping, queries, showing, upkeep
from crmlite.files.limits import MEGABYTE
from crmlite.files.models import Attachment
from crmlite.files.operations import delete_attachment
from crmlite.followups.operations import InteractionDraft, delete_interaction, log_interaction
from crmlite.settings.operations import change_settings
from crmlite.testing import SignIn, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.customers.records import HTMX, add, counted
from tests.files import samples
from tests.files.sending import NOTE, attach, listed, lying, press

TABLE = Attachment.__table__
CUSTOMER = "customer/1"


@pytest.fixture
def number(app: Flask) -> str:
    """A customer of sales, the first of the book."""
    return add(app, "sales")


@pytest.fixture
def sales(sign_in: SignIn, number: str) -> FlaskClient:
    return sign_in("sales")


@pytest.fixture
def talk(app: Flask, number: str) -> str:
    """An interaction with that customer."""
    with app.app_context():
        draft = InteractionDraft(
            customer_id=1, kind="phone", content="They called.", occurred_at=clock.now()
        )
        by = Actor("person", "sales", person_id("sales"))
        made = log_interaction(draft, by=by, at=clock.now())
        database.session.remove()
    return f"interaction/{made['id']}"


def rows(app: Flask) -> int:
    with app.app_context():
        return database.session.execute(select(func.count()).select_from(TABLE)).scalar_one()


def path_of(app: Flask, attachment_id: int) -> Path:
    """Where a file lies."""
    with app.app_context():
        wanted = select(TABLE.c.uid).where(TABLE.c.id == attachment_id)
        uid = database.session.execute(wanted).scalar_one()
        return keeping.place_in(keeping.folder(app.extensions["crmlite.config"]), uid)


def test_files_are_attached_and_handed_over_as_they_were(
    app: Flask, sales: FlaskClient, number: str
) -> None:
    large = ("Plan.pdf", samples.PDF + os.urandom(3 * MEGABYTE))
    answer = attach(sales, CUSTOMER, NOTE, large)
    assert (answer.status_code, answer.location) == (303, f"/customers/{number}")
    page = sales.get(f"/customers/{number}").text
    assert "2 files attached." in page and page.count("Plan.pdf") >= 1
    for name, content in (NOTE, large):
        answer = sales.get(listed(sales, CUSTOMER)[name])
        assert answer.data == content and int(answer.headers["Content-Length"]) == len(content)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer.headers["Cache-Control"]
    stored = b"".join(path.read_bytes() for path in lying(app))
    assert len(lying(app)) == 2 and b"%PDF" not in stored and NOTE[1] not in stored
    with app.app_context():
        assert [str(finding) for finding in checks.check().run(True)] == [
            "2 attached files can be opened."
        ]


@pytest.mark.parametrize(
    ("name", "content", "sent_as", "disposition"),
    [
        ("a b.png", samples.PNG, "image/png", 'inline; filename="a b.png"'),
        ("照片.jpg", samples.JPEG, "image/jpeg",
         "inline; filename=\"file-1.jpg\"; filename*=UTF-8''%E7%85%A7%E7%89%87.jpg"),
        ("Café \"x\";.pdf", samples.PDF, "application/pdf",
         "attachment; filename=\"Cafe x.pdf\"; filename*=UTF-8''Caf%C3%A9%20%22x%22%3B.pdf"),
        ("a.heic", samples.HEIC, "image/heic", 'attachment; filename="a.heic"'),
        ("a.html", b"<html><script>", "application/octet-stream", 'attachment; filename="a.html"'),
        ("a.png", b"<svg onload='x'>", "application/octet-stream", 'attachment; filename="a.png"'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_pictures_are_shown_and_nothing_is_run(
    sales: FlaskClient, name: str, content: bytes, sent_as: str, disposition: str
) -> None:
    assert attach(sales, CUSTOMER, (name, content)).status_code == 303
    answer = sales.get("/files/1")
    assert answer.headers["Content-Type"] == sent_as
    assert answer.headers["Content-Disposition"] == disposition


def test_what_is_not_taken_is_named_and_the_rest_is_attached(
    app: Flask, sales: FlaskClient
) -> None:
    with app.app_context():
        change_settings(
            {"attachment_mb": 1, "attachments_mb": 1}, by=command_line(), at=clock.now()
        )
    sent = [
        ("empty.txt", b""),
        ("", b"nameless"),
        ("offer.pdf", samples.PROGRAM),
        ("parts.docx", samples.zipped("a.txt")),
        ("odd.bin", b"\x00\x01"),
        ("long.txt", b"x" * (MEGABYTE + 1)),
        NOTE,
        (f"docs/{NOTE[0]}", NOTE[1]),
        (NOTE[0], b"another text under the same name"),
    ]
    answer = attach(sales, CUSTOMER, *sent, htmx=True)
    assert answer.status_code == 200
    told = re.findall(r"<p>(“.*?)</p>", answer.text)
    assert told == [
        "“empty.txt” is empty.",
        "“offer.pdf” is a program. Programs are never taken, whatever they are called.",
        "“parts.docx” is an archive. Please attach the files that are in it.",
        "“odd.bin” is of a kind that is not taken here.",
        "“long.txt” is larger than 1 MB.",
        f"“{NOTE[0]}” is attached already, just as it is.",
    ]
    assert rows(app) == 3 == len(lying(app)) and answer.text.count(f">{NOTE[0]}<") == 2
    again = attach(sales, CUSTOMER, NOTE)
    assert again.status_code == 422 and "is attached already" in again.text
    assert attach(sales, CUSTOMER).status_code == 422
    full = attach(sales, CUSTOMER, ("more.txt", b"y" * (MEGABYTE - 10)))
    assert full.status_code == 422 and "together would be larger than 1 MB" in full.text
    assert rows(app) == 3 == len(lying(app))


def test_a_form_that_is_sent_twice_attaches_once(app: Flask, sales: FlaskClient) -> None:
    for _ in range(2):
        assert attach(sales, "customer/1", ("a.txt", b"one")).status_code in (303, 422)
    assert rows(app) == 1 == len(lying(app))
    with app.app_context():
        database.session.execute(update(TABLE).values(sha256="of another time"))
        database.session.commit()
    assert attach(sales, "customer/1", ("a.txt", b"one")).status_code == 303
    assert rows(app) == 1 == len(lying(app)), "the second time is answered as the first was"
    assert attach(sales, "customer/1", ("a.txt", b"other")).status_code == 303
    assert rows(app) == 2 == len(lying(app)), "other files of the same form are others"


def test_who_sees_the_record_sees_its_files_and_nobody_else(
    app: Flask, sales: FlaskClient, sign_in: SignIn, employ: Employ, talk: str
) -> None:
    for record in (CUSTOMER, talk):
        assert attach(sales, record, NOTE).status_code == 303
    employ("sales2", {"customers:see": "all", "attachments:see": "all"})
    employ("support", {"customers:see": "all", "interactions:see": "all"})
    reads, blind, nobody = sign_in("sales2"), sign_in("support"), app.test_client()
    assert reads.get("/files/1").data == NOTE[1]
    assert attach(reads, CUSTOMER, NOTE).status_code == 403
    assert press(reads, "/files/1/deletion").status_code == 403
    assert "Add files" not in reads.get("/files/of/customer/1").text
    for url in ("/files/2", f"/files/of/{talk}"):  # what was said is not for them
        assert reads.get(url).status_code == 404
    for url in ("/files/1", "/files/2", f"/files/of/{CUSTOMER}"):
        assert blind.get(url).status_code == 404
        assert nobody.get(url).status_code == 303
    assert press(blind, "/files/1/deletion").status_code == 404
    assert attach(blind, talk, NOTE).status_code == 404
    for odd in ("loaf/1", "customer/999", "interaction/999"):
        assert sales.get(f"/files/of/{odd}").status_code == 404
    assert sales.get("/files/999").status_code == 404
    with app.app_context():
        delete_interaction(int(talk.partition("/")[2]), by=command_line(), at=clock.now())
    assert sales.get("/files/2").status_code == 404
    assert rows(app) == 2 == len(lying(app))


def test_every_file_of_a_record_is_within_reach(
    sales: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(showing, "PAGE", 3)
    names = [f"{place}.txt" for place in range(7)]
    for name in names:
        attach(
            sales, CUSTOMER, (name, f"this is {name}".encode()), key=f"the form that adds {name}"
        )
    seen, url = [], f"/files/of/{CUSTOMER}"
    while url:
        page = sales.get(url).text
        seen.extend(re.findall(r'title="(\d\.txt)"', page))
        url = "".join(re.findall(r'href="([^"]*)" rel="next"', page))
    assert seen == names[::-1]
    assert f'href="/files/of/{CUSTOMER}" rel="prev"' in page
    assert listed(sales, f"{CUSTOMER}?before=x").keys() == {"6.txt", "5.txt", "4.txt"}


def test_a_file_is_deleted_undone_and_restored(app: Flask, sales: FlaskClient) -> None:
    attach(sales, CUSTOMER, NOTE)
    answer = press(sales, "/files/1/deletion", headers=HTMX)
    assert answer.status_code == 200 and "None is attached" not in answer.text
    undo = re.search(r"/operations/\d+/undo", answer.headers["HX-Trigger"])[0]
    assert sales.get("/files/1").status_code == 404 == press(sales, "/files/1/deletion").status_code
    assert press(sales, undo).status_code == 303
    assert sales.get("/files/1").data == NOTE[1]
    press(sales, "/files/1/deletion")
    assert NOTE[0] in sales.get("/trash?kind=attachment").text
    assert press(sales, "/trash/attachment/1/restoration").status_code == 303
    assert sales.get("/files/1").data == NOTE[1]
    assert NOTE[0] in sales.get("/customers/C001/changes").text


def test_a_file_stays_in_the_bin_while_what_it_was_attached_to_is_not_there(
    app: Flask, sales: FlaskClient, talk: str
) -> None:
    attach(sales, talk, NOTE)
    press(sales, "/files/1/deletion")
    back, bin_of_files = "/trash/attachment/1/restoration", "/trash?kind=attachment"
    assert back in sales.get(bin_of_files).text
    with app.app_context():
        delete_interaction(int(talk.partition("/")[2]), by=command_line(), at=clock.now())
    assert back not in sales.get(bin_of_files).text
    assert press(sales, back).status_code == 403


def test_the_timeline_counts_files_without_asking_for_each(
    app: Flask, sales: FlaskClient, number: str, talk: str
) -> None:
    def cost() -> int:
        sales.get(f"/customers/{number}")
        with counted(app) as statements:
            assert sales.get(f"/customers/{number}").status_code == 200
        return len(statements.own)

    before = cost()
    answer = attach(sales, talk, NOTE, ("a.txt", b"a"), htmx=True)
    assert "customer-changed" in answer.headers["HX-Trigger"]
    attach(sales, CUSTOMER, *[(f"{n}.txt", b"%d" % n) for n in range(14)])
    page = sales.get(f"/customers/{number}").text
    clip = re.search(rf'href="/files/of/{talk}".*?</span>(.*?)</a>', page, re.DOTALL)
    assert clip and clip[1].strip() == "2"
    assert ">13.txt<" in page and ">1.txt<" not in page and "All files" in page
    assert cost() == before


def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    app: Flask, sales: FlaskClient
) -> None:
    config = app.extensions["crmlite.config"]
    app.extensions["crmlite.config"] = replace(config, max_attachments_mb=1)
    assert attach(sales, CUSTOMER, ("a.txt", b"x" * MEGABYTE)).status_code == 413
    assert lying(app) == []


def test_a_file_that_was_lost_or_altered_is_not_handed_over(app: Flask, sales: FlaskClient) -> None:
    attach(sales, CUSTOMER, NOTE, ("b.pdf", samples.PDF + os.urandom(2 * MEGABYTE)))
    first, second = path_of(app, 1), path_of(app, 2)
    content = bytearray(first.read_bytes())
    content[-1] ^= 1
    first.write_bytes(content)
    answer = sales.get("/files/1")
    assert answer.status_code == 500 and "cannot be opened" in answer.text
    second.write_bytes(second.read_bytes()[: -MEGABYTE // 2])
    with pytest.raises(SealBroken):
        sales.get("/files/2").get_data()
    second.unlink()
    answer = sales.get("/files/2")
    assert answer.status_code == 404 and "not there" in answer.text
    with app.app_context():
        assert [str(finding) for finding in checks.check().run(False)] == [
            "1 attached files are not there.",
            "1 attached files cannot be opened with the keys of this book.",
        ]


def test_what_is_not_wanted_any_more_is_swept(app: Flask, sales: FlaskClient) -> None:
    attach(sales, CUSTOMER, NOTE, ("b.txt", b"b"))
    now, old = clock.now(), (clock.now() - timedelta(days=2)).timestamp()
    with app.app_context():
        orphan, _size, _digest = keeping.keep(BytesIO(b"killed before its row"))
        fresh, _size, _digest = keeping.keep(BytesIO(b"its row comes in a moment"))
        folder = keeping.folder(app.extensions["crmlite.config"])
        half = keeping.place_in(folder, orphan).with_name("half-written.part")
        half.write_bytes(b"crmlite sealed 1 ")
        for path in lying(app):
            if path.name != fresh:
                os.utime(path, (old, old))
        delete_attachment(1, by=command_line(), at=now - timedelta(days=31))
        delete_attachment(2, by=command_line(), at=now - timedelta(days=29))
        gone, kept = path_of(app, 1).name, path_of(app, 2).name
        upkeep.tidy({}, by=command_line(), at=now, lease=Patience())
        assert {path.name for path in lying(app)} == {fresh, gone, kept}
        assert queries.known([gone, kept]) == {kept}
        later = now + timedelta(days=1, minutes=1)
        upkeep.tidy({}, by=command_line(), at=later, lease=Patience())
        assert {path.name for path in lying(app)} == {kept}


class Patience:
    """A lease that never ends."""

    def renew(self) -> None:
        """It goes on anyway."""
