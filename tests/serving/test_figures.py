"""What serving costs: memory of the whole tree after load, and time until everything is there."""

import re
import time
from pathlib import Path

import pytest

from crmlite.testing import PASSWORD
from tests.figures import told
from tests.serving.house import House

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["sqlite"])]

MOST_MB = 150
READY_SECONDS = 5
PAGES = ("/today", "/customers", "/search?q=科技", "/settings/jobs", "/profile")


def megabytes(house):
    """The memory of all processes, each shared page counted once (PSS)."""
    total = 0
    for pid in house.tree():
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])
    return total / 1024


def test_the_whole_tree_stays_small_after_load(open_house):
    house = open_house()
    house.ready()
    for _ in range(6):  # whichever process answers, it has seen a sign-in and every page
        cookie = house.sign_in("manager", PASSWORD)
        for page in PAGES * 10:
            assert house.get(page, cookie=cookie)[0] == 200
    measured = megabytes(house)
    told("memory", f"{measured:.0f} MB, target {MOST_MB}")
    assert measured <= MOST_MB


def test_it_is_ready_soon(app):
    began = time.monotonic()
    house = House(app.extensions["crmlite.config"])
    try:
        assert house.get("/sign-in")[0] == 200
        first = time.monotonic() - began
        house.ready()
        ready = time.monotonic() - began
    finally:
        house.close()
    told("start", f"first page {first:.2f} s, ready {ready:.2f} s, target {READY_SECONDS}")
    assert ready < READY_SECONDS
