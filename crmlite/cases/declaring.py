"""How packs declare what complaints of their trade are about, how soon these are acted on, and texts to
answer with.

    CaseCategory(
        key="factory__line_down",
        label={"en": "Line down", "zh": "停线"},
        targets=(CategoryTarget("response", 20, "minutes"), CategoryTarget("plan", 24, "elapsed")),
        level="critical",
        manager="leads",
    )

They become a value of the list of case categories, and deadlines, which managers adjust as any others.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from crmlite.rules.casework import ClockName
from crmlite.rules.fields import CHOICE_KEY, BadDeclaration, has_words
from crmlite.rules.wording import Label
from crmlite.rules.working_time import Unit

TOLD, LEADS = "told", "leads"
MANAGERS = ("", TOLD, LEADS)
LONGEST = {Unit.MINUTES: 60_000, Unit.DAYS: 365, Unit.ELAPSED: 8_784}
SLOWEST_RESPONSE = (
    30  # working minutes: crmlite's own for every case, which a pack may only tighten
)
REPLY_KEY = re.compile(r"[a-z][a-z0-9]*__[a-z0-9]+(?:[-_][a-z0-9]+)*")


class CategoryTarget(NamedTuple):
    """How long a clock may run: `amount` in working `minutes`, working `days` or hours on any clock
    (`elapsed`), for complaints of a `level` alone where one is given."""

    clock: str
    amount: int
    unit: str
    level: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCategory:
    """What a case can be about. Complaints of it begin with a `level`, unless another one is chosen.
    With `manager="told"` managers are told of each case of it at once, with `"leads"` one of them leads
    its joint team from the start."""

    key: str
    label: Label
    targets: tuple[CategoryTarget, ...] = ()
    level: str = ""
    manager: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept, and what would promise nothing."""
        where = f"Case category {self.key!r}"
        if not CHOICE_KEY.fullmatch(self.key) or not has_words(self.label):
            raise BadDeclaration(
                f"{where}: it needs a key like 'retail__returns', with at most 40 characters, and a "
                "label with English text."
            )
        if self.manager not in MANAGERS:
            raise BadDeclaration(f"{where}: manager is '{TOLD}', '{LEADS}' or nothing.")
        if len({(one.clock, one.level) for one in self.targets}) < len(self.targets):
            raise BadDeclaration(f"{where}: two targets are for one clock.")
        for target in self.targets:
            _refuse(where, target)


def _refuse(where: str, target: CategoryTarget) -> None:
    clocks, units = tuple(map(str, ClockName)), tuple(map(str, Unit))
    if target.clock not in clocks:
        raise BadDeclaration(f"{where}: there are the clocks {', '.join(clocks)}.")
    if target.unit not in units or not 1 <= target.amount <= LONGEST[Unit(target.unit)]:
        raise BadDeclaration(f"{where}: {target.amount} {target.unit} is no time for a deadline.")
    if target.clock == ClockName.RESPONSE and (
        target.unit != Unit.MINUTES or target.amount > SLOWEST_RESPONSE
    ):
        raise BadDeclaration(
            f"{where}: every case is answered within {SLOWEST_RESPONSE} working minutes; a pack may ask "
            "for less, not for more."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CannedText:
    """A text to answer customers with; `{contact}` and the like are filled in, as in canned replies
    that people write."""

    key: str
    title: Label
    body: Label

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        if not REPLY_KEY.fullmatch(self.key) or not (
            has_words(self.title) and has_words(self.body)
        ):
            raise BadDeclaration(
                f"Canned reply {self.key!r}: it needs a key like 'retail__sorry', a title and a body."
            )
