"""Print what of `requirements.lock` crmlite needs to run: the driver for PostgreSQL with it, the tools
for tests and checks without.

    python3 scripts/runtime_lock.py > requirements.txt

Reads who asked for what in the comments of the lock, so that it needs nothing but Python.
"""

import re
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
# A pin with its hashes, and below them who asked for it.
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,]+\])?==.*\n(?:[ ]+.*\n)*", re.MULTILINE)
ASKING = re.compile(r"^ +# +(?:via +)?(\S.*)$", re.MULTILINE)
CRMLITE = "crmlite (pyproject.toml)"
# What the lock has for developers, and an installation needs too: the driver, and what builds crmlite.
BESIDES = ("psycopg", "hatchling")


def needed(lock: str) -> str:
    """The pins of all that crmlite asks for, and of what those ask for."""
    pins = {found["name"]: found[0] for found in PIN.finditer(lock)}
    asking = {name: {*ASKING.findall(pin)} for name, pin in pins.items()}
    wanted = {*BESIDES, *(name for name, by in asking.items() if CRMLITE in by)}
    while more := {name for name, by in asking.items() if by & wanted} - wanted:
        wanted |= more
    return "".join(pin for name, pin in pins.items() if name in wanted)


if __name__ == "__main__":
    sys.stdout.write(needed(LOCK.read_text("utf-8")))
