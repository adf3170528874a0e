"""A full disk: what does not fit is refused whole, what was saved stays, and reading goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crmlite import clock
from crmlite.accounts.models import Team, User
from crmlite.app import create_app
from crmlite.backups import proof
from crmlite.backups.making import make
from crmlite.backups.refusal import BackupFailed
from crmlite.db.keyring import KeyRing
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.testing import SignIn, config_for
from crmlite.work import StorageFull, actors
from crmlite.work.chain import seal_ledger
from tests.customers.records import add
from tests.faults.processes import nursery
from tests.figures import told
from tests.files.sending import attach, lying

MB = 2**20
team = Team.__table__


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of 8 MB. Making one needs the rights of root, as the tests have in a container."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can make a small disk to fill")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def config(disk, sqlite_template):
    """A book on the small disk."""
    shutil.copytree(sqlite_template, disk / "instance")
    return config_for(disk / "instance")


def leave(disk: Path, free: int) -> None:
    """Fill the disk up to so many bytes."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    room = shutil.disk_usage(disk).free - free
    with ballast.open("wb") as file:
        file.write(b"\1" * max(room, 0))
    assert abs(shutil.disk_usage(disk).free - free) <= 4096


def keys() -> set[str]:
    """The keys of all teams."""
    found = set(database.session.execute(select(team.c.key)).scalars())
    database.session.rollback()
    return found


def test_what_does_not_fit_is_refused_whole_and_what_was_saved_stays(config, disk, tmp_path):
    """G15, the database: full at many points of a transaction, of the journal, of sealing."""
    app = create_app(config)
    levels = kept = 0
    with nursery(config, tmp_path) as forked, app.app_context():
        for free in (0, 4096, 20_000, 70_000, 300_000, 1_000_000):
            before = keys()
            leave(disk, free)
            child = forked("fill", name=f"row {free}", times=20_000)
            assert forked.wait(child) == 0
            *saved, last = child.said()
            assert last[0] == "full", "the disk was big enough for everything"
            written = {key for _word, key in saved}
            assert keys() == before | written | {f"{key} twin" for key in written}
            levels, kept = levels + 1, kept + len(written)
            people = select(func.count()).select_from(User.__table__)
            assert database.session.execute(people).scalar() == 4, "readers read on"
            database.session.rollback()
            with suppress(StorageFull):  # room may be left in the journal
                seal_ledger(by=actors.job("seal-ledger"), at=clock.now())
            (disk / "ballast").unlink()
            again = forked("fill", name=f"again {free}", times=5)
            assert forked.wait(again) == 0
            assert [word for word, _key in again.said()] == ["saved"] * 5
            seal_ledger(by=actors.job("seal-ledger"), at=clock.now())
            assert proof.problems(database.session.connection(), ring()) == []
            database.session.rollback()
        database.session.remove()
        database.engine.dispose()
    told("full disk", f"levels {levels}, saved {kept}, all of it there, nothing else")


def everything(folder: Path) -> dict[str, int]:
    """The files in a folder with their sizes, but for those that SQLite keeps beside a book."""
    return {
        str(path): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.mark.parametrize("free", [0, 10_000, 100_000, 400_000])
def test_a_backup_that_does_not_fit_leaves_nothing(free, config, disk):
    at = clock.now()
    first = make(config, at=at)
    leave(disk, free)
    before = everything(disk)
    with pytest.raises(BackupFailed, match="no room"):
        make(config, first.path, at=at)
    assert everything(disk) == before


def test_attached_files_that_do_not_fit_leave_nothing(config, disk):
    app = create_app(config)
    add(app, "sales")
    client = SignIn(app)("sales")
    leave(disk, 700_000)
    small, large = ("small.txt", b"x" * 100_000), ("large.txt", b"y" * 2_000_000)
    answer = attach(client, "customer/1", small, large)
    assert answer.status_code == 507
    assert "The disk is full" in answer.text
    assert lying(app) == []
    assert attach(client, "customer/1", small).status_code == 303
    assert len(lying(app)) == 1
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


def test_keys_that_cannot_be_written_stay_as_they_are(config, disk):
    held = KeyRing.load(config.keys_file)
    before, content = held.active, config.keys_file.read_bytes()
    leave(disk, 0)
    with pytest.raises(OSError, match="No space left"):
        held.rotate()
    assert held.active == before
    assert config.keys_file.read_bytes() == content
    assert not list(config.instance.glob(".keys*"))
