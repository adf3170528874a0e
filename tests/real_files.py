"""Files of real data to test with. They lie outside the project, in CRMLITE_TEST_DATA."""

import json
import os
from pathlib import Path

import pytest


def real_file(*place: str) -> Path:
    """The path of a file, such as `real_file("naughty", "blns.json")`; skips where there is none."""
    folder = os.environ.get("CRMLITE_TEST_DATA")
    if not folder:
        pytest.skip(f"CRMLITE_TEST_DATA names no folder with {'/'.join(place)}")
    return Path(folder, *place)


def naughty_strings(*more: str) -> list[str]:
    """Strings that break things: those of the well-known list, some that it lacks, and `more`."""
    strings = json.loads(real_file("naughty", "blns.json").read_text("utf-8"))
    assert len(strings) > 500
    return [*strings, "\x00", "9" * 5000, "\u202etxet", "=1+1", "a\r\nb", *more]
