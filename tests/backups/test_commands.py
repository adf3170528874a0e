"""The commands `backup`, `restore`, `check` and `keys`, as people type them."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select, text

from crmlite.backups import places
from crmlite.customers.models import Customer
from crmlite.db import migrate
from crmlite.db.instance_lock import serving
from crmlite.db.keyring import KeyRing
from crmlite.db.recovery import new_code
from crmlite.db.sealing import key_of, open_sealed
from tests.backups.books import SECRET, book, code, config, hashes, new_place, tree
from tests.commands import command

__all__ = ["book", "code", "command", "config", "new_place"]

LEDGER = ("backup", "operation", "change", "actor", "seal", "sealed_operation", "job")


def test_one_file_and_the_code_move_a_book_to_a_new_machine(
    command, book, code, new_place, tmp_path
):
    path = tmp_path / "taken along.zip"
    made = command(book, "backup", path)
    assert made.returncode == 0, made.stderr
    assert str(path) in made.stdout
    place = new_place()
    restored = command(place, "restore", path, "--code-stdin", given=f"{code.lower()}\n")
    assert restored.returncode == 0, restored.stderr
    assert "Restored" in restored.stdout
    assert hashes(place, but=LEDGER) == hashes(book, but=LEDGER)
    checked = command(place, "check")
    assert checked.returncode == 0, checked.stdout
    with migrate.passing_engine(place.url, 5) as engine, engine.connect() as connection:
        last = "SELECT name FROM operation ORDER BY id DESC LIMIT 1"
        assert connection.execute(text(last)).scalar() == "backup_restored"


def test_a_backup_is_tried_with_its_code_while_the_book_is_served(
    command, book, code, new_place, tmp_path
):
    path = tmp_path / "x.zip"
    assert command(book, "backup", path).returncode == 0
    before = tree(book.instance), hashes(book)
    with serving(book):
        tried = command(book, "restore", path, "--dry-run", "--code-stdin", given=f"{code}\n")
    assert tried.returncode == 0, tried.stderr
    assert "can be restored" in tried.stdout
    assert (tree(book.instance), hashes(book)) == before
    wrong = command(book, "restore", path, "--dry-run", "--code-stdin", given=f"{new_code()}\n")
    assert wrong.returncode == 1
    place = new_place()
    assert command(place, "restore", path, "--dry-run", given=f"{code}\n").returncode == 0
    assert not place.keys_file.exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_wrong_code_is_a_sentence_and_changes_nothing(command, book, tmp_path):
    path = tmp_path / "x.zip"
    assert command(book, "backup", path).returncode == 0
    before = tree(book.instance), hashes(book)
    refused = command(book, "restore", path, "--code-stdin", given=f"{new_code()}\n")
    assert refused.returncode == 1
    assert "another book" in refused.stderr
    assert "Nothing was changed" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (tree(book.instance), hashes(book)) == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_typed_by_hand_a_mistyped_code_may_be_typed_again(command, book, code, tmp_path):
    path = tmp_path / "x.zip"
    assert command(book, "backup", path).returncode == 0
    restored = command(book, "restore", path, given=f"{code[:-1]}7\nAAAA\n{code}\n")
    if "Group 7" in restored.stderr:  # else the wrong character was the right one by chance
        assert "4 were typed" in restored.stderr
    assert restored.returncode == 0, restored.stderr
    assert list(book.instance.glob("data.before-restore-*"))


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("name", "said"), [("missing.zip", "No such file"), ("folder", "directory"), ("x.zip", "not a")]
)
def test_a_file_of_no_use_is_a_sentence(command, name, said, book, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "x.zip").write_bytes(b"PK")
    refused = command(book, "restore", tmp_path / name, "--code-stdin", given="x\n")
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_served_instance_is_not_restored(command, book, code, tmp_path):
    path = tmp_path / "x.zip"
    assert command(book, "backup", path).returncode == 0
    with serving(book):
        refused = command(book, "restore", path, "--code-stdin", given=code)
    assert refused.returncode == 1
    assert "stop crmlite first" in refused.stderr


def test_check_has_a_line_for_everything_it_looked_at(command, book):
    assert command(book, "backup").returncode == 0
    checked = command(book, "check")
    lines = checked.stdout.splitlines()
    assert checked.returncode == 0, checked.stdout
    for label in ("Database", "Integrity", "References", "Schema", "Ledger", "Keys", "Backups"):
        assert [line for line in lines if re.match(rf"(ok|warning) +{label}: \S", line)], label
    assert not [line for line in lines if line.startswith("wrong")]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_check_says_that_there_is_no_book(command, new_place):
    checked = command(new_place(), "check")
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr


@pytest.mark.parametrize("engine", ["sqlite"])
def test_exported_keys_bring_a_book_back_that_lost_its_own(command, book, code, tmp_path):
    path = tmp_path / "keys.locked"
    assert command(book, "keys", "export", path).returncode == 0
    assert path.stat().st_mode & 0o077 == 0
    again = command(book, "keys", "export", path)
    assert again.returncode == 1
    assert "left as it is" in again.stderr
    content = book.keys_file.read_bytes()
    refused = command(book, "keys", "import", path, "--code-stdin", given=code)
    assert refused.returncode == 1
    assert book.keys_file.read_bytes() == content
    book.keys_file.unlink()
    wrong = command(book, "keys", "import", path, "--code-stdin", given=new_code())
    assert wrong.returncode == 1
    assert not book.keys_file.exists()
    done = command(book, "keys", "import", path, "--code-stdin", given=code)
    assert done.returncode == 0, done.stderr
    assert KeyRing.load(book.keys_file).secret("ledger")
    assert command(book, "check").returncode == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_keys_of_another_book_are_not_taken(command, book, tmp_path):
    other, code = KeyRing.create(tmp_path / "other.json")
    (tmp_path / "locked").write_bytes(other.wrap_ring())
    book.keys_file.unlink()
    refused = command(book, "keys", "import", tmp_path / "locked", "--code-stdin", given=code)
    assert refused.returncode == 1
    assert "another book" in refused.stderr
    assert not book.keys_file.exists()


def values(config) -> list[tuple[str, str]]:
    """The key of each sealed address, and what it says."""
    table, ring = Customer.__table__, KeyRing.load(config.keys_file)
    with migrate.passing_engine(config.url, 5) as engine, engine.connect() as connection:
        rows = connection.execute(select(table.c.uid, table.c.address)).all()
    return [
        (key_of(row.address), open_sealed(ring, row.address, ("customer", "address", row.uid)))
        for row in rows
    ]


def test_rotated_keys_seal_at_once_and_reseal_in_the_background(command, book, code, tmp_path):
    before = KeyRing.load(book.keys_file).active
    rotated = command(book, "keys", "rotate", "--new-code")
    assert rotated.returncode == 0, rotated.stderr
    ring = KeyRing.load(book.keys_file)
    assert ring.active != before
    assert ring.active in rotated.stdout
    assert set(values(book)) == {(before, SECRET)}
    reseal(book)
    assert set(values(book)) == {(ring.active, SECRET)}
    counted = command(book, "check").stdout
    assert f"Key {before} seals 0 values." in counted
    assert f"Key {ring.active}, the active one, seals 30 values." in counted
    new = re.search(r"^Recovery code: (\S+)$", rotated.stdout, re.MULTILINE)[1]
    path = tmp_path / "x.zip"
    assert command(book, "backup", path).returncode == 0
    assert command(book, "restore", path, "--code-stdin", given=code).returncode == 1
    assert command(book, "restore", path, "--code-stdin", given=new).returncode == 0


def reseal(config) -> None:
    """Do the background work that is waiting, as a worker does."""
    from crmlite import clock
    from crmlite.app import create_app
    from crmlite.extensions import database
    from crmlite.jobs import queue, running, signs

    app = create_app(config)
    with app.app_context():
        owner = signs.Identity.new(clock.now()).owner
        done = []
        while claimed := queue.claim(owner, clock.now()):
            done.append(claimed.kind.name)
            assert running.do(claimed), claimed
        assert done == ["reseal-values"]
        database.session.remove()
        database.engine.dispose()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_backups_lie_in_the_folder_that_the_page_shows(command, book):
    assert command(book, "backup").returncode == 0
    (made,) = places.files(book.backups_folder)
    assert places.made_at(made.name)
    assert Path(made).parent == book.instance / "backups"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_no_backup_is_not_written_over(command, book, tmp_path):
    path = tmp_path / "letter.zip"
    path.write_text("Dear Ada")
    refused = command(book, "backup", path)
    assert refused.returncode == 1
    assert "is there already and is no backup" in refused.stderr
    assert path.read_text() == "Dear Ada"
    path.write_bytes(b"")
    assert command(book, "backup", path).returncode == 0
    assert command(book, "backup", path).returncode == 0, "an earlier backup may be replaced"


def test_check_knows_of_a_backup_that_was_put_elsewhere(command, book, tmp_path):
    before = command(book, "check").stdout
    assert "There is no backup yet." in before
    assert command(book, "backup", tmp_path / "x.zip").returncode == 0
    after = command(book, "check").stdout
    assert "There is no backup yet." not in after
    assert "The newest backup, x.zip, was put outside the usual folder." in after


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_folder_without_a_book_has_nothing_to_keep(command, book, code, new_place, tmp_path):
    path = tmp_path / "x.zip"
    assert command(book, "backup", path).returncode == 0
    place = new_place()
    place.instance.mkdir(exist_ok=True)
    place.secret_file.write_bytes(b"s" * 32)
    restored = command(place, "restore", path, "--code-stdin", given=f"{code}\n")
    assert restored.returncode == 0, restored.stderr
    assert "is kept in" not in restored.stdout
    again = command(place, "restore", path, "--code-stdin", given=f"{code}\n")
    assert "is kept in" in again.stdout
