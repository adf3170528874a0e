"""Which numbers customers get, and which ones they may bring."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask

from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.settings.operations import change_settings
from crmlite.work import Refused
from crmlite.work.actors import command_line
from tests.customers.operating import FIRM, added, done

NOON = datetime.fromisoformat("2026-03-04T12:00:00+08:00")
TODAY = f"{date(2026, 3, 4):%Y%m%d}"
TOMORROW = f"{date(2026, 3, 5):%Y%m%d}"


def add(number: str | None = None, at: datetime = NOON) -> str:
    draft = CustomerDraft(values=FIRM, number=number)
    return str(do.create_customer(draft, by=command_line(), at=at)["number"])


@pytest.mark.parametrize(
    ("number", "code"),
    [("new", "number_reserved"), ("客1", "number_characters"), ("C" * 41, "number_too_long")],
)
def test_a_number_that_no_address_could_carry_is_refused(
    inside: Flask, number: str, code: Any
) -> None:
    with pytest.raises(Refused, match=code):
        add(number)
    assert added()["number"] == "C001"


def test_somebody_elses_long_number_moves_no_counter(inside: Flask) -> None:
    assert add("C20240430007") == "C20240430007"
    assert add() == "C001"


def test_a_dated_number_from_outside_counts_for_its_own_day(inside: Flask) -> None:
    done(change_settings, {"number_scheme": "daily"})
    assert add(f"C{TOMORROW}001")
    assert add() == f"C{TODAY}001"
    assert add(at=NOON.replace(day=5)) == f"C{TOMORROW}002"
