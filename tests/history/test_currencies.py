"""An amount stays the amount that it was, whatever is put back of it or of its currency."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.fields.drafts import FieldDraft
from crmlite.fields.operations import add_field, retire_field
from crmlite.history.operations import restore_value
from crmlite.history.queries.changes import changes
from crmlite.work import undo
from crmlite.work.actors import command_line
from crmlite.work.epoch import look_again
from crmlite.work.ledger import ChangeRow
from tests.history.conftest import Past

pytestmark = pytest.mark.usefixtures("inside_request")

DEPOSIT = "custom__deposit"
IN_YUAN = ("CNY", 128_600_000, 5000)
IN_YEN = ("JPY", 1_286_000, 50)


@pytest.fixture
def firm(past: Past) -> Past:
    """A customer with two amounts in yuan, one of a field that is asked for no more."""
    field = add_field(
        "customer", "amount", FieldDraft(label={"en": "Deposit"}), by=command_line(), at=clock.now()
    )
    look_again()
    past.change(signed_amount=100, extra={DEPOSIT: 100})
    past.change(signed_amount=128_600_000, extra={DEPOSIT: 5000})
    retire_field(field["id"], by=command_line(), at=clock.now())
    look_again()
    return past


def money(past: Past) -> tuple[Any, ...]:
    """The currency, and the amounts in its smallest units."""
    return past.value("currency"), past.value("signed_amount"), past.value("extra")[DEPOSIT]


def restore(past: Past, field: str, place: int = -1) -> int:
    """Put back what a field was before one of its changes, the last one unless said."""
    column = field.partition(".")[0]
    rows = database.session.execute(select(ChangeRow.__table__).order_by(ChangeRow.id))
    ids = [row.id for row in rows if row.verb == "update" and column in row.diff]
    return int(restore_value(ids[place], field, by=past.actor("manager"), at=past.when()))


def taken_back(past: Past, operation_id: int) -> int:
    """Undo; answers how many records were left alone."""
    return len(undo(operation_id, by=past.actor("manager"), at=past.when()).kept)


def test_amounts_stay_the_same_figures_when_their_currency_is_restored(firm: Past) -> None:
    firm.change(currency="JPY")
    assert money(firm) == IN_YEN
    assert restore(firm, "currency")
    assert money(firm) == IN_YUAN


def test_an_amount_of_another_currency_is_restored_as_the_same_figure(firm: Past) -> None:
    firm.change(currency="JPY")
    for field in ("signed_amount", f"extra.{DEPOSIT}"):
        assert restore(firm, field) == 0  # it is this figure
        assert restore(firm, field, place=1)
    assert money(firm) == ("JPY", 1, 1)


def test_a_change_of_currency_is_undone_with_its_amounts(firm: Past) -> None:
    changed = firm.change(currency="JPY")
    taken = undo(firm.change(signed_amount=2), by=firm.actor("manager"), at=firm.when())
    assert not taken.kept and money(firm) == IN_YEN
    assert taken_back(firm, changed) == 0
    assert money(firm) == IN_YUAN


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ({"signed_amount": 2_000_000}, ("JPY", 2_000_000, 50)),
        ({"annual_amount": 7}, IN_YEN),
        ({"extra": {DEPOSIT: 60}}, ("JPY", 1_286_000, 60)),
        ({"currency": "KRW"}, ("KRW", 1_286_000, 50)),
    ],
)
def test_no_currency_is_undone_without_its_amounts(
    firm: Past, later: dict[str, Any], left: tuple[Any, ...]
) -> None:
    changed = firm.change(currency="JPY", region="York")
    firm.change(**later)
    assert taken_back(firm, changed) == 1
    assert money(firm) == left
    assert firm.value("region") != "York"  # anything else is put back


def test_no_amount_is_undone_that_was_in_another_currency(firm: Past) -> None:
    emptied = firm.change(signed_amount=None)
    firm.change(currency="JPY")
    assert taken_back(firm, emptied) == 1
    assert money(firm) == ("JPY", None, 50)


def test_an_amount_is_told_in_the_currency_that_it_was_in(
    firm: Past, reader: Callable[[str], Reader]
) -> None:
    firm.change(currency="JPY")
    firm.change(signed_amount=2_000_000)
    told = [
        (line.old.text, line.new.text)
        for change in changes(reader("sales"), ("customer", firm.customer_id)).rows
        for line in change.lines
        if line.name == "signed_amount"
    ]
    assert told == [
        ("JP¥1,286,000", "JP¥2,000,000"),
        ("CN¥1,286,000", "JP¥1,286,000"),
        ("CN¥1", "CN¥1,286,000"),
        ("", "CN¥1"),
    ]
