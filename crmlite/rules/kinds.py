"""The kinds of things a record can hold, and what may be asked about each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PRESENCE = ("empty", "filled")
EQUALITY = ("is", "is_not")
ORDER = ("at_least", "at_most", "above", "below", "between")
DAYS = ("on", "before", "after", "since", "until", "between", "during")
SETS = ("has_any", "has_all", "has_none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is true of every field of one kind.

    `values` says what its values are in Python and how two of them are compared:
    text (str, without regard to case), key (str, exactly), whole (int), number (int or float),
    day (date), moment (aware UTC datetime, asked about by day), flag (bool), id (int).
    `sealed` ones are encrypted, `sensitive` ones masked, whatever their declaration says.
    """

    name: str
    values: str
    operators: tuple[str, ...]
    sorts: bool = True
    several: bool = False
    sealed: bool = False
    sensitive: bool = False
    longest: int = 200  # characters of one value


TEXT = (*EQUALITY, "contains", "lacks", "starts", *PRESENCE)

ALL = (
    Kind(name="text", values="text", operators=TEXT),
    Kind(
        name="longtext",
        values="text",
        operators=("contains", "lacks", *PRESENCE),
        sorts=False,
        longest=10_000,
    ),
    Kind(name="url", values="text", operators=TEXT, longest=500),
    Kind(name="integer", values="whole", operators=(*EQUALITY, *ORDER, *PRESENCE)),
    Kind(name="number", values="number", operators=(*EQUALITY, *ORDER, *PRESENCE)),
    Kind(name="amount", values="whole", operators=(*ORDER, *PRESENCE), sensitive=True),
    Kind(name="date", values="day", operators=(*DAYS, *PRESENCE)),
    Kind(name="moment", values="moment", operators=(*DAYS, *PRESENCE)),
    Kind(name="boolean", values="flag", operators=("is", *PRESENCE)),
    Kind(name="choice", values="key", operators=(*EQUALITY, *PRESENCE)),
    Kind(name="choices", values="key", operators=(*SETS, *PRESENCE), sorts=False, several=True),
    Kind(name="tags", values="key", operators=(*SETS, *PRESENCE), sorts=False, several=True),
    Kind(name="industry", values="key", operators=(*EQUALITY, *PRESENCE)),
    Kind(name="person", values="id", operators=(*EQUALITY, *PRESENCE)),
    Kind(name="team", values="id", operators=(*EQUALITY, *PRESENCE)),
    Kind(
        name="phone",
        values="text",
        operators=("is", "ends", *PRESENCE),
        sorts=False,
        sealed=True,
        sensitive=True,
    ),
    Kind(
        name="email",
        values="text",
        operators=("is", *PRESENCE),
        sorts=False,
        sealed=True,
        sensitive=True,
        longest=254,
    ),
    Kind(
        name="im",
        values="text",
        operators=("is", *PRESENCE),
        sorts=False,
        sealed=True,
        sensitive=True,
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in ALL})
"""Every kind by its name, as written in `Field(kind=…)`."""
