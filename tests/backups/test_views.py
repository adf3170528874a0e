"""The page of backups: managers see how things stand, have one made and take one away."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.backups import archive, operations, places
from crmlite.backups.refusal import BackupRefused
from crmlite.extensions import database
from crmlite.jobs.models import Job
from crmlite.testing import csrf_token
from crmlite.work import actors
from crmlite.work.ledger import ActorRow, ChangeRow, OperationRow
from tests.backups.books import book, code, config, new_place

__all__ = ["book", "code", "config", "new_place"]

PAGE = "/settings/backups"
BY = actors.command_line()


@pytest.fixture
def made(app, book):
    """A backup in the usual folder."""
    with app.app_context():
        done = operations.make(by=BY, at=clock.now() - timedelta(hours=2))
        database.session.remove()
    return done


def sent(client, address: str, **more):
    """A form of this client."""
    return client.post(address, data={"csrf_token": csrf_token(client, PAGE)}, **more)


def test_a_manager_sees_the_backups_and_how_safe_the_book_is(made, sign_in):
    page = sign_in("manager").get(PAGE)
    assert page.status_code == 200
    assert made.path.name in page.text
    assert "Last good backup" in page.text
    assert "Last restored on trial" in page.text


def test_in_chinese_as_well(made, sign_in):
    page = sign_in("manager", lang="zh").get(PAGE).text
    for word in ("备份", "恢复演练", "立即备份", "文件大小"):
        assert word in page


@pytest.mark.parametrize("login", ["sales", "support"])
def test_nobody_else_sees_makes_or_takes_one(login, made, sign_in):
    client = sign_in(login)
    token = csrf_token(sign_in("manager"), PAGE)
    assert client.get(PAGE).status_code == 403
    data = {"csrf_token": token}
    assert client.post(PAGE, data=data).status_code in (400, 403)
    taken = client.post(f"{PAGE}/{made.path.name}/download", data=data)
    assert taken.status_code in (400, 403)
    assert b"PK" not in taken.data[:4]


def test_without_any_backup_the_page_says_what_to_do(app, sign_in):
    page = sign_in("manager").get(PAGE).text
    assert "There is no backup yet" in page
    assert "Back up now" in page


def test_back_up_now_asks_for_one_once(app, sign_in):
    client = sign_in("manager")
    assert sent(client, PAGE).status_code == 303
    assert "being made" in client.get(PAGE).text
    assert "Back up now" not in client.get(PAGE).text
    sent(client, PAGE)
    with app.app_context():
        kinds = select(Job.__table__.c.kind).where(Job.__table__.c.kind == operations.BY_HAND)
        assert len(database.session.execute(kinds).all()) == 1
        database.session.remove()


def test_the_part_alone_is_what_htmx_gets(made, sign_in):
    client = sign_in("manager")
    part = client.get(PAGE, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="backups"')
    answer = sent(client, PAGE, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="backups"')


def test_a_download_is_the_file_and_stands_in_the_ledger(app, made, sign_in):
    client = sign_in("manager")
    taken = sent(client, f"{PAGE}/{made.path.name}/download")
    assert taken.status_code == 200
    assert taken.data == made.path.read_bytes()
    assert archive.Archive(io.BytesIO(taken.data)).manifest == made.manifest
    assert taken.headers["Content-Type"] == "application/zip"
    assert made.path.name in taken.headers["Content-Disposition"]
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["Cache-Control"] == "no-store"
    taken.close()
    operation, change, actor = (m.__table__ for m in (OperationRow, ChangeRow, ActorRow))
    with app.app_context():
        found = database.session.execute(
            select(operation.c.name, actor.c.name.label("who"), change.c.diff)
            .join(actor, actor.c.id == operation.c.actor_id)
            .join(change, change.c.operation_id == operation.c.id)
            .order_by(operation.c.id.desc())
        ).first()
        database.session.remove()
    assert tuple(found) == (
        "backup_downloaded",
        "Grace Shen",
        {"downloaded": [None, made.path.name]},
    )


@pytest.mark.parametrize(
    "name",
    [
        "crmlite-20200101T000000Z.zip",
        "keys.json",
        "crmlite.db",
        "..%2Fkeys.json",
        "%2Fetc%2Fpasswd",
        "crmlite-20200101T000000Z.zip%00",
    ],
)
def test_nothing_but_a_backup_is_handed_out(name, made, sign_in):
    assert sent(sign_in("manager"), f"{PAGE}/{name}/download").status_code in (400, 404)


def test_a_failed_backup_is_shown_with_its_reason(app, book, sign_in):
    book.backups_folder.write_text("a file where the folder should be")
    with app.app_context():
        with pytest.raises(BackupRefused):
            operations.make(by=BY, at=clock.now())
        database.session.remove()
    client = sign_in("manager", lang="zh")
    page = client.get(PAGE).text
    assert "失败" in page
    assert "无法把备份写入" in page


def test_a_file_from_elsewhere_is_shown_and_can_be_taken(app, made, sign_in):
    """After a restore the folder holds newer backups than the book knows of."""
    later = made.path.with_name(places.file_name(clock.now()))
    made.path.rename(later)
    client = sign_in("manager")
    page = client.get(PAGE).text
    assert later.name in page
    assert made.path.name not in page, "its file is gone"
    taken = sent(client, f"{PAGE}/{later.name}/download")
    assert taken.data == later.read_bytes()
    taken.close()


def test_the_settings_lead_to_it(app, sign_in):
    assert PAGE in sign_in("manager").get("/settings").text
    assert PAGE not in sign_in("sales").get("/settings").text
