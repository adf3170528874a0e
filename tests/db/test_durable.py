"""A private file is there whole or not at all: killed, raced for, or without room on the disk."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crmlite.db import durable
from tests.db.lasting import LASTING, disk

__all__ = ["disk"]

OLD = b"old " * 5000
NEW = b"new " * 5000

# Ends itself, as by kill -9, just before the n-th thing it does to a file.
KILLED = """
import os, sys
from pathlib import Path
from crmlite.db import durable

steps = iter(range(int(sys.argv[3])))
def die(event, arguments):
    if event in {"open", "os.rename", "os.link", "os.remove"} and next(steps, None) is None:
        os._exit(9)
path, new = Path(sys.argv[1]), b"new " * 5000
sys.addaudithook(die)
getattr(durable, sys.argv[2])(path, new)
os._exit(0)
"""

RACING = """
import sys
from pathlib import Path
from crmlite.db import durable

sys.stdin.readline()
try:
    durable.create(Path(sys.argv[1]), sys.argv[2].encode() * 20000)
except FileExistsError:
    sys.exit(3)
"""


def python(program: str, *arguments: object, **more) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], **more)


def test_replacing_leaves_the_new_content_alone_in_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    durable.replace(path, OLD)
    durable.replace(path, NEW)
    assert path.read_bytes() == NEW
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [durable.replace, durable.create])
def test_only_the_owner_may_read_the_file(write, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path / "keys.json", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("write", [durable.replace, durable.create])
def test_a_file_is_on_the_disk_before_it_has_its_name(write, tmp_path: Path, disk) -> None:
    write(tmp_path / "keys.json", NEW)
    assert disk == LASTING


def test_creating_never_replaces(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    durable.create(path, OLD)
    with pytest.raises(FileExistsError):
        durable.create(path, NEW)
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_killed_at_any_step_of_replacing_the_old_or_the_new_file_is_there(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    seen = []
    for steps in range(20):
        path.write_bytes(OLD)
        code = python(KILLED, path, "replace", steps).wait()
        seen.append(path.read_bytes())
        assert seen[-1] in (OLD, NEW)
        if code == 0:
            break
    assert code == 0, "the last run was not killed"
    assert len(seen) >= 4
    assert OLD in seen
    assert seen[-1] == NEW


def test_killed_before_the_rename_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(OLD)
    assert python(KILLED, path, "replace", 2).wait() == 9
    assert path.read_bytes() == OLD
    (written,) = set(tmp_path.iterdir()) - {path}
    assert written.read_bytes() == NEW, "it was killed between writing and renaming"
    durable.replace(path, NEW)
    assert path.read_bytes() == NEW


def test_killed_at_any_step_of_creating_the_file_is_whole_or_missing(tmp_path: Path) -> None:
    seen = []
    for steps in range(20):
        path = tmp_path / f"{steps}.json"
        code = python(KILLED, path, "create", steps).wait()
        seen.append(path.read_bytes() if path.exists() else None)
        assert seen[-1] in (None, NEW)
        if code == 0:
            break
    assert code == 0
    assert len(seen) >= 4
    assert None in seen
    assert seen[-1] == NEW


def test_of_many_creators_one_wins_and_its_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    racers = [python(RACING, path, name, stdin=subprocess.PIPE) for name in "abcdef"]
    for racer in racers:
        racer.stdin.write(b"\n")
        racer.stdin.close()
    codes = [racer.wait() for racer in racers]
    assert sorted(codes) == [0, 3, 3, 3, 3, 3]
    assert path.read_bytes() == "abcdef"[codes.index(0)].encode() * 20000
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [durable.replace, durable.create])
def test_without_room_nothing_is_left_behind(write, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    durable.replace(kept, OLD)
    path = kept if write is durable.replace else tmp_path / "new.json"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write(path, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert kept.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [kept]


def test_replacing_into_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        durable.replace(tmp_path / "nowhere" / "keys.json", NEW)
