"""The feed: a secret address that shows what its person may see, and closes at once."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts import passwords
from crmlite.accounts.operations import change_own_password, disable_user, set_password
from crmlite.agenda.models import CalendarFeed
from crmlite.agenda.operations import make_feed, revoke_feed
from crmlite.agenda.views import feeds
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.operations import finish_task, move_task
from crmlite.settings.queries import local_day
from crmlite.testing import PASSWORD, SignIn, csrf_token, person_id
from crmlite.work import Refused, operation, records, undo
from crmlite.work.actors import command_line
from tests.followups.conftest import add_customer
from tests.followups.tasks import person, planned

PAGE = "/calendar/feed"
DAY = timedelta(days=1)


def make(client: FlaskClient) -> str:
    """Make the address; its path."""
    token = csrf_token(client, PAGE)
    shown = client.post(f"{PAGE}/secret", data={"csrf_token": token}).text
    found = re.search(r"http://localhost(/calendar/feeds/[\w-]{43}\.ics)", shown)
    assert found
    return found[1]


def events(app: Flask, path: str) -> dict[str, Any]:
    """What anybody reads at an address, by its words."""
    answer = app.test_client().get(path)
    assert answer.status_code == 200, answer.status_code
    assert answer.content_type == "text/calendar; charset=utf-8"
    return {one.summary.value: one for one in parsed(answer.text)}


def parsed(text: str) -> list[Any]:
    calendar = vobject.readOne(text)
    return list(calendar.contents.get("vevent", []))


def test_it_tells_of_the_open_tasks_of_its_person(app: Flask, sign_in: SignIn) -> None:
    moment = clock.now().replace(second=0, microsecond=0) + DAY
    with app.app_context():
        today = local_day(clock.now())
        mine = add_customer("sales", "Calder Ltd")
        planned(mine, what="Ring them", due_on=today)
        planned(mine, what="Go there", channel="visit", due_at=moment)
        done = planned(mine, what="Was done", due_on=today)
        finish_task(done, by=person("sales"), at=clock.now())
        planned(mine, who="sales2", what="Not theirs", due_on=today)
    found = events(app, make(sign_in("sales")))
    assert set(found) == {"Ring them · Calder Ltd", "Go there · Calder Ltd"}
    call, visit = found["Ring them · Calder Ltd"], found["Go there · Calder Ltd"]
    assert (call.dtstart.value, call.dtend.value) == (today, today + DAY)
    assert visit.dtstart.value == moment and visit.dtend.value == moment + timedelta(minutes=90)
    assert visit.url.value.startswith("http://localhost/customers/")


def test_addresses_are_those_at_which_people_open_the_book(app: Flask, sign_in: SignIn) -> None:
    config = replace(app.extensions["crmlite.config"], public_url="http://crm.example")
    app.extensions["crmlite.config"] = config
    with app.app_context():
        customer = add_customer("sales", "Calder Ltd")
        planned(customer, what="Ring them", due_on=local_day(clock.now()))
    client = sign_in("sales")
    sent = {"csrf_token": csrf_token(client, PAGE)}
    shown = client.post(f"{PAGE}/secret", data=sent).text
    path = re.search(r"http://crm.example(/calendar/feeds/[\w-]{43}\.ics)", shown)
    assert path
    [call] = events(app, path[1]).values()
    assert call.url.value.startswith("http://crm.example/customers/")


def test_names_stay_and_changes_count_up(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        today = local_day(clock.now())
        task = planned(add_customer("sales", "Calder Ltd"), what="Ring them", due_on=today)
    client = sign_in("sales")
    [before] = events(app, make(client)).values()
    with app.app_context():
        move_task(task, today + DAY, by=person("sales"), at=clock.now())
    [after] = events(app, make(client)).values()  # another address, the same event
    assert after.uid.value == before.uid.value and "task-" in after.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value == today + DAY


def test_text_is_escaped_and_folded(app: Flask, sign_in: SignIn) -> None:
    what = "电话回访；价格, 交期; 反斜\\n线 " * 6
    with app.app_context():
        today = local_day(clock.now())
        planned(add_customer("sales", "Calder\nLtd"), what=what.strip(), due_on=today)
    path = make(sign_in("sales"))
    text = app.test_client().get(path).data
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in text.replace(b"\r\n", b"")
    for line in lines:
        line.decode("utf-8")  # no sign is cut in two
    [found] = parsed(text.decode("utf-8"))
    assert found.summary.value.startswith(what.strip())
    whole = text.replace(b"\r\n ", b"").decode("utf-8")
    assert "价格\\, 交期\\; 反斜\\\\n线" in whole


def test_only_a_digest_is_kept_and_the_address_is_shown_once(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    path = make(client)
    secret = path.removesuffix(".ics").rpartition("/")[2]
    assert secret not in client.get(PAGE).text
    with app.app_context():
        row = database.session.execute(select(CalendarFeed.__table__)).mappings().one()
        assert secret not in str(dict(row)) and len(row["secret_hash"]) == 64
    changes = sign_in("manager").get("/settings/ledger").text
    assert secret not in changes and row["secret_hash"] not in changes


def test_another_address_closes_the_one_before_and_revoking_closes_it_at_once(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("sales")
    first = make(client)
    second = make(client)
    visitor = app.test_client()
    assert visitor.get(first).status_code == 404 and visitor.get(second).status_code == 200
    client.post(f"{PAGE}/revocation", data={"csrf_token": csrf_token(client, PAGE)})
    assert visitor.get(second).status_code == 404
    assert "No address is open." in client.get(PAGE).text
    with app.app_context():
        last = database.session.execute(select(CalendarFeed.__table__.c.secret_hash)).scalar_one()
        assert last is None


def test_who_may_not_sign_in_any_more_has_no_feed(app: Flask, sign_in: SignIn) -> None:
    path = make(sign_in("sales"))
    with app.app_context():
        disable_user(person_id("sales"), by=command_line(), at=clock.now())
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("change", [set_password, change_own_password])
def test_another_password_closes_it(app: Flask, sign_in: SignIn, change: Any) -> None:
    client = sign_in("sales")
    path, other = make(client), make(sign_in("sales2"))
    with app.app_context():
        secret = passwords.hashed(PASSWORD)
        change(person_id("sales"), secret, by=command_line(), at=clock.now())
    assert app.test_client().get(path).status_code == 404
    assert events(app, other) == {}


def test_after_another_password_it_is_opened_by_another_address(
    app: Flask, sign_in: SignIn
) -> None:
    make(sign_in("sales"))
    with app.app_context():
        secret = passwords.hashed(PASSWORD)
        change_own_password(person_id("sales"), secret, by=person("sales"), at=clock.now())
    client = sign_in("sales")
    assert "No address is open." in client.get(PAGE).text
    assert events(app, make(client)) == {}


def test_it_shows_no_customer_whom_its_person_does_not_see(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        theirs: Any = add_customer("sales2", "Merton Ltd")
        today = local_day(clock.now())
        planned(theirs, who="sales", what="Help them", due_on=today)
    path = make(sign_in("sales"))
    assert events(app, path) == {}
    with app.app_context():
        hand_over(theirs["id"], person_id("sales"), by=command_line(), at=clock.now())
    assert list(events(app, path)) == ["Help them · Merton Ltd"]


@operation("customer_updated")
def hand_over(customer_id: int, owner_id: int, *, by: object, at: object) -> None:
    records.update(Customer, customer_id, {"owner_id": owner_id})


def test_a_program_asks_again_by_its_etag(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        today = local_day(clock.now())
        task = planned(add_customer("sales", "Calder Ltd"), what="Ring them", due_on=today)
    path, visitor = make(sign_in("sales")), app.test_client()
    first = visitor.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache" and first.headers["ETag"]
    again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    with app.app_context():
        move_task(task, today + DAY, by=person("sales"), at=clock.now())
    other = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_who_reads_too_often_or_guesses_waits(
    app: Flask, sign_in: SignIn, monkeypatch: Any
) -> None:
    monkeypatch.setattr(feeds, "BY_FEED", 3)
    monkeypatch.setattr(feeds, "BY_NETWORK", 2)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 4, 30, tzinfo=UTC))
    path, visitor = make(sign_in("sales")), app.test_client()
    assert [visitor.get(path).status_code for _turn in range(4)] == [200, 200, 200, 429]
    assert visitor.get(path).headers["Retry-After"] == "1800"
    wrong = "/calendar/feeds/none.ics"
    assert [visitor.get(wrong).status_code for _turn in range(3)] == [404, 404, 429]
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 5, 1, tzinfo=UTC))
    assert visitor.get(path).status_code == 200 and visitor.get(wrong).status_code == 404


def test_an_undo_opens_no_address_again(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        who = person_id("sales")
        make_feed(who, "first", by=person("sales"), at=clock.now())
        done = revoke_feed(who, by=person("sales"), at=clock.now())
        with pytest.raises(Refused):
            undo(done, by=command_line(), at=clock.now())
    assert app.test_client().get("/calendar/feeds/first.ics").status_code == 404


def test_odd_addresses_are_no_feeds(app: Flask) -> None:
    visitor = app.test_client()
    for secret in ("x" * 500, "%00", "%ff", "..", "%E4%B8%AD"):
        assert visitor.get(f"/calendar/feeds/{secret}.ics").status_code == 404, secret
