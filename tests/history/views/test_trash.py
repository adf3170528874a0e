"""The page of the recycle bin."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from crmlite.testing import SignIn
from tests.history.conftest import Past

Send = Callable[..., Any]


@pytest.fixture
def deleted(app: Flask, past: Past) -> Past:
    """A customer in the bin."""
    with app.app_context():
        past.delete()
    return past


def state(app: Flask, past: Past) -> Any:
    with app.app_context():
        return past.value("state")


def restoration(past: Past) -> str:
    return f"/trash/customer/{past.customer_id}/restoration"


def test_it_teaches_what_it_is_for_while_it_is_empty(sign_in: SignIn) -> None:
    page = sign_in("sales").get("/trash")
    assert page.status_code == 200
    assert "Nothing was deleted" in page.text


def test_a_deleted_customer_is_brought_back_and_that_can_be_undone(
    app: Flask, sign_in: SignIn, send: Send, deleted: Past
) -> None:
    client = sign_in("sales")
    page = client.get("/trash").text
    assert "Riverton New Energy Ltd" in page
    assert restoration(deleted) in page
    assert client.get(f"/customers/{deleted.number}").status_code == 404
    response = send(client, restoration(deleted), back="/trash")
    assert (response.status_code, response.headers["Location"]) == (303, "/trash")
    assert state(app, deleted) == "active"
    page = client.get("/trash").text
    assert "Restored, with everything that belongs to it." in page
    assert "/undo" in page
    assert client.get(f"/customers/{deleted.number}").status_code == 200


def test_its_tabs_speak_of_several(sign_in: SignIn, deleted: Past) -> None:
    page = sign_in("sales").get("/trash").text
    assert re.search(r"Customers\s*<span[^>]*>1<", page)


def test_the_part_alone_answers_htmx(sign_in: SignIn, deleted: Past) -> None:
    part = sign_in("sales").get("/trash?kind=customer", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<section id="trash"')


def test_others_do_not_see_it_and_cannot_restore_it(
    app: Flask, sign_in: SignIn, send: Send, deleted: Past
) -> None:
    stranger = sign_in("sales2")
    assert "Riverton" not in stranger.get("/trash").text
    assert send(stranger, restoration(deleted)).status_code == 404
    support = sign_in("support")
    assert "Riverton" in support.get("/trash").text
    assert restoration(deleted) not in support.get("/trash").text
    assert send(support, restoration(deleted)).status_code == 403
    assert state(app, deleted) == "deleted"


def test_what_is_not_in_the_bin_is_not_there(sign_in: SignIn, send: Send, past: Past) -> None:
    client = sign_in("manager")
    assert send(client, restoration(past)).status_code == 404
    assert send(client, "/trash/user/1/restoration").status_code == 404
    assert send(client, "/trash/nothing/1/restoration").status_code == 404
    assert client.get("/trash?kind=nothing").status_code == 404
    assert client.get("/trash?kind=user").status_code == 404
    assert client.get("/trash?from=rubbish").status_code == 400


def test_the_page_is_there_in_chinese(sign_in: SignIn, deleted: Past) -> None:
    page = sign_in("sales", lang="zh").get("/trash").text
    for words in ("回收站", "还原", "删除时间", "客户"):
        assert words in page
