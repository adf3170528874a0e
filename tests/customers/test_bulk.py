"""One change to several customers: counted, within one's rights, undone in one step."""

import re
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.operations import set_grants
from crmlite.accounts.queries import roles
from crmlite.customers.following import follow
from crmlite.customers.lists.query_string import LONGEST_ADDRESS
from crmlite.customers.models import Customer, Tag
from crmlite.customers.operations import bulk, create_dimension, create_tag
from crmlite.customers.queries import tags_of
from crmlite.extensions import database
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Busy, batches
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow
from tests.customers.lists_book import fill, tier_of
from tests.customers.records import form_on

KEY = "k" * 22


@pytest.fixture
def book(app: Flask) -> list[dict]:
    with app.app_context():
        return fill()


def values(app: Flask, column: str) -> dict[int, object]:
    table = Customer.__table__
    with app.app_context():
        return dict(database.session.execute(select(table.c.id, table.c[column])).all())


def send(client, what: str, value: str, **form):
    token = csrf_token(client, "/profile")
    return client.post(
        f"/customers/bulk/{what}", data={"csrf_token": token, "value": value, **form}
    )


def test_the_selected_ones_change_and_one_undo_takes_it_back(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    before = values(app, "stage")
    picks = [book[0]["id"], book[3]["id"]]
    assert send(client, "stage", "negotiation", pick=picks).status_code == 303
    after = values(app, "stage")
    assert {i for i in after if after[i] != before[i]} == set(picks)
    page = client.get("/customers").text
    assert "2 customers changed." in page
    undo = re.search(r'action="(/operations/\d+/undo)"', page)[1]
    assert client.post(undo, data={"csrf_token": csrf_token(client, "/profile")}).status_code == 303
    assert values(app, "stage") == before


def test_all_of_the_list_means_the_list_of_now_within_ones_rights(
    app: Flask, sign_in: SignIn, book
):
    client = sign_in("sales")
    send(client, "tier", "normal", all="1", list="w=tier~is~core")
    after = values(app, "tier")
    with app.app_context():
        sales = person_id("sales")
    for row in book:
        mine = row["owner_id"] == sales and tier_of(row) == "core"
        assert after[row["id"]] == ("normal" if mine else row["tier"])


def test_all_of_a_list_that_cannot_be_asked_any_more_stays(app: Flask, sign_in: SignIn, book):
    before = values(app, "stage")
    asked = "w=tier~is~core&w=custom__gone~is~x"
    too_long = f"page={'x' * LONGEST_ADDRESS}&w=tier~is~core"
    for one in (asked, too_long):
        answer = send(sign_in("manager"), "stage", "paused", all="1", list=one)
        assert answer.status_code == 409 and "cannot be asked any more" in answer.text
    assert values(app, "stage") == before


def test_all_of_a_list_with_a_long_chinese_filter_changes(app: Flask, sign_in: SignIn, book):
    others = quote(",".join(["云" * 190] * 20))
    asked = f"w=name~is_not~{others}&w=tier~is~core"
    client = sign_in("manager")
    assert send(client, "stage", "paused", all="1", list=asked).status_code == 303
    stages = values(app, "stage")
    assert {stages[row["id"]] for row in book if tier_of(row) == "core"} == {"paused"}


def test_customers_of_others_stay_as_they_are_and_are_counted(app: Flask, sign_in: SignIn, book):
    client = sign_in("sales")
    before = values(app, "stage")
    send(client, "stage", "paused", pick=[row["id"] for row in book[:3]])
    after = values(app, "stage")
    assert sum(after[i] != before[i] for i in after) == 1
    assert "2 were left as they are." in client.get("/customers").text


def test_salespeople_give_no_customers_away(sign_in: SignIn, book):
    assert send(sign_in("sales"), "owner", "1", pick=[book[0]["id"]]).status_code == 403
    assert send(sign_in("support"), "stage", "paused", pick=[book[0]["id"]]).status_code == 403


def test_only_dormant_and_lost_ones_are_archived(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    send(client, "archive", "", pick=[row["id"] for row in book])
    assert "left as they are: only lost and dormant" in client.get("/customers").text
    after = values(app, "state")
    for row in book:
        gone = row["lifecycle"] in ("lost", "dormant")
        assert after[row["id"]] == ("archived" if gone else "active")


@pytest.mark.parametrize(
    ("what", "value"),
    [("stage", "nowhere"), ("owner", "x"), ("tag", "0"), ("tier", ""), ("tier", "dormant")],
)
def test_what_is_not_offered_is_refused(sign_in: SignIn, book, what: str, value: str):
    assert send(sign_in("manager"), what, value, pick=[1]).status_code == 422


def test_tags_are_added_and_taken_away(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    picks = [row["id"] for row in book]
    with app.app_context():
        wanted = select(Tag.__table__.c.id).where(Tag.__table__.c.key == "vip")
        vip = str(database.session.execute(wanted).scalar_one())
    send(client, "tag", vip, pick=picks)
    page = client.get("/customers?w=tags~has_any~free/vip&columns=name").text
    assert len(re.findall("data-row=", page)) == 24
    send(client, "untag", vip, pick=picks)
    assert "data-row=" not in client.get("/customers?w=tags~has_any~free/vip").text


def test_a_tag_of_an_exclusive_dimension_takes_the_place_of_its_rival(
    app: Flask, sign_in: SignIn, book
):
    by, at = command_line(), clock.now()
    with app.app_context():
        mood = create_dimension({"en": "Mood", "zh": "态度"}, exclusive=True, by=by, at=at)
        warm, cold = (
            create_tag(mood, key, {"en": key, "zh": key}, by=by, at=at) for key in ("warm", "cold")
        )
        before = tags_of([book[0]["id"]])[book[0]["id"]]
    client = sign_in("manager")
    for tag in (warm, cold):
        send(client, "tag", str(tag), pick=[book[0]["id"]])
    with app.app_context():
        assert set(tags_of([book[0]["id"]])[book[0]["id"]]) == {*before, cold}


def test_more_than_may_be_changed_at_once_stay_as_they_are(
    app: Flask, sign_in: SignIn, book, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("crmlite.customers.views.bulk.MOST", 2)
    client = sign_in("manager")
    before = values(app, "stage")
    send(client, "stage", "paused", pick=[row["id"] for row in book[:3]])
    assert "At most 2 at once." in client.get("/customers").text
    assert values(app, "stage") == before
    send(client, "stage", "paused", pick=[row["id"] for row in book[:2]])
    assert values(app, "stage") != before


def test_nobody_takes_over_customers_out_of_sight(app: Flask, sign_in: SignIn, book):
    with app.app_context():
        role = next(one for one in roles() if one.key == "sales")
        grants = {**role.grants, "customers:assign": "all"}
        set_grants({role.id: grants}, by=command_line(), at=clock.now())
        me = person_id("sales")
    before = values(app, "owner_id")
    hidden = [row["id"] for row in book if row["owner_id"] != me]
    send(sign_in("sales"), "owner", str(me), pick=hidden)
    send(sign_in("sales"), "owner", str(me), all="1", list="")
    assert values(app, "owner_id") == before


@pytest.fixture
def hindered(monkeypatch: pytest.MonkeyPatch):
    """Batches of ten of which the second fails as if others wrote for too long."""
    calls = iter(range(100))

    def follow_unless(*given, **more):
        if next(calls) == 1:
            raise Busy
        follow(*given, **more)

    monkeypatch.setattr(batches, "BATCH", 10)
    monkeypatch.setattr(bulk, "follow", follow_unless)


@pytest.mark.usefixtures("hindered")
def test_what_is_cut_short_says_how_far_it_came_and_can_be_undone(
    app: Flask, sign_in: SignIn, book
):
    client = sign_in("manager")
    before = values(app, "stage")
    assert send(client, "stage", "negotiation", all="1", list="").status_code == 303
    after = values(app, "stage")
    assert sum(after[i] != before[i] for i in after) == 10
    page = client.get("/customers").text
    assert "10 of 24 customers changed, then the book was busy." in page
    undo = re.search(r'action="(/operations/\d+/undo)"', page)[1]
    client.post(undo, data={"csrf_token": csrf_token(client, "/profile")})
    assert values(app, "stage") == before


@pytest.mark.usefixtures("hindered")
def test_sent_again_it_goes_on_where_it_stopped(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    picks = [row["id"] for row in book]
    for _ in range(2):
        send(client, "stage", "negotiation", pick=picks, form_key=KEY)
    assert set(values(app, "stage").values()) == {"negotiation"}
    assert operations(app) == [None, 1, 1], "the first batch is done once"


def test_a_form_that_is_sent_twice_changes_once(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    form = form_on(client, "/customers", "/customers/bulk/stage")
    assert len(form["form_key"]) == len(KEY)
    picks = [row["id"] for row in book]
    for _ in range(2):
        send(client, "stage", "negotiation", pick=picks, form_key=form["form_key"])
        assert "24 customers changed." in client.get("/customers").text
    assert operations(app) == [None]


def operations(app: Flask) -> list[int | None]:
    """The bulk changes so far: for each batch which one it is a part of, counted from 1."""
    table = OperationRow.__table__
    with app.app_context():
        rows = database.session.execute(
            select(table.c.id, table.c.part_of_id)
            .where(table.c.name == "customers_changed")
            .order_by(table.c.id)
        ).all()
    places = {row.id: place for place, row in enumerate(rows, 1)}
    return [places.get(row.part_of_id) for row in rows]


def test_stages_that_do_not_fit_are_set_and_counted(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")
    potential = [row["id"] for row in book if row["lifecycle"] == "potential"][:3]
    active = [row["id"] for row in book if row["lifecycle"] == "active"][:1]
    send(client, "stage", "cooperating", pick=potential + active)
    page = client.get("/customers").text
    assert "4 customers changed. 3 look doubtful: the stage does not fit the rest." in page
    send(client, "stage", "proposal", pick=active)
    assert "doubtful" not in client.get("/customers").text
