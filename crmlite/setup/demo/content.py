"""The demo firm as it is written down in `content/`: people, customers, and what was said."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Raw = Mapping[str, Any]
FOLDER = resources.files(__package__).joinpath("content")


@dataclass(frozen=True, slots=True)
class Content:
    """All of it. `talk` is by language, audience and phase: a list of kinds of talk."""

    firm: Raw
    teams: Sequence[Raw]
    people: Sequence[Raw]
    customers: Sequence[Raw]
    talk: Mapping[str, Mapping[str, Mapping[str, Sequence[Raw]]]]
    papers: Sequence[Raw]


@cache
def content() -> Content:
    """The demo firm, read once."""
    firm = _read("firm.toml")
    trades = sorted(
        entry.name for entry in FOLDER.joinpath("customers").iterdir() if entry.is_file()
    )
    return Content(
        firm=firm,
        teams=firm["team"],
        people=firm["person"],
        customers=[
            customer for trade in trades for customer in _read(f"customers/{trade}")["customer"]
        ],
        talk={lang: _read(f"talk/{lang}.toml") for lang in ("en", "zh")},
        papers=_read("papers.toml")["paper"],
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(FOLDER.joinpath(name).read_text("utf-8"))
