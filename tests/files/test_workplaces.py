"""Private folders for work."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crmlite.files.workplaces import workplace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with workplace(tmp_path, "made-", NOW, forgotten=HOUR) as place:
        assert place.stat().st_mode & 0o077 == 0
        (place / "file").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_goes_and_what_is_at_work_stays(tmp_path: Path) -> None:
    for name, age in (("made-old", 2 * HOUR), ("made-new", HOUR / 2), ("other-old", 2 * HOUR)):
        (tmp_path / name).mkdir()
        at = (NOW - age).timestamp()
        os.utime(tmp_path / name, (at, at))
    with workplace(tmp_path, "made-", NOW, forgotten=HOUR):
        pass
    assert sorted(one.name for one in tmp_path.iterdir()) == ["made-new", "other-old"]


def test_another_that_goes_meanwhile_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(self: Path, _pattern: str) -> list[Path]:
        return [self / "made-by-another-that-is-done-with-it"]

    monkeypatch.setattr(Path, "glob", listed)
    with workplace(tmp_path, "made-", NOW, forgotten=HOUR) as place:
        assert place.is_dir()
