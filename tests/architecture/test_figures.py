"""Every figure that a test tells stands in docs/figures.md beside what is aimed at."""

import re

from tests.architecture.project import ROOT, files
from tests.figures import targets

IMPORTED = re.compile(r"^from tests(?:\.figures import| import figures)", re.MULTILINE)
TOLD = re.compile(r"\b(?:told|counted)\(\s*\"([^\"]+)\",")


def test_each_promise_has_its_target():
    told = promises()
    assert len(told) > 30
    assert told - set(targets()) == set()


def test_each_target_has_a_test_that_tells_the_figure():
    assert set(targets()) - promises() == set()


def promises() -> set[str]:
    """What tests tell figures of."""
    texts = [
        (ROOT / name).read_text("utf-8")
        for name in files()
        if name.startswith("tests/") and name.endswith(".py")
    ]
    telling = [text for text in texts if IMPORTED.search(text)]
    return {promise for text in telling for promise in TOLD.findall(text)}
