"""Tiers by points: what each factor gives, what a customer has in all, which tier that is.

Pure: the same facts give the same tier. A factor without data counts as unknown, never as zero: it
takes no part in the mean.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crmlite.rules.problems import Checked, Problem

MOST_POINTS, MOST_WEIGHT, MOST_STEPS = 100, 100, 8
LEAST_KNOWN = 40  # percent of the weights that must be known for a tier to be proposed
FACTORS = ("amount", "margin", "tenure", "contacts", "satisfaction", "growth", "prospects")
"""What a tier follows from: what they bought within a year, what we earned of it in percent, the years
for which they have been customers, the contacts they took part in within half a year, their
satisfaction from 1 to 5, what they bought within a year in percent of the year before, and what a
person thinks of them: 1 little, 2 something, 3 much."""
OF_AMOUNTS = frozenset({"amount", "margin", "growth"})
"""Those that tell something of amounts."""

Steps = tuple[tuple[float, int], ...]
"""From which value on there are how many points: below the first there are none."""

STEP = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(万)?\s*[:：=]\s*([0-9]{1,3})\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """How much a factor counts (`weight`, 0 for not at all) and what it gives."""

    name: str
    weight: int
    steps: Steps


@dataclass(frozen=True, slots=True)
class Bound:
    """A tier, and the mean of points from which on a customer has it."""

    tier: str
    least: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What a customer has: the points of each factor (None: unknown), their weighted mean over what is
    known (None where nothing is), and the percentage of the weights that is known."""

    points: Mapping[str, int | None]
    mean: float | None
    known: int


def points_of(value: float | None, steps: Steps) -> int | None:
    """What a value gives; None for an unknown one."""
    if value is None:
        return None
    found = 0
    for least, points in steps:
        if value >= least:
            found = points
    return found


def score_of(values: Mapping[str, float | None], factors: Sequence[Factor]) -> Score:
    """The score of a customer by the values of its factors."""
    points = {one.name: points_of(values.get(one.name), one.steps) for one in factors}
    weight = sum(one.weight for one in factors)
    known = [(one.weight, points[one.name]) for one in factors]
    counted = [(weight_, found) for weight_, found in known if found is not None and weight_]
    share = sum(weight_ for weight_, _found in counted)
    mean = sum(weight_ * found for weight_, found in counted) / share if share else None
    return Score(points=points, mean=mean, known=round(100 * share / weight) if weight else 0)


def tier_of(score: Score, bounds: Sequence[Bound]) -> str | None:
    """The tier of a score: the highest whose bound it reaches, the lowest where it reaches none. None
    where too little is known."""
    if score.mean is None or score.known < LEAST_KNOWN or not bounds:
        return None
    ranked = sorted(bounds, key=lambda one: -one.least)
    return next((one.tier for one in ranked if score.mean >= one.least), ranked[-1].tier)


def read_steps(text: str) -> Checked[Steps]:
    """Steps as people write them: `10万: 40, 50万: 70` or `3: 50; 6: 100`, each higher than the one
    before. Problem: `steps_unreadable` with the part, `steps_order`, `steps_many`."""
    parts = [part for part in re.split("[,;，；\n]", text) if part.strip()]
    found = []
    for part in parts:
        read = STEP.fullmatch(part)
        if read is None or int(read[3]) > MOST_POINTS:
            return Checked(None, (Problem("steps_unreadable", {"part": part.strip()}),))
        found.append((float(read[1]) * (10_000 if read[2] else 1), int(read[3])))
    if not found or len(found) > MOST_STEPS:
        return Checked(None, (Problem("steps_many", {"most": MOST_STEPS}),))
    rising = pairwise(found)
    if any(b[0] <= a[0] or b[1] < a[1] for a, b in rising):
        return Checked(None, (Problem("steps_order"),))
    return Checked(tuple(found))


def written_steps(steps: Steps) -> str:
    """Steps as a form holds them."""
    return ", ".join(f"{_plain(least)}: {points}" for least, points in steps)


def _plain(value: float) -> str:
    text = f"{value:.4f}"
    return text.rstrip("0").rstrip(".")
