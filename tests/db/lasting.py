"""What is done so that a file outlives the pulling of the plug, and in which order."""

import os
import stat
from pathlib import Path

import pytest

__all__ = ["disk"]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps there were: `the file is on the disk`, `it has its name`, `the name is on the disk`."""
    done: list[str] = []
    sync, link, replace = os.fsync, os.link, Path.replace

    def synced(handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        done.append("the name is on the disk" if folder else "the file is on the disk")
        sync(handle)

    def linked(*given: object) -> None:
        done.append("it has its name")
        link(*given)  # type: ignore[arg-type]

    def replaced(old: Path, new: Path) -> Path:
        done.append("it has its name")
        return replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(Path, "replace", replaced)
    return done


LASTING = ["the file is on the disk", "it has its name", "the name is on the disk"]
