"""The notification centre: the bell, the page, opening and reading, and what people do not want."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite.notifications.kinds import kinds
from crmlite.notifications.queries import MOST, PAGE
from crmlite.testing import SignIn, csrf_token
from tests.customers.records import HTMX, form_on
from tests.declaring import declare
from tests.notifications.loaves import BREAD, FIRE, bake, bring


@pytest.fixture
def sales(app: Flask, sign_in: SignIn) -> FlaskClient:
    """Sales, at a firm that bakes."""
    bring(app, BREAD, FIRE)
    return sign_in("sales")


def told(app: Flask, login: str = "sales", first: int = 1, last: int = 1, **params: object) -> None:
    with app.app_context():
        for loaves in range(first, last + 1):
            assert bake(login, loaves, **params) == 1


def press(client: FlaskClient, url: str, *, htmx: bool = False, **data: str) -> object:
    form = {"csrf_token": csrf_token(client, "/profile"), **data}
    return client.post(url, data=form, headers=HTMX if htmx else {})


def opening(page: str) -> list[str]:
    """Where the lines of a page are opened."""
    return re.findall(r'action="(/notifications/\d+/opening)"', page)


def bell(page: str) -> str:
    """What the bell says."""
    found = re.search(r'id="unread".*?visually-hidden">\s*(.*?)\s*</span>', page, re.DOTALL)
    assert found
    return found[1]


def test_a_notification_is_shown_opened_and_read(app: Flask, sales: FlaskClient) -> None:
    assert bell(sales.get("/today").text) == "Notifications"
    assert "Nobody has told you anything yet" in sales.get("/notifications").text
    told(app, last=2)
    page = sales.get("/notifications").text
    assert bell(page) == "Notifications, 2 unread"
    assert page.index("2 &lt;loaves&gt; for 林知夏") < page.index("1 &lt;loaves&gt;")
    menu = sales.get("/notifications/latest", headers=HTMX).text
    assert "<html" not in menu and len(opening(menu)) == 2
    newest = opening(page)[0]
    assert sales.get(newest).status_code == 405
    assert bell(sales.get("/today").text) == "Notifications, 2 unread"
    answer = press(sales, newest)
    assert (answer.status_code, answer.location) == (303, "/customers?q=2")
    page = sales.get("/notifications").text
    assert bell(page) == "Notifications, 1 unread" and newest not in page
    assert newest in sales.get("/notifications?show=all").text


def test_nobody_sees_or_opens_those_of_others(
    app: Flask, sales: FlaskClient, sign_in: SignIn
) -> None:
    told(app)
    [mine] = opening(sales.get("/notifications").text)
    other = sign_in("manager")
    assert opening(other.get("/notifications?show=all").text) == []
    assert press(other, mine).status_code == 404
    assert press(other, "/notifications/readings").status_code == 303
    assert bell(sales.get("/today").text) == "Notifications, 1 unread"


def test_what_is_out_of_sight_by_now_is_not_named(app: Flask, sales: FlaskClient) -> None:
    told(app, first=70707, last=70707, hidden_from=["sales"])
    page = sales.get("/notifications").text
    assert "70707" not in page and "About something that you cannot see any more." in page
    answer = press(sales, opening(page)[0])
    assert (answer.status_code, answer.location) == (303, "/notifications")
    assert "You cannot see this any more." in sales.get("/notifications").text


def test_a_kind_that_fails_or_is_gone_breaks_no_page(
    app: Flask, sales: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        assert bake("sales", 1, loaves_missing=True) == 1
        kind = kinds()["bread-baked"]
        declare(app, "register_notification_kinds", ())
    assert "cannot see any more" in sales.get("/notifications").text
    with app.app_context():
        from crmlite.extensions import database
        from crmlite.notifications.models import Notification

        declare(app, "register_notification_kinds", [kind])
        database.session.execute(Notification.__table__.update().values(params={}))
        database.session.commit()
    assert "Bread is baked" in sales.get("/notifications").text
    assert "cannot be put into words" in caplog.text


def test_reading_all_leaves_what_came_since(app: Flask, sales: FlaskClient) -> None:
    told(app, last=2)
    page = sales.get("/notifications").text
    newest = re.search(r'name="until" value="(\d+)"', page)[1]
    told(app, first=3, last=3)
    answer = press(sales, "/notifications/readings", htmx=True, until=newest, bell="1")
    assert 'id="latest"' in answer.text and "notifications-read" in answer.headers["HX-Trigger"]
    assert bell(sales.get("/notifications/unread", headers=HTMX).text) == "Notifications, 1 unread"
    answer = press(sales, "/notifications/readings")
    assert (answer.status_code, answer.location) == (303, "/notifications")
    assert "All is read" in sales.get("/notifications").text
    for odd in ("0", "x", "9" * 30):  # none that a page offers: all that there are
        assert press(sales, "/notifications/readings", until=odd).status_code == 303


def test_there_are_pages_of_them_and_the_bell_stops_counting(
    app: Flask, sales: FlaskClient
) -> None:
    told(app, last=MOST + 1)
    page = sales.get("/notifications").text
    assert bell(page) == "Notifications, more than 99 unread" and "99+" in page
    seen: list[str] = []
    while True:
        seen += opening(page)
        after = re.search(r'href="(/notifications\?from=[^"]+)" rel="next"', page)
        if after is None:
            break
        page = sales.get(after[1]).text
    assert len(seen) == len(set(seen)) == MOST + 1
    before = re.search(r'href="(/notifications\?from=[^"]+)" rel="prev"', page)[1]
    assert opening(sales.get(before).text) == seen[-PAGE - len(opening(page)) : -len(opening(page))]
    assert sales.get("/notifications?from=a0").status_code == 400


def test_kinds_are_muted_on_the_profile(app: Flask, sales: FlaskClient) -> None:
    page = sales.get("/profile").text
    assert "Bread is baked" in page and "You are always told of: Oven on fire" in page
    form = form_on(sales, "/profile", "/profile/notifications")
    assert form["told"] == "bread-baked"
    del form["told"]
    assert sales.post("/profile/notifications", data=form).status_code == 303
    with app.app_context():
        assert bake("sales", 5) == 0
    answer = press(sales, "/profile/notifications", htmx=True, told="bread-baked")
    assert answer.status_code == 200 and "<html" not in answer.text
    wrong = press(sales, "/profile/notifications", told="oven-on-fire")
    assert wrong.status_code == 422 and "<html" in wrong.text
    with app.app_context():
        assert bake("sales", 5) == 1


def test_without_kinds_there_is_nothing_to_choose(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    declare(app, "register_notification_kinds", ())
    assert 'id="telling"' not in client.get("/profile").text
    assert client.get("/profile/notifications").status_code == 200
    for part in ("latest", "unread"):
        assert client.get(f"/notifications/{part}").location == "/notifications"
