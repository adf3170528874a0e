"""Values that settings give: "at least so many orders as the firm calls many", "so long ago as the
firm calls long". The condition names the setting, so that it asks for what is set now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crmlite.rules.conditions.dates import MOST, FromToday

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
AGO, AHEAD = "ago", "ahead"
WAYS = ("", AGO, AHEAD)


@dataclass(frozen=True, slots=True)
class FromSetting:
    """The whole number that a setting holds, by its name; of an amount, so many whole units of the
    firm's currency. Asked of a day, `FromSetting("silent_days", "ago")` is so many days ago, and
    with "ahead" so many days from today."""

    name: str
    days: str = ""

    def __post_init__(self) -> None:
        """Refuse what names no setting, with ValueError."""
        if not NAME.fullmatch(self.name) or self.days not in WAYS:
            raise ValueError("A setting is named like `silent_days`; its days lie ago or ahead.")

    def __str__(self) -> str:
        return f"{self.days}:{self.name}" if self.days else self.name


@dataclass(frozen=True, slots=True)
class Figures:
    """What settings say now: whole numbers by their names, and how many minor units make one whole
    unit of the firm's currency."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    minor: int = 100

    def of(self, value: FromSetting, kind: str) -> int | FromToday | None:
        """What is meant where a field of a kind is asked; None for a setting that is not there, and
        for days further away than a condition can ask."""
        number = self.numbers.get(value.name)
        if number is None or not value.days:
            return number if number is None or kind != "amount" else number * self.minor
        if not 0 <= number <= MOST["d"]:
            return None
        return FromToday(-number if value.days == AGO else number, "d")


def setting_of(text: str) -> FromSetting | None:
    """A setting's name as the number it holds; None when it is none."""
    return FromSetting(text) if NAME.fullmatch(text) else None


def days_ago_of(text: str) -> FromSetting | None:
    """The same as days ago."""
    return FromSetting(text, AGO) if NAME.fullmatch(text) else None


def days_ahead_of(text: str) -> FromSetting | None:
    """The same as days from today."""
    return FromSetting(text, AHEAD) if NAME.fullmatch(text) else None
