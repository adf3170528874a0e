"""The pages of the editable lists."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from crmlite import clock, settings
from crmlite.settings.operations import rename_choice
from crmlite.settings.queries import choice_lists
from crmlite.testing import SignIn
from crmlite.work.actors import command_line

STAGE = "/settings/lists/stage"


def keys(app: Flask, name: str = "stage") -> list[str]:
    with app.app_context():
        return [choice.key for choice in settings.choices(name)]


def label(app: Flask, key: str, name: str = "stage") -> Any:
    with app.app_context():
        found = settings.choices(name, retired=True)
        return next(choice.label for choice in found if choice.key == key)


def test_every_list_is_shown_with_its_values(sign_in: SignIn) -> None:
    page = sign_in("manager").get("/settings/lists").text
    for words in ("Stage", "Source", "Negotiation", "Life-cycle"):
        assert words in page


def test_a_value_is_renamed(app: Flask, sign_in: SignIn, send: Callable[..., Any]) -> None:
    manager = sign_in("manager")
    assert 'value="Proposal"' in manager.get(f"{STAGE}/proposal").text
    response = send(manager, f"{STAGE}/proposal", label_en="Offer", label_zh="报价", version="1")
    assert response.status_code == 303
    assert label(app, "proposal") == {"en": "Offer", "zh": "报价"}
    assert "Offer" in manager.get(STAGE).text


def test_a_value_needs_a_name_in_one_language(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    empty = {"label_en": "", "label_zh": " ", "version": "1"}
    assert send(manager, f"{STAGE}/proposal", **empty).status_code == 422
    assert label(app, "proposal")["en"] == "Proposal"
    for version, one in enumerate(({"label_zh": "报价"}, {"label_en": "Offer"}), start=1):
        form = {"label_en": "", "label_zh": "", "version": str(version), **one}
        assert send(manager, f"{STAGE}/proposal", **form).status_code == 303
        assert next(iter(one.values())) in manager.get(STAGE).text


def test_who_was_slower_sees_both_names(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    with app.app_context():
        rename_choice("stage", "proposal", {"en": "Theirs"}, by=command_line(), at=clock.now())
    mine = {"label_en": "Mine", "label_zh": "", "version": "1"}
    response = send(manager, f"{STAGE}/proposal", **mine)
    assert response.status_code == 409
    assert "Theirs" in response.text
    assert label(app, "proposal") == {"en": "Theirs"}


def test_a_value_is_added_once(app: Flask, sign_in: SignIn, send: Callable[..., Any]) -> None:
    manager = sign_in("manager")
    form = {"label_en": "Trade press", "label_zh": "行业媒体", "form_key": "k" * 22}
    for _ in range(2):
        assert send(manager, "/settings/lists/source/new", **form).status_code == 303
    assert keys(app, "source").count("trade-press") == 1


def test_a_name_that_is_there_already_is_refused_with_what_was_typed(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    before = keys(app, "source")
    form = {"label_en": "Exhibition", "label_zh": ""}
    response = send(manager, "/settings/lists/source/new", **form)
    assert response.status_code == 422
    assert 'value="Exhibition"' in response.text
    assert keys(app, "source") == before


def test_values_are_moved_with_and_without_scripts(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    before = keys(app)
    moved = send(manager, f"{STAGE}/{before[1]}/place", place="up")
    assert (moved.status_code, moved.headers["Location"]) == (303, STAGE)
    assert keys(app)[:2] == [before[1], before[0]]
    part = send(manager, f"{STAGE}/{before[1]}/place", place="down", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.text.strip().startswith('<section id="list"')
    assert keys(app) == before


def test_a_value_is_retired_and_offered_again(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    send(manager, f"{STAGE}/paused/retirement")
    assert "paused" not in keys(app)
    assert "No longer offered" in manager.get(STAGE).text
    send(manager, f"{STAGE}/paused/revival")
    assert "paused" in keys(app)


def test_a_fixed_list_says_so(app: Flask, sign_in: SignIn, send: Callable[..., Any]) -> None:
    manager = sign_in("manager")
    page = manager.get("/settings/lists/need_status").text
    assert "retirement" not in page
    assert manager.get("/settings/lists/need_status/new").status_code == 404
    response = send(manager, "/settings/lists/need_status/landed/retirement")
    assert response.status_code == 303
    assert "landed" in keys(app, "need_status")
    assert "Values of this list are fixed" in manager.get("/settings/lists").text


def test_what_is_built_in_stays_beside_values_of_ones_own(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    manager = sign_in("manager")
    send(manager, "/settings/lists/lifecycle/new", label_en="Trial", label_zh="试用")
    page = manager.get("/settings/lists/lifecycle").text
    assert set(re.findall(r"lifecycle/([a-z]+)/retirement", page)) == {"trial"}
    send(manager, "/settings/lists/lifecycle/lost/retirement")
    assert keys(app, "lifecycle")[-2:] == ["dormant", "trial"]
    assert "This value is built in" in manager.get("/settings/lists").text


@pytest.mark.parametrize(
    ("address", "data", "status"),
    [
        ("/settings/lists/nothing/new", {}, 404),
        (f"{STAGE}/nothing", {}, 404),
        (f"{STAGE}/nothing/retirement", {}, 404),
        (f"{STAGE}/nothing/revival", {}, 404),
        (f"{STAGE}/nothing/place", {"place": "up"}, 404),
        (f"{STAGE}/proposal/place", {"place": "sideways"}, 400),
        (f"{STAGE}/proposal/place", {}, 400),
    ],
)
def test_what_is_not_there_is_not_there(
    sign_in: SignIn, send: Callable[..., Any], address: str, data: dict[str, str], status: int
) -> None:
    assert send(sign_in("manager"), address, **data).status_code == status


def test_only_those_with_the_right_change_lists(
    app: Flask, sign_in: SignIn, send: Callable[..., Any]
) -> None:
    before = keys(app)
    client = sign_in("sales")
    assert client.get("/settings/lists").status_code == 403
    assert send(client, f"{STAGE}/paused/retirement").status_code == 403
    assert send(client, f"{STAGE}/new", label_en="X").status_code == 403
    assert keys(app) == before


PAGES = (
    *("/customers", "/customers/new", "/customers/conditions", "/orders", "/orders/new", "/complaints"),
    *("/cases/new", "/today", "/settings/lists", "/segments/new", "/strategies", "/fields"),
)  # fmt: skip


def test_words_in_one_language_are_enough_for_every_page(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        for name in choice_lists():
            for value in settings.choices(name, retired=True):
                words = {"zh": f"只有中文 {value.key}"}
                by, at = command_line(), clock.now()
                rename_choice(name, value.key, words, version=value.version, by=by, at=at)
    manager = sign_in("manager")
    for lang in ("en", "zh"):
        for page in PAGES:
            answer = manager.get(f"{page}?lang={lang}", follow_redirects=True)
            assert answer.status_code in (200, 404), (page, lang)
        assert "只有中文 discovery" in manager.get("/customers/new").text
