"""Where only one room may do a thing: ask for the time, end a transaction, write SQL by hand."""

import re

import pytest

from tests.architecture.project import ROOT, calls, files, python

ASKS_THE_CLOCK = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime|ctime))$"
)
ENDS_A_TRANSACTION = re.compile(r"\.(commit|rollback|begin)$")
# Rooms and single files that may, with the reason.
MAY_END_A_TRANSACTION = {
    "work": "operations are transactions",
    "db": "it prepares connections and the schema",
    "jobs": "the queue settles what it has done",
    "packs": "a book that cannot be asked has no packs",
    "hooks.py": "what a pack left broken is not to break the page",
    "testing": "it makes books for tests",
    "backups": "a restored book is put right before anyone works with it",
}


def test_only_clock_py_asks_what_time_it_is():
    for name, tree in python("crmlite/"):
        for line, called in calls(tree):
            if name != "crmlite/clock.py":
                assert not ASKS_THE_CLOCK.search(called), f"{name}:{line}: use crmlite.clock"


def test_only_operations_end_transactions():
    for name, tree in python("crmlite/"):
        for line, called in calls(tree):
            if ENDS_A_TRANSACTION.search(called) and not may_end_a_transaction(name):
                pytest.fail(f"{name}:{line}: {called} belongs in an operation")


def may_end_a_transaction(name):
    """Whether a file is excepted, itself or with its room."""
    _package, room, *rest = name.split("/")
    return room in MAY_END_A_TRANSACTION or "/".join((room, *rest)) in MAY_END_A_TRANSACTION


def test_exceptions_from_the_rule_are_still_needed():
    for allowed in MAY_END_A_TRANSACTION:
        used = [
            called
            for name, tree in python("crmlite/")
            if name.removeprefix("crmlite/") == allowed or name.startswith(f"crmlite/{allowed}/")
            for _line, called in calls(tree)
            if ENDS_A_TRANSACTION.search(called)
        ]
        assert used, f"crmlite/{allowed} ends no transaction any more"


def test_views_write_no_sql():
    for name in views():
        source = (ROOT / name).read_text("utf-8")
        for word in (r"\btext\(", r"__table__", r"\.(insert|update|delete)\(\)", r"session\.add\("):
            assert not re.search(word, source), f"{name} has {word}"


def views():
    """The files that answer requests."""
    return [name for name in files() if re.fullmatch(r"crmlite/\w+/views(\.py|/.*\.py)", name)]


@pytest.mark.parametrize(
    ("called", "asks"),
    [
        ("datetime.now", True),
        ("datetime.datetime.utcnow", True),
        ("dt.date.today", True),
        ("time.time", True),
        ("time.monotonic", False),
        ("clock.now", False),
        ("clock.today", False),
        ("self.time", False),
    ],
)
def test_the_clock_is_recognised(called, asks):
    assert bool(ASKS_THE_CLOCK.search(called)) is asks


FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "base",
    "service",
    "misc",
}


def test_files_are_named_after_what_they_hold():
    for name in files():
        stem = name.rpartition("/")[2].partition(".")[0].lstrip("_")
        if name.endswith(".py"):
            assert stem not in FORBIDDEN_NAMES, name
