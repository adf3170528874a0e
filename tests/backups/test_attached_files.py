"""What people attached is in the backup and comes back with the book, sealed as it was."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.app import create_app
from crmlite.backups.making import make
from crmlite.backups.restoring import restore
from crmlite.config import Config
from crmlite.extensions import database
from crmlite.files import checks, keeping
from crmlite.files.attachables import Target
from crmlite.files.models import Attachment
from crmlite.files.operations import Kept, attach
from crmlite.work.actors import command_line
from tests.backups.books import book, code, config, new_place

__all__ = ["book", "code", "config", "new_place"]

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CONTENTS = [b"three of them, please", b"", os.urandom(2**20 + 7)]


@pytest.fixture
def attached(app: Flask, book: Config) -> Config:
    """The book with files on its first customer."""
    with app.app_context():
        kept = []
        for place, content in enumerate(CONTENTS):
            uid, size, digest = keeping.keep(BytesIO(content))
            name = f"file {place}"
            kept.append(Kept(uid=uid, name=name, size=size, sha256=digest, media_type="any/thing"))
        target = Target(customer_id=1, owner_id=None, url="/")
        attach("customer", 1, target, kept, most=2**30, by=command_line(), at=clock.now())
        database.session.remove()
        database.engine.dispose()
    return book


def contents(config: Config) -> list[bytes]:
    """What the attached files of a book hold, read by a crmlite that was started on it."""
    app = create_app(config)
    with app.app_context():
        table = Attachment.__table__
        uids = database.session.execute(select(table.c.uid).order_by(table.c.id)).scalars().all()
        found = []
        for uid in uids:
            with keeping.opened(uid) as file:
                found.append(file.read())
        assert [finding.level for finding in checks.check().run(True)] == ["ok"]
        database.session.remove()
        database.engine.dispose()
    return found


@pytest.mark.parametrize("encrypted", [False, True])
def test_they_come_along_to_a_new_machine(
    attached: Config, code: str, new_place: Callable[[], Config], encrypted: bool
) -> None:
    packed = make(attached, at=AT, encrypted=encrypted)
    assert sum(name.startswith("attachments/") for name in packed.manifest.members) == 3
    place = new_place()
    restore(place, packed.path, lambda: code, at=LATER)
    assert contents(place) == CONTENTS


def test_those_there_before_go_aside_with_their_book(attached: Config, code: str) -> None:
    packed = make(attached, at=AT).path
    folder = keeping.folder(attached)
    later = folder / "ab" / "of-a-later-day"
    later.parent.mkdir(exist_ok=True)
    later.write_bytes(b"newer")
    done = restore(attached, packed, lambda: code, at=LATER)
    assert contents(attached) == CONTENTS and not later.exists()
    assert (done.kept / "attachments" / "ab" / later.name).read_bytes() == b"newer"


def test_one_that_was_lost_keeps_nobody_from_backing_up_the_rest(
    attached: Config, code: str, new_place: Callable[[], Config]
) -> None:
    lost = next(path for path in keeping.folder(attached).rglob("*") if path.is_file())
    lost.unlink()
    packed = make(attached, at=AT)
    place = new_place()
    restore(place, packed.path, lambda: code, at=LATER)
    there = [path for path in keeping.folder(place).rglob("*") if path.is_file()]
    assert len(there) == 2 and lost.name not in {path.name for path in there}
