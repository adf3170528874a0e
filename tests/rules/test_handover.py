"""Whatever is handed over, everything has exactly one receiver, and the shares are fair."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.handover import dealt, together

people = st.lists(st.integers(1, 50), min_size=1, max_size=6, unique=True)
things = st.lists(st.integers(1, 10_000), max_size=80, unique=True)


@given(things, people)
def test_dealt_out_evenly_nobody_has_more_than_one_more(ids: list[int], to: list[int]) -> None:
    found = dealt(ids, to)
    assert set(found) == set(ids) and set(found.values()) <= set(to)
    shares = Counter(dict.fromkeys(to, 0)) + Counter(found.values())
    counts = [shares[one] for one in to]
    assert max(counts) - min(counts) <= 1


@given(st.dictionaries(st.text("abcd", max_size=2), things, max_size=8), people)
def test_groups_stay_together(groups: dict[str, list[int]], to: list[int]) -> None:
    apart = {name: [at * 100_000 + one for one in ids] for at, (name, ids) in
             enumerate(groups.items())}  # fmt: skip
    found = together(apart, to)
    assert set(found) == {one for ids in apart.values() for one in ids}
    assert all(len({found[one] for one in ids}) <= 1 for ids in apart.values())


def test_the_largest_group_goes_first() -> None:
    groups = {"a": [1], "b": [2, 3, 4], "c": [5, 6]}
    assert together(groups, [8, 9]) == {2: 8, 3: 8, 4: 8, 5: 9, 6: 9, 1: 9}


def test_nobody_is_no_receiver() -> None:
    with pytest.raises(ValueError, match="receive"):
        dealt([1], [])
    with pytest.raises(ValueError, match="receive"):
        together({"a": [1]}, [])
