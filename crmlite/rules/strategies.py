"""How crmlite and its packs declare strategies: whom one serves, and the touches that it asks for.

    Strategy(
        name="retail__regulars",
        label={"en": "Regular buyers", "zh": "老顾客"},
        goal={"en": "Repurchase", "zh": "复购"},
        serves=where("orders", "at_least", 3),
        touches=(
            Touch(
                name="call",
                label={"en": "Call", "zh": "电话回访"},
                cadence=Every(2, "week"),
                channel="phone",
                content={"en": "New arrivals", "zh": "新品"},
            ),
        ),
    )

The planner makes dated tasks of its touches; managers adjust a strategy or let it rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmlite.rules.conditions import Node, from_json, to_json
from crmlite.rules.fields import BadDeclaration, has_words
from crmlite.rules.wording import Label

UNITS = ("day", "week", "month", "quarter", "year")
LONGEST_EVERY: Mapping[str, int] = {"day": 730, "week": 104, "month": 36, "quarter": 12, "year": 5}
LONGEST_NAME, MOST_TOUCHES, FURTHEST_DAYS, MOST_PRIORITY = 60, 12, 366, 100
QUESTIONS, POINTS = 3, 2  # talking points of a touch
NAME = re.compile(r"(?:[a-z][a-z0-9]*__)?[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
OWNER, DEDICATED, ROLE, USER = "owner", "dedicated", "role:", "user:"
EXECUTOR = re.compile(rf"owner|dedicated|role:{KEY.pattern}|user:[1-9]\d{{0,9}}")
LONGEST_MESSAGE, LONGEST_LABEL = 1000, 200
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
FESTIVALS = ("new_year", "spring_festival", "mid_autumn", "national_day")
EVENTS = (
    *("quotation_sent", "visit_planned", "visit_made", "contract_end", "order_placed"),
    *FESTIVALS,
)
"""What crmlite tells of. Packs have events of their own, called `pack__event`."""


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again: `Every(2, "week")`, counted from the last real contact that fulfils the touch."""

    count: int
    unit: str

    def __post_init__(self) -> None:
        """Refuse what nobody plans."""
        is_whole = type(self.count) is int
        if self.unit not in UNITS or not (is_whole and 1 <= self.count <= LONGEST_EVERY[self.unit]):
            raise BadDeclaration(
                f"Every {self.count} {self.unit!r}: a cadence counts {', '.join(UNITS)}, at most "
                + ", ".join(f"{most} {unit}s" for unit, most in LONGEST_EVERY.items())
            )

    def __str__(self) -> str:
        return f"every {self.unit}" if self.count == 1 else f"every {self.count} {self.unit}s"


@dataclass(frozen=True, slots=True)
class Around:
    """Once for each time that something comes: so many `days` before (negative) or after a date that is
    recorded of the customer (`field`), or an `event`."""

    days: int
    field: str = ""
    event: str = ""

    def __post_init__(self) -> None:
        """Refuse what names no day."""
        if bool(self.field) == bool(self.event):
            raise BadDeclaration("A touch is dated by a field or by an event, by one of them.")
        is_near = type(self.days) is int and abs(self.days) <= FURTHEST_DAYS
        if not (is_near and NAME.fullmatch(self.anchor)):
            raise BadDeclaration(
                f"{self.days} days around {self.anchor!r}: a touch lies at most {FURTHEST_DAYS} days "
                "before or after a field or an event."
            )
        if self.event and self.event not in EVENTS and "__" not in self.event:
            raise BadDeclaration(
                f"The event {self.event!r} is unknown; there are {', '.join(EVENTS)}, and those of a "
                "pack are called `pack__event`."
            )

    @property
    def anchor(self) -> str:
        """What it is dated by."""
        return self.field or self.event

    def __str__(self) -> str:
        if not self.days:
            return f"on {self.anchor}"
        days = f"{abs(self.days)} day{'s' if abs(self.days) > 1 else ''}"
        return f"{days} {'before' if self.days < 0 else 'after'} {self.anchor}"


Cadence = Every | Around


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    """A contact that a strategy asks for.

    name       its own within the strategy, for good
    cadence    how often, or around which day
    channel    the key of a way of contact: phone, visit, meeting, email, wechat …
    content    what it is about; `contents` says it otherwise by the key of the customer's core need
    questions  up to three core questions; points: up to two value points
    executor   whose task it is: "owner", "dedicated" (the dedicated person, else the owner),
               "role:manager", somebody of a role, or "user:7", one person
    prefers    it goes by the way of contact that the customer prefers, where that is recorded
    message    a text to be sent, with `{name}` where the name of the customer stands
    purpose    a purpose of its own, such as "survey" or "gift": fulfilled only by what is logged for it;
               without one by each real contact by its channel or a stronger one
    sends      it only sends, such as a mail or a greeting: fulfilled by the sending, and no real contact
    """

    name: str
    label: Label
    cadence: Cadence
    channel: str
    content: Label
    questions: tuple[Label, ...] = ()
    points: tuple[Label, ...] = ()
    executor: str = OWNER
    purpose: str = ""
    sends: bool = False
    prefers: bool = False
    contents: Mapping[str, Label] = field(default_factory=dict)
    message: Label = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be planned or done."""
        for wrong, reason in self._faults():
            if wrong:
                raise BadDeclaration(f"Touch {self.name!r}: {reason}.")

    @property
    def is_unasked(self) -> bool:
        """Whether it sends what nobody waits for: not to those who want no marketing. What follows from
        something that happened, such as thanks for a visit, is none of that."""
        answers = isinstance(self.cadence, Around) and self.cadence.event not in ("", *FESTIVALS)
        return self.sends and not answers

    def about(self, core_need: str | None) -> Label:
        """What it is about for a customer with this core need."""
        return self.contents.get(core_need or "", self.content)

    def _texts(self) -> tuple[str, ...]:
        told = (self.label, self.content, *self.questions, *self.points, *self.contents.values())
        return tuple(text for words in (*told, self.message) for text in _texts(words))

    def _faults(self) -> tuple[tuple[bool, str], ...]:
        return (
            (
                not all(map(_is_plain, self._texts())),
                "its words are texts without control characters",
            ),
            (
                any(len(text) > LONGEST_LABEL for text in _texts(self.label)),
                "its label is too long",
            ),
            (not NAME.fullmatch(self.name) or "__" in self.name, "names are like `monthly_call`"),
            (len(self.name) > LONGEST_NAME, f"a name has at most {LONGEST_NAME} characters"),
            (not has_words(self.label), "the label needs English text"),
            (not has_words(self.content), "say what it is about: the content needs English text"),
            (not KEY.fullmatch(self.channel), "the channel is a key such as `phone` or `visit`"),
            (
                len(self.questions) > QUESTIONS,
                f"it has at most {QUESTIONS} core questions",
            ),
            (len(self.points) > POINTS, f"it has at most {POINTS} value points"),
            (
                not all(map(has_words, (*self.questions, *self.points))),
                "a talking point has no English text",
            ),
            (
                not EXECUTOR.fullmatch(self.executor),
                (
                    "its executor is 'owner', 'dedicated', 'role:' with the key of a role, or "
                    "'user:' with the number of a person"
                ),
            ),
            (
                bool(self.purpose) and not KEY.fullmatch(self.purpose),
                "a purpose is a key such as `survey`",
            ),
            (
                self.sends and bool(self.questions),
                "what only sends asks no questions: nobody is there to answer",
            ),
            (
                not all(
                    KEY.fullmatch(need) and has_words(about)
                    for need, about in self.contents.items()
                ),
                "what it is about by core need needs the key of that and English text",
            ),
            (
                any(len(text) > LONGEST_MESSAGE for text in _texts(self.message)),
                f"a message has at most {LONGEST_MESSAGE} characters",
            ),
        )


def _texts(words: Label) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words.values())


def _is_plain(text: object) -> bool:
    """Whether both engines keep a text as it is."""
    return isinstance(text, str) and not UNFIT.search(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Strategy:
    """How customers are kept in touch with.

    name      `retail__regulars`, for good
    goal      what for: to win trust, to have them buy again
    serves    whom: a condition on customers
    priority  of several main strategies that take a customer, the highest is followed
    on_top    its touches come on top of the main strategy, whichever that is; without a priority
    scheme    the scheme of tiers that it belongs to, such as "a": it rests while another is in use
    """

    name: str
    label: Label
    goal: Label
    serves: Node
    touches: tuple[Touch, ...]
    priority: int = 50
    on_top: bool = False
    scheme: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be followed."""
        for wrong, reason in self._faults():
            if wrong:
                raise BadDeclaration(f"Strategy {self.name!r}: {reason}.")

    def _faults(self) -> tuple[tuple[bool, str], ...]:
        names = [touch.name for touch in self.touches]
        return (
            (not NAME.fullmatch(self.name), "names are like `regulars` or `retail__regulars`"),
            (len(self.name) > LONGEST_NAME, f"a name has at most {LONGEST_NAME} characters"),
            (not has_words(self.label), "the label needs English text"),
            (not has_words(self.goal), "the goal needs English text"),
            (not names, "it asks for no touch"),
            (len(names) > MOST_TOUCHES, f"it has at most {MOST_TOUCHES} touches"),
            (len(set(names)) < len(names), "two touches have one name"),
            (not 0 <= self.priority <= MOST_PRIORITY, f"priorities are 0 to {MOST_PRIORITY}"),
        )


def strategy_to_json(strategy: Strategy) -> dict[str, Any]:
    """A strategy as dicts, lists, texts, numbers and truth values."""
    return {
        "name": strategy.name,
        "label": strategy.label,
        "goal": strategy.goal,
        "serves": to_json(strategy.serves),
        "priority": strategy.priority,
        "on_top": strategy.on_top,
        "touches": [touch_to_json(touch) for touch in strategy.touches],
    }


def strategy_from_json(data: Mapping[str, Any]) -> Strategy:
    """The strategy that was kept. Raises BadDeclaration, Unreadable, KeyError for what is none."""
    return Strategy(
        name=data["name"],
        label=data["label"],
        goal=data["goal"],
        serves=from_json(data["serves"]),
        priority=data["priority"],
        on_top=data["on_top"],
        touches=tuple(touch_from_json(touch) for touch in data["touches"]),
    )


def touch_to_json(touch: Touch) -> dict[str, Any]:
    """A touch as dicts, lists, texts, numbers and truth values."""
    match touch.cadence:
        case Every(count, unit):
            cadence: dict[str, Any] = {"count": count, "unit": unit}
        case Around(days, dated_by, event):
            cadence = {"days": days, "field": dated_by, "event": event}
    return {
        "name": touch.name,
        "label": touch.label,
        "cadence": cadence,
        "channel": touch.channel,
        "content": touch.content,
        "questions": list(touch.questions),
        "points": list(touch.points),
        "executor": touch.executor,
        "purpose": touch.purpose,
        "sends": touch.sends,
        "prefers": touch.prefers,
        "contents": dict(touch.contents),
        "message": touch.message,
    }


def touch_from_json(data: Mapping[str, Any]) -> Touch:
    """The touch that was kept. Raises BadDeclaration, KeyError, TypeError for what is none."""
    given = dict(data["cadence"])
    cadence: Cadence = Every(**given) if "unit" in given else Around(**given)
    talk: dict[str, Any] = {name: tuple(data[name]) for name in ("questions", "points")}
    return Touch(**{**data, **talk, "cadence": cadence})
