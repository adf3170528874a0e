"""Figures that tests measure, told at the end of the run beside the promise that they keep.

The promises, and what is aimed at, are those of docs/figures.md. A test that measures something whole
tells it: `told("kill -9", "kills 200, lost 0")`. Where many tests each do a part, each counts its own:
`counted("working time", cases=1)`.
"""

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

KEPT, COUNTED = "figure", "count"
PAGE = Path(__file__).parents[1] / "docs/figures.md"
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \| [^|]+ \| `(?:tests/|test_)", re.MULTILINE)
RUNNING: list[pytest.Item] = []


def begun(item: pytest.Item) -> None:
    """Note which test is run, since a figure is told from deep within it."""
    RUNNING[:] = [item]


def told(promise: str, figure: str) -> None:
    """Tell a figure of the test that is run."""
    item = RUNNING[0]
    engine = getattr(item, "callspec", None) and item.callspec.params.get("engine")
    item.user_properties.append((KEPT, (promise, f"{figure} ({engine})" if engine else figure)))


def counted(promise: str, **numbers: int) -> None:
    """Add to the numbers of a promise; those of all tests are summed."""
    properties = RUNNING[0].user_properties
    for name, value in properties:
        if name == COUNTED and value[0] == promise:
            value[1].update({word: value[1].get(word, 0) + n for word, n in numbers.items()})
            return
    properties.append((COUNTED, (promise, dict(numbers))))


def targets() -> dict[str, str]:
    """What is aimed at, by promise; several promises may stand in one row."""
    rows = ROW.findall(PAGE.read_text("utf-8"))
    return {promise: target for named, target in rows for promise in named.split(", ")}


def write(reporter: Any) -> None:
    """Write all figures of a run, by promise, each beside its target."""
    found: dict[str, set[str]] = defaultdict(set)
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for report in (one for reports in reporter.stats.values() for one in reports):
        for name, value in getattr(report, "user_properties", ()):
            if name == KEPT:
                found[value[0]].add(value[1])
            elif name == COUNTED:
                sums[value[0]]["failed"] += report.failed
                if report.when == "teardown":
                    sums[value[0]].update(value[1])
    for promise, numbers in sums.items():
        found[promise].add(", ".join(f"{word} {number:,}" for word, number in numbers.items()))
    if found:
        reporter.section("figures")
    aims = targets()
    for promise in sorted(found):
        aim = aims.get(promise, "none")
        for figure in sorted(found[promise]):
            reporter.line(f"{promise}: {figure} (target: {aim})")
