"""Changing settings: what differs, once, undoable, and never over somebody else's change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crmlite import settings
from crmlite.extensions import database
from crmlite.settings.operations import change_settings, fingerprint
from crmlite.work import Actor, Stale, undo
from crmlite.work.epoch import epoch
from crmlite.work.ledger import ChangeRow

pytestmark = pytest.mark.usefixtures("inside")

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, tzinfo=UTC)


def diffs() -> list[dict[str, list[object]]]:
    table = ChangeRow.__table__
    wanted = select(table.c.diff).where(table.c.record_type == "setting").order_by(table.c.id)
    return list(database.session.execute(wanted).scalars())


def test_only_what_differs_is_written() -> None:
    change_settings({"currency": "EUR", "country": "CN"}, by=BY, at=AT)
    assert diffs() == [{"name": [None, "currency"], "value": [None, "EUR"]}]
    change_settings({"currency": "GBP", "country": "CN"}, by=BY, at=AT)
    assert diffs()[1:] == [{"value": ["EUR", "GBP"]}]


def test_saving_what_is_there_does_nothing() -> None:
    before = epoch()
    shipped = settings.get("required_company")
    assert (
        change_settings({"currency": "CNY", "required_company": list(shipped)}, by=BY, at=AT) == 0
    )
    assert diffs() == []
    assert epoch() >= before


def test_who_saw_other_values_is_too_late() -> None:
    seen = fingerprint({"currency": settings.get("currency")})
    change_settings({"currency": "EUR"}, by=BY, at=AT, seen=seen)
    with pytest.raises(Stale):
        change_settings({"currency": "JPY"}, by=BY, at=AT, seen=seen)
    assert settings.get("currency") == "EUR"
    seen = fingerprint({"currency": "EUR"})
    assert change_settings({"currency": "JPY"}, by=BY, at=AT, seen=seen)


def test_an_undo_holds_at_once() -> None:
    first = change_settings({"currency": "EUR"}, by=BY, at=AT)
    second = change_settings({"currency": "JPY"}, by=BY, at=AT)
    assert undo(first, by=BY, at=AT).kept, "the currency was set again since"
    undo(second, by=BY, at=AT)
    assert settings.get("currency") == "EUR"
    assert undo(first, by=BY, at=AT).kept == []
    assert settings.get("currency") == "CNY"


def test_the_undo_of_the_first_change_leads_back_to_what_was_shipped() -> None:
    first = change_settings({"currency": "EUR"}, by=BY, at=AT)
    undo(first, by=BY, at=AT)
    assert settings.get("currency") == "CNY"


def test_a_setting_that_nobody_declared_is_refused() -> None:
    with pytest.raises(KeyError):
        change_settings({"no_such_setting": 1}, by=BY, at=AT)
    assert diffs() == []
