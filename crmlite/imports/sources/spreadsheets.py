"""Spreadsheets are read by a process of their own that may use so much and no more.

A few kilobytes can unpack to more than a machine has, and a reader that gives up takes its process
along: that must never be the one that serves pages. The child (`spreadsheet_child.py`) writes what
it reads into a file, a row per line.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from crmlite.imports.sources.rows import COLUMNS, Row
from crmlite.imports.sources.unreadable import Unreadable

CHILD = Path(__file__).with_name("spreadsheet_child.py")
PATIENCE = 55.0  # seconds
CODES = {  # what the child says by its exit code
    2: "spreadsheet_broken",
    3: "spreadsheet_protected",
    4: "spreadsheet_too_large",
    5: "spreadsheet_too_wide",
    6: "file_of_another_kind",
}


def unpack(path: Path, folder: Path) -> list[str]:
    """Write the rows of each sheet to a file of `folder`; answers the names of the sheets. Raises
    Unreadable."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with paths that we chose
            [sys.executable, "-I", str(CHILD), str(path), str(folder), str(COLUMNS)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("spreadsheet_too_large") from None
    if done.returncode:
        # Killed by its limits, or by a fault of the library that reads the file.
        raise Unreadable(CODES.get(done.returncode, "spreadsheet_too_large"), most=COLUMNS)
    names: list[str] = json.loads(done.stdout)
    return names


def is_filled(folder: Path, sheet: int) -> bool:
    """Whether a sheet that was unpacked has any row."""
    return (folder / f"{sheet}.rows").stat().st_size > 0


def rows(folder: Path, sheet: int) -> Iterator[Row]:
    """The rows of a sheet that was unpacked."""
    with (folder / f"{sheet}.rows").open(encoding="utf-8") as file:
        for line in file:
            number, cells = json.loads(line)
            yield Row(number, cells)
