"""A year of talks with one customer, made up from the content: the same every time for the same day.

What was said last and what comes next is written in the content; the way there is filled with talks
that fit the customer's audience, language and phase.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crmlite.setup.demo.content import content

Raw = Mapping[str, Any]
DAYS_BETWEEN = {"strategic": 16, "core": 24, "normal": 38, "dormant": 70}
USUAL = 45
PHASES = ("first-contact", "discovery", "proposal", "negotiation")
REACHED = {  # how far a customer of each stage has come
    "first-contact": 1,
    "discovery": 2,
    "proposal": 3,
    "negotiation": 4,
    "cooperating": 4,
    "paused": 3,
}
WRITTEN = ("email", "wechat")  # answered when they come to it
PACES = (0, 0, 0, 1, 1, 2, 3, 6)  # days that customers take
LATE_SHARE = 0.07  # of talks that were written down only after a day


@dataclass(frozen=True, slots=True)
class Talk:
    """A contact with the customer, at which moment it was, and when it was written down."""

    at: datetime
    recorded_at: datetime
    kind: str
    direction: str
    minutes: int | None
    who: str
    text: str
    said: str | None
    answered_at: datetime | None
    result: str | None = None


def talks(customer: Raw, today: date, zone: ZoneInfo, seed: int) -> list[Talk]:
    """All talks of the year with a customer, oldest first, the written last one at the end."""
    chance, pace = random.Random(seed), PACES[seed % len(PACES)]
    last = customer["last"]
    gap = DAYS_BETWEEN.get(customer.get("tier", customer["lifecycle"]), USUAL)
    found = []
    unsaid = _unsaid(customer, chance)
    days_ago = min(int(customer["since"]), 364)
    while days_ago > last["ago"] + gap // 2:
        wording = next(unsaid, None)
        if wording is None:
            break
        who = chance.choice(_people(customer))
        at = _moment(today - timedelta(days=days_ago), zone, chance)
        found.append(_talk(wording, customer, who, at, chance, pace))
        days_ago -= max(3, round(chance.uniform(0.6, 1.4) * gap))
    at = _moment(today - timedelta(days=last["ago"]), zone, chance)
    return [*found, _talk(last, customer, _called(customer, last), at, chance, 0)]


def _unsaid(customer: Raw, chance: random.Random) -> Iterator[Raw]:
    """Kinds of talk in the order in which things go: each phase, then what fits the life-cycle."""
    audience = "person" if customer.get("kind") == "person" else "company"
    spoken = content().talk[customer.get("lang", "zh")][audience]
    for phase in PHASES[: REACHED.get(customer["stage"], 1)]:
        lines = list(spoken[phase])
        chance.shuffle(lines)
        yield from lines[: 1 if phase == "first-contact" else 2]
    steady = "quiet" if customer["lifecycle"] in ("lost", "dormant") else "cooperating"
    if customer["lifecycle"] in ("potential", "interested"):
        return
    lines = list(spoken[steady])
    while True:
        chance.shuffle(lines)
        yield from lines


def _people(customer: Raw) -> Sequence[str]:
    return [c.get("call") or c["name"] for c in customer.get("contacts", ())] or [customer["name"]]


def _called(customer: Raw, last: Raw) -> str:
    return str(last.get("with") or _people(customer)[0])


def _talk(
    line: Raw, customer: Raw, who: str, at: datetime, chance: random.Random, pace: int
) -> Talk:
    late = chance.random() < LATE_SHARE
    delay = (
        timedelta(hours=chance.uniform(26, 70))
        if late
        else timedelta(minutes=chance.uniform(4, 300))
    )
    answered = line.get("answered", "said" in line or line.get("direction") == "in")
    length = {"phone": (4, 25), "visit": (50, 150), "meeting": (30, 90), "online": (25, 60)}
    minutes = line.get("minutes")
    if minutes is None and answered and line["kind"] in length:
        minutes = chance.randint(*length[line["kind"]])
    words = {"who": who, "topic": customer["topic"], "product": customer["product"]}
    return Talk(
        at=at,
        recorded_at=at + delay,
        kind=line["kind"],
        direction=line.get("direction", "out"),
        minutes=minutes,
        who=who,
        text=_filled(line["text"], words),
        said=_filled(line["said"], words) if line.get("said") else None,
        answered_at=_answer(line["kind"], at, pace) if answered else None,
        result=line.get("result"),
    )


def _answer(kind: str, at: datetime, pace: int) -> datetime:
    """When a talk was answered: a message after so many days, all else at once."""
    return at + timedelta(days=pace, minutes=7 * pace) if kind in WRITTEN else at


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _moment(day: date, zone: ZoneInfo, chance: random.Random) -> datetime:
    """A moment of the working day; what falls on a weekend was on the Friday before."""
    day -= timedelta(days=max(0, day.weekday() - 4))
    at = time(chance.choice((9, 10, 10, 11, 14, 14, 15, 16)), chance.choice(range(0, 60, 5)))
    return datetime.combine(day, at, zone)
