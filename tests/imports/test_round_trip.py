"""What was brought in can be taken away, and brought in again, and is the same."""

from typing import Any

import pytest
from flask import Flask

from tests.exports.books import exported
from tests.imports.bringing import SHEET, counts, customers, imported, taken_back
from tests.real_files import real_file


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("layout", ["sheet", "all"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sample_sheet_goes_round(inside: Flask, layout: str, kind: str, lang: str) -> None:
    first = imported(real_file(*SHEET).read_bytes())
    before, book = exported(layout, kind, lang), known()
    again = imported(before, f"again.{kind}")
    assert counts(again) == (0, 0, 10, 0)  # all of them are known
    taken_back(again["id"])
    taken_back(first["id"])
    assert known() == {}
    afresh = imported(before, f"afresh.{kind}")
    assert counts(afresh) == (10, 0, 0, 0)
    assert known() == book
    if kind == "csv":
        assert exported(layout, kind, lang) == before


def known() -> dict[str, Any]:
    """What the book knows of each customer, but for what is counted and when it was written."""
    told = ("name", "kind", "lifecycle", "stage", "industry", "signed_amount", "cooperation_on")
    return {number: {name: row[name] for name in told} for number, row in customers().items()}
