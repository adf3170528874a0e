"""Figures that tests measure, told at the end of the run beside the promise that they keep.

The promises are those of docs/figures.md: `told("kill -9", "kills 200, lost 0")`.
"""

from collections import defaultdict
from typing import Any

import pytest

KEPT = "figure"
RUNNING: list[pytest.Item] = []


def begun(item: pytest.Item) -> None:
    """Note which test is run, since a figure is told from deep within it."""
    RUNNING[:] = [item]


def told(promise: str, figure: str) -> None:
    """Tell a figure of the test that is run."""
    item = RUNNING[0]
    engine = getattr(item, "callspec", None) and item.callspec.params.get("engine")
    item.user_properties.append((KEPT, (promise, f"{figure} ({engine})" if engine else figure)))


def write(reporter: Any) -> None:
    """Write all figures of a run, by promise."""
    found: dict[str, set[str]] = defaultdict(set)
    for reports in reporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == KEPT:
                    found[value[0]].add(value[1])
    if found:
        reporter.section("figures")
    for promise in sorted(found):
        for figure in sorted(found[promise]):
            reporter.line(f"{promise}: {figure}")
