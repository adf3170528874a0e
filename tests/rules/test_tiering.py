"""Tiers by points: tables, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.tiering import (
    FACTORS,
    Bound,
    Factor,
    points_of,
    read_steps,
    score_of,
    tier_of,
    written_steps,
)

STEPS = ((1, 10), (2, 50), (3, 100))
BOUNDS = [Bound("strategic", 75), Bound("core", 45), Bound("normal", 0)]


@pytest.mark.parametrize(
    ("value", "points"), [(None, None), (0, 0), (0.99, 0), (1, 10), (2.5, 50), (3, 100), (9, 100)]
)
def test_a_value_gives_the_points_of_its_step(value: float | None, points: int | None) -> None:
    assert points_of(value, STEPS) == points


def test_what_is_unknown_is_no_zero() -> None:
    some = [
        Factor(name="amount", weight=50, steps=STEPS),
        Factor(name="growth", weight=50, steps=STEPS),
    ]
    unknown = score_of({"amount": 3}, some)
    zero = score_of({"amount": 3, "growth": 0}, some)
    assert (unknown.mean, unknown.known) == (100, 50)
    assert (zero.mean, zero.known) == (50, 100)
    assert tier_of(unknown, BOUNDS) == "strategic" and tier_of(zero, BOUNDS) == "core"


def test_too_little_proposes_nothing_and_nothing_known_neither() -> None:
    some = [
        Factor(name="amount", weight=39, steps=STEPS),
        Factor(name="growth", weight=61, steps=STEPS),
    ]
    assert tier_of(score_of({"amount": 3}, some), BOUNDS) is None
    assert tier_of(score_of({}, some), BOUNDS) is None
    assert score_of({}, some).mean is None
    assert (
        tier_of(score_of({"amount": 3}, [Factor(name="amount", weight=0, steps=STEPS)]), BOUNDS)
        is None
    )


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("20000: 25, 100000: 50", ((20000, 25), (100000, 50))),
        ("10万：40，50万：70", ((100000, 40), (500000, 70))),
        ("1.5=10;3=20", ((1.5, 10), (3, 20))),
        (" 3 : 100 ", ((3, 100),)),
    ],
)
def test_steps_are_read_as_people_write_them(text: str, steps: object) -> None:
    assert read_steps(text).value == steps


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "steps_many"),
        (",".join(f"{n}: {n}" for n in range(9)), "steps_many"),
        ("abc", "steps_unreadable"),
        ("1: 101", "steps_unreadable"),
        ("-1: 5", "steps_unreadable"),
        ("2: 10, 1: 20", "steps_order"),
        ("1: 20, 2: 10", "steps_order"),
        ("1: 20, 1: 30", "steps_order"),
    ],
)
def test_steps_that_cannot_be_are_refused(text: str, code: str) -> None:
    found = read_steps(text)
    assert found.value is None and [one.code for one in found.problems] == [code]


steps = st.lists(
    st.tuples(st.integers(0, 10_000_000), st.integers(0, 100)), min_size=1, max_size=6
).map(
    lambda raw: tuple(
        zip(
            sorted({float(a) for a, _b in raw}),
            sorted(b for _a, b in raw)[: len({a for a, _b in raw})],
            strict=True,
        )
    )
)
values = st.fixed_dictionaries({name: st.none() | st.floats(0, 1200) for name in FACTORS})
factors = st.fixed_dictionaries(
    {name: st.tuples(st.integers(0, 100), steps) for name in FACTORS}
).map(lambda raw: [Factor(name=name, weight=one[0], steps=one[1]) for name, one in raw.items()])
bounds = st.lists(st.integers(1, 100), min_size=1, max_size=4, unique=True).map(
    lambda raw: (
        [Bound(f"t{least}", least) for least in sorted(raw, reverse=True)] + [Bound("t0", 0)]
    )
)


@given(values, factors, bounds, st.sampled_from(FACTORS), st.floats(0, 500))
def test_more_of_anything_never_lowers_a_tier(
    some: dict[str, float | None],
    counted: list[Factor],
    ranks: list[Bound],
    name: str,
    more: float,
) -> None:
    before = tier_of(score_of(some, counted), ranks)
    assert before == tier_of(score_of(dict(some), list(reversed(counted))), ranks)
    value = some[name]
    if before is None or value is None:
        return
    order = [bound.tier for bound in ranks]
    after = tier_of(score_of({**some, name: value + more}, counted), ranks)
    assert after is not None and order.index(after) <= order.index(before)


@given(steps)
def test_steps_are_read_as_they_were_written(some: tuple[tuple[float, int], ...]) -> None:
    assert read_steps(written_steps(some)).value == some
