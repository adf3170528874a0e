"""What is typed becomes conditions, the quick ones first."""

import pytest

from crmlite.search.typed import Either, Exact, query


@pytest.mark.parametrize(
    ("typed", "tokens"),
    [
        ("youxian", ("youxian", "youxiangongsi")),
        ("gong", ("gong", "gongsi")),
        ("youxiangongsi", ("youxiangongsi",)),
        ("zhang", ("zhang",)),
    ],
)
def test_half_of_how_companies_end_asks_for_the_whole_first(typed, tokens):
    ending = query(typed).ending
    found = ending.parts if isinstance(ending, Either) else (ending,)
    assert found == tuple(map(Exact, tokens))
