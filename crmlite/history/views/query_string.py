"""What the filters of the ledger and of the log of viewings say in the address."""

from collections.abc import Collection
from datetime import date

from flask import request

YEARS = range(1970, 9999)


def asked_id(name: str) -> int | None:
    """An id in the query; None when there is none, or none that can be one."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def asked_of(name: str, known: Collection[str]) -> str:
    """A word in the query that is one of those known; empty for any other."""
    text = request.args.get(name, "")
    return text if text in known else ""


def asked_day(name: str) -> date | None:
    """A day in the query; None when there is none that can be read."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def kept_query(*names: str) -> dict[str, str]:
    """The parts of the query that further pages keep."""
    return {name: request.args[name] for name in names if request.args.get(name)}
