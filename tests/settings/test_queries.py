"""Settings and lists are read from memory, and are right all the same."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import insert, update

from crmlite import settings
from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.rules.fields import BadDeclaration
from crmlite.settings import operations, queries
from crmlite.settings.catalogue import Choice, Setting
from crmlite.settings.models import SettingRow
from crmlite.work import Actor, Refused, operation
from crmlite.work.epoch import epoch
from crmlite.work.ledger import EpochRow

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, tzinfo=UTC)


def next_request() -> None:
    g.pop("epoch", None)
    database.session.rollback()


@pytest.mark.usefixtures("inside")
def test_what_nobody_set_is_as_shipped() -> None:
    assert settings.get("currency") == "CNY"
    assert settings.get("number_prefix") == "C"


@pytest.mark.usefixtures("inside")
def test_a_setting_that_nobody_declared_is_an_error() -> None:
    with pytest.raises(KeyError):
        settings.get("no_such_setting")


@pytest.mark.usefixtures("inside")
def test_what_was_set_holds_at_once() -> None:
    assert settings.get("currency") == "CNY"
    operations.change_settings({"currency": "EUR"}, by=BY, at=AT)
    assert settings.get("currency") == "EUR"


def test_nothing_but_the_epoch_is_asked_while_nothing_changes(
    app: Flask, statements: Callable[[], Any]
) -> None:
    for expected in (3, 1, 1):  # epoch, settings and lists at first
        with app.test_request_context(), statements() as asked:
            settings.get("currency")
            settings.get("timezone")
            settings.choices("stage")
            settings.choice_label("source", "exhibition")
            assert len([one for one in asked if not one.startswith("BEGIN")]) == expected


def test_another_process_sees_a_change_with_its_next_request(app: Flask) -> None:
    other = create_app(app.extensions["crmlite.config"])
    with other.app_context():
        assert settings.get("currency") == "CNY"
        database.session.remove()
    with app.app_context():
        operations.change_settings({"currency": "JPY"}, by=BY, at=AT)
    with other.app_context():
        assert settings.get("currency") == "JPY"
        database.session.remove()
        database.engine.dispose()


@pytest.mark.usefixtures("inside")
def test_what_an_operation_took_back_is_remembered_by_nobody() -> None:
    @operation("setting_tried")
    def half(*, by: Actor, at: datetime) -> None:
        operations.change_settings({"currency": "EUR"}, by=by, at=at)
        g.pop("epoch", None)
        assert settings.get("currency") == "EUR"
        raise Refused("no-luck")

    before = epoch()
    with pytest.raises(Refused):
        half(by=BY, at=AT)
    with database.engine.begin() as connection:  # somebody else moves the epoch as far
        connection.execute(update(EpochRow.__table__).values(number=before + 1))
    next_request()
    assert settings.get("currency") == "CNY"


@pytest.mark.usefixtures("inside")
def test_a_stored_setting_that_nobody_declares_any_more_does_no_harm() -> None:
    with database.engine.begin() as connection:
        connection.execute(insert(SettingRow.__table__).values(name="of_a_pack", value=1))
        connection.execute(update(EpochRow.__table__).values(number=EpochRow.number + 1))
    next_request()
    assert settings.get("currency") == "CNY"


def test_a_choice_is_named_in_the_language_of_the_reader(app: Flask) -> None:
    for language, name in (("zh-CN", "潜在"), ("en", "Potential")):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert settings.choice_label("lifecycle", "potential") == name
            assert settings.choice_label("lifecycle", None) == ""
            assert settings.choice_label("lifecycle", "free text") == "free text"


def test_a_list_is_as_shipped_until_somebody_arranges_it() -> None:
    shipped = [Choice("a", {"en": "A"}), Choice("b", {"en": "B"})]
    assert queries.arranged(shipped, []) == tuple(shipped)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"kind": "integer", "default": "many"}, "no value of the kind integer"),
        ({"kind": "integer", "default": True}, "no value of the kind integer"),
        ({"kind": "boolean", "default": 1}, "no value of the kind boolean"),
        ({"kind": "words", "default": "x"}, "no value of the kind words"),
        ({"kind": "choices", "default": 7, "options": {"a": "A"}}, "no value of the kind choices"),
        (
            {"kind": "choices", "default": ["b"], "options": {"a": "A"}},
            "'b' is none of the options",
        ),
        ({"kind": "choice", "default": [], "options": {"a": "A"}}, "no value of the kind choice"),
        ({"kind": "integer", "default": 5, "least": 10, "most": 1}, "least, 10, is above most, 1"),
        ({"kind": "integer", "default": 5, "most": 4}, "5 is not within"),
        ({"kind": "integer", "default": 0, "least": 1}, "0 is not within"),
        ({"default": "abc", "most": 2}, "'abc' is not within"),
        ({"default": "abc", "pattern": "(["}, "cannot be read"),
        ({"default": "abc", "pattern": "[0-9]+"}, "does not match"),
    ],
)
def test_a_setting_that_its_page_could_not_show_is_refused(given: Any, wrong: str) -> None:
    with pytest.raises(BadDeclaration, match=re.escape(wrong)):
        Setting(name="colour", label="Colour", **given)


def test_a_kind_of_setting_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Setting(name="colour", label="Colour", default="", kind="colour")
