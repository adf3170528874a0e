"""Damaged and forged backups are refused, each of them, and the book in use stays as it is."""

from datetime import UTC, datetime

from crmlite.backups.making import make
from crmlite.backups.refusal import BackupUnusable, CannotTake
from crmlite.backups.restoring import restore
from crmlite.db.keyring import KeyRing, KeysDamaged, WrongCode
from tests.backups.books import book, code, config, hashes, new_place, tree
from tests.backups.forgeries import Forger, with_keys, without_keys
from tests.figures import told

__all__ = ["book", "code", "config", "new_place"]

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def refusal(config, path, code) -> Exception | None:
    """Why a backup is not restored; None when it was."""
    try:
        restore(config, path, lambda: code, at=AT)
    except (BackupUnusable, WrongCode, KeysDamaged) as error:
        return error
    return None


def test_every_damaged_or_forged_backup_is_refused_and_nothing_is_touched(
    book, code, engine, tmp_path
):
    """G19: at least 60 kinds, none accepted, the live data unchanged after each."""
    whole = make(book, tmp_path / "good.zip", at=AT).path
    forger = Forger(whole.read_bytes(), KeyRing.load(book.keys_file))
    files, rows = tree(book.instance), hashes(book)
    path, accepted, tried = tmp_path / "bad.zip", [], 0
    for name, content in [*without_keys(forger), *with_keys(forger, tmp_path, engine)]:
        path.write_bytes(content)
        why = refusal(book, path, code)
        if why is None:
            accepted.append(name)
            break
        assert str(why).endswith("."), name
        assert not (name.startswith("with keys") and isinstance(why, CannotTake)), name
        assert tree(book.instance) == files, name
        tried += 1
    told("damaged backups", f"variants {tried}, accepted {len(accepted)}")
    assert accepted == []
    assert tried >= 60
    assert hashes(book) == rows
    assert refusal(book, whole, code) is None, "the good one is taken"
    assert hashes(book) == rows
