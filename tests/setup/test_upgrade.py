"""An upgrade: a backup first, then all of it or nothing."""

import shutil
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from crmlite import cli, clock
from crmlite.db import migrate
from crmlite.extensions import database
from crmlite.jobs import running
from crmlite.jobs.models import PARKED, Job
from crmlite.setup import settling
from crmlite.setup.fitness import Behind, require_fit
from crmlite.setup.upgrade import NotSettled, UpgradeFailed, upgrade

NEXT = '''"""A migration of this test."""

from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.execute("CREATE TABLE later (id INTEGER)")
    {more}


def downgrade():
    op.execute("DROP TABLE later")
'''


@pytest.fixture
def released(tmp_path, monkeypatch):
    """Makes the book one of an older crmlite by adding a migration."""

    def write(more="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(migrate.folder(), folder)
        source = NEXT.format(head=migrate.head(), more=more)
        (folder / "versions" / "9999_next.py").write_text(source)
        monkeypatch.setattr(migrate, "folder", lambda: folder)

    return write


def tables():
    with database.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM later")).scalar()


def test_a_book_of_an_older_crmlite_is_backed_up_and_brought_up_to_date(inside, released):
    config = inside.extensions["crmlite.config"]
    released()
    with pytest.raises(Behind, match="crmlite upgrade"):
        require_fit(config)
    said = []
    kept = upgrade(said.append)
    require_fit(config)
    assert tables() == 0
    assert zipfile.is_zipfile(kept)
    assert any(str(kept) in line for line in said)


def test_an_upgrade_that_fails_is_taken_back_and_names_the_backup(inside, released):
    config = inside.extensions["crmlite.config"]
    released('op.execute("SELECT nonsense FROM nowhere")')
    with pytest.raises(UpgradeFailed) as failure:
        upgrade(print)
    assert str(next(config.backups_folder.glob("*.zip"))) in str(failure.value)
    with pytest.raises(Behind):
        require_fit(config)
    with pytest.raises(Exception, match="later"):
        tables()


def test_without_a_backup_nothing_is_upgraded(inside, released, monkeypatch):
    released()

    def fails(_config):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crmlite.setup.upgrade.backup", fails)
    with pytest.raises(OSError, match="No space"):
        upgrade(print)
    with pytest.raises(Behind):
        require_fit(inside.extensions["crmlite.config"])


def test_figures_that_cannot_be_counted_are_an_error_and_can_be_counted_later(
    inside, released, monkeypatch
):
    released()
    said = []
    with monkeypatch.context() as broken:
        broken.setattr("crmlite.setup.settling.rebuild", lambda *_, **__: 1 / 0)
        with pytest.raises(NotSettled, match="crmlite upgrade again"):
            upgrade(said.append)
    require_fit(inside.extensions["crmlite.config"])
    assert not any("up to date" in line for line in said)
    assert settling.waiting() is not None
    at = clock.now() + timedelta(days=1)
    assert running.do_now(settling.waiting(), at)
    assert settling.waiting() is None


def test_asked_again_it_counts_at_once_what_was_to_be_tried_later(inside, released, monkeypatch):
    fail_to_count(released, monkeypatch)
    said = []
    upgrade(said.append)  # as the sentence asked for
    assert settling.waiting() is None
    assert said[-1] == "The book is up to date."
    assert not any("Somebody is at it" in line for line in said)


def test_a_book_whose_figures_were_given_up_is_not_up_to_date_until_they_are_counted(
    inside, released, monkeypatch
):
    fail_to_count(released, monkeypatch)
    table = Job.__table__
    with database.engine.begin() as connection:
        parked = {"state": PARKED, "attempts": 5, "finished_at": clock.now()}
        connection.execute(table.update().where(table.c.kind == "settle-upgrade").values(parked))
    counted = []
    monkeypatch.setattr("crmlite.setup.settling.rebuild", lambda *_, **__: counted.append(1))
    upgrade(lambda _line: None)
    assert counted == [1]
    upgrade(lambda _line: None)
    assert counted == [1]


def fail_to_count(released, monkeypatch):
    """An upgrade after which figures could not be counted."""
    released()
    with monkeypatch.context() as broken:
        broken.setattr("crmlite.setup.settling.rebuild", lambda *_, **__: 1 / 0)
        with pytest.raises(NotSettled, match="crmlite upgrade again"):
            upgrade(lambda _line: None)


def test_nothing_to_do_makes_no_backup(inside):
    said = []
    assert upgrade(said.append) is None
    assert said == ["The book is up to date."]
    assert not inside.extensions["crmlite.config"].backups_folder.exists()


def test_a_failed_backup_is_one_sentence_on_the_command_line():
    from crmlite.backups.refusal import BackupFailed

    assert cli._sentence(BackupFailed("The disk is full.")) == "The disk is full."
