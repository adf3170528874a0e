"""The page of the firm's settings."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from crmlite import clock, hookimpl, hooks, settings
from crmlite.settings.catalogue import Choice, ChoiceList
from crmlite.settings.operations import change_settings
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.settings.browsing import as_sent

PAGE = "/settings/firm"


def values(page: str) -> dict[str, Any]:
    return as_sent(page, "firm")


def setting(app: Flask, name: str) -> Any:
    with app.app_context():
        return settings.get(name)


def test_saving_the_form_as_it_is_changes_nothing(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    response = send(manager, PAGE, **values(manager.get(PAGE).text))
    assert response.status_code == 303
    assert setting(app, "currency") == "CNY"
    assert setting(app, "required_person") == ["first_contact_on", "reach"]
    assert "/undo" not in manager.get(PAGE).text


def test_what_was_changed_holds_and_can_be_undone(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    form = values(manager.get(PAGE).text)
    form |= {
        "setting_company_name": ["远景机械有限公司"],
        "setting_currency": ["EUR"],
        "setting_number_scheme": ["daily"],
        "setting_required_person": ["reach", "birthday"],
    }
    assert send(manager, PAGE, **form).status_code == 303
    assert setting(app, "company_name") == "远景机械有限公司"
    assert setting(app, "number_scheme") == "daily"
    assert set(setting(app, "required_person")) == {"reach", "birthday"}
    page = manager.get(PAGE).text
    assert "远景机械有限公司" in page
    assert "/undo" in page


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("setting_currency", "XXX"),
        ("setting_currency", ""),
        ("setting_timezone", "Mars/Olympus"),
        ("setting_number_prefix", ""),
        ("setting_number_prefix", "C 1/"),
        ("setting_number_prefix", "ＡＢ"),
        ("setting_company_name", "x" * 81),
        ("setting_required_person", "shoe_size"),
        ("setting_tier_scheme", "z\x00"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_saved(
    app: Flask, sign_in: SignIn, send: Callable[..., Any], name: str, wrong: str
) -> None:
    manager = sign_in("manager")
    form = values(manager.get(PAGE).text) | {"setting_country": ["DE"], name: [wrong]}
    response = send(manager, PAGE, **form)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert setting(app, "country") == "CN"


def test_who_was_slower_sees_both_versions(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    form = values(manager.get(PAGE).text)
    with app.app_context():
        change_settings({"company_name": "Theirs Ltd"}, by=command_line(), at=clock.now())
    response = send(manager, PAGE, **form | {"setting_company_name": ["Mine Ltd"]})
    assert response.status_code == 409
    assert "Theirs Ltd" in response.text
    assert "Mine Ltd" in response.text
    assert setting(app, "company_name") == "Theirs Ltd"
    again = values(response.text) | {"setting_company_name": ["Mine Ltd"]}
    assert send(manager, PAGE, **again).status_code == 303
    assert setting(app, "company_name") == "Mine Ltd"


def test_only_those_with_the_right_come_in(sign_in: SignIn, send: Callable[..., Any]) -> None:
    for login in ("sales", "support"):
        client = sign_in(login)
        assert client.get(PAGE).status_code == 403
        assert send(client, PAGE, setting_currency="EUR").status_code == 403


def test_the_page_is_there_in_chinese(sign_in: SignIn) -> None:
    page = sign_in("manager", lang="zh").get(PAGE).text
    for words in ("公司名称", "人民币", "客户编号", "客户等级", "必填项"):
        assert words in page


class Bakery:
    """A pack with a scheme of tiers."""

    @hookimpl
    def register_choice_lists(self) -> list[ChoiceList]:
        daily = Choice(key="daily", label={"en": "Daily", "zh": "每日"})
        rare = Choice(key="rare", label={"en": "Now and then", "zh": "偶尔"})
        return [ChoiceList(name="tier-bread", label="Tiers of a bakery", shipped=[daily, rare])]


def forget(app: Flask) -> None:
    """Have the application ask anew what there is."""
    app.extensions[hooks.REGISTRY].forget()
    app.extensions.pop("crmlite.settings", None)


def test_the_scheme_of_a_pack_can_be_chosen_and_missed(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    with app.app_context():
        hooks.manager().register(Bakery(), "bakery")
    forget(app)
    manager = sign_in("manager")
    page = manager.get(PAGE).text
    assert "Strategic, Core, Normal, Dormant" in page
    assert "Daily, Now and then" in page
    form = values(page) | {"setting_tier_scheme": ["bread"]}
    assert send(manager, PAGE, **form).status_code == 303
    assert "Now and then" in manager.get("/customers/new").text
    with app.app_context():
        hooks.manager().unregister(name="bakery")
    forget(app)
    assert "Strategic" in manager.get("/customers/new").text
    assert manager.get(PAGE).status_code == 200
