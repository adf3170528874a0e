"""Which tests a run of the whole suite holds: what takes long without telling more is for the night.

A page, a form, a pack is tested on one of the two engines, half of them on either, unless it lies in a
folder that is about the database itself; `make nightly` runs the other, and a run of some files
or of `-k` some words leaves nothing out.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import pytest

from tests import figures
from tests.applications import ENGINES

WHOLE = "CRMLITE_TESTS_WHOLE"  # in the environment, so that processes of the run know
HERE = Path(__file__).parent
ON_BOTH = tuple(
    HERE / name
    for name in (
        "backups",
        "customers/duplicates",
        "customers/operations",
        "db",
        "faults",
        "history/queries",
        "jobs",
        "rules",
        "search",
        "segments",
        "serving",
        "strategies",
        "tiers",
        "work",
    )
)


def note_what_is_run(config: pytest.Config) -> None:
    """Note, in the process that leads the others, whether the whole suite is run."""
    option = config.option
    picks = (
        option.keyword,
        getattr(option, "lf", False),
        option.deselect,
        option.ignore,
        option.ignore_glob,
    )
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(picks)
    os.environ[WHOLE] = "yes" if whole else ""


def mark_what_tells_figures(items: Sequence[pytest.Item]) -> None:
    """Mark the tests of files that tell figures; `make nightly` runs them all."""
    telling = (figures, figures.told, figures.counted)
    for item in items:
        names = vars(getattr(item, "module", None) or object)
        if any(value is one for value in names.values() for one in telling):
            item.add_marker(pytest.mark.figure)


def leave_for_the_night(items: Sequence[pytest.Item]) -> None:
    """Mark as slow what one of the engines tells as well as the other."""
    if not os.environ.get(WHOLE):
        return
    engines: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if _engine(item) and not item.get_closest_marker("slow"):
            engines[_test(item)].add(_engine(item))
    for item in items:
        there = sorted(engines.get(_test(item), ()))
        if len(there) < len(ENGINES) or _is_about_databases(item):
            continue
        if _engine(item) != there[crc32(_test(item).encode()) % len(there)]:
            item.add_marker(pytest.mark.slow)


def _engine(item: pytest.Item) -> str:
    """The engine that a test is run on; empty for one that asks for none."""
    called = getattr(item, "callspec", None)
    return str(called.params.get("engine", "")) if called else ""


def _test(item: pytest.Item) -> str:
    """What tells a test from others, whichever engine it is run on."""
    path, _colons, name = item.nodeid.partition("::")
    return f"{path}::{name.replace(_engine(item), '')}" if _engine(item) else item.nodeid


def _is_about_databases(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in ON_BOTH)


def begin_with_the_longest(items: list[pytest.Item]) -> None:
    """Have what takes minutes begun first, so that not one process alone is left with it at the end."""
    items.sort(key=lambda item: not item.get_closest_marker("long"))
