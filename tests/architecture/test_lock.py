"""The lock: what is installed is what was locked, and a lock that is not sound is refused."""

from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import check_lock
import runtime_lock
from tests.architecture.project import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def test_the_lock_is_sound_and_installed():
    assert list(check_lock.lock_faults(LOCK)) == []
    assert list(check_lock.install_faults(LOCK)) == []


def test_crmlite_asks_for_what_it_imports():
    assert list(check_lock.import_faults()) == []


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("\nflask==", "\nflaskette==", "is not locked"),
        ("\nflask==3", "\nflask==2", "is asked for"),
        ("\nalembic==", "\n--index-url https://pypi.example/simple\nalembic==", "names a place"),
        ("\nalembic==", "\n--find-links /srv/wheels\nalembic==", "names a place"),
        ("\nalembic==", "\nwithout-hash==1.0\nalembic==", "has no hash"),
    ],
)
def test_a_lock_that_is_not_sound_is_refused(old, new, word):
    assert old in LOCK
    assert any(word in fault for fault in check_lock.lock_faults(LOCK.replace(old, new, 1)))


def test_another_version_than_the_locked_one_is_noticed():
    lock = "click==0.1 \\\n    --hash=sha256:0\nno-such-package==1 \\\n    --hash=sha256:0\n"
    assert len(list(check_lock.install_faults(lock))) == 2
    assert list(check_lock.install_faults("x==1 ; sys_platform == 'plan9'\n")) == []


def test_an_installation_gets_all_that_crmlite_needs_and_no_tools():
    pinned = check_lock.pins(runtime_lock.needed(LOCK))
    assert set(pinned) < set(check_lock.pins(LOCK))
    running, _ = check_lock.asked()
    wanted = {canonicalize_name(one.name) for one in running} | {"hatchling"}
    seen: set[str] = set()
    while wanted - seen:
        seen |= (new := wanted - seen)
        for name in new:
            assert name in pinned
            assert pinned[name][1], f"{name} has no hash"
            asks = [Requirement(line) for line in requires(name) or ()]
            wanted |= {
                canonicalize_name(one.name)
                for one in asks
                if not one.marker or one.marker.evaluate({"extra": ""})
            }
    assert not {"pytest", "playwright", "mypy", "ruff"} & set(pinned)
