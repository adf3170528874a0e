"""The button Undo: for who did it, for a day, with and without scripts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.models import User
from crmlite.accounts.operations import (
    NewRole,
    NewUser,
    UserChange,
    create_role,
    create_user,
    set_grants,
    update_user,
)
from crmlite.accounts.roster import roster
from crmlite.extensions import database
from crmlite.history.views import undoing
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor, Refused, Undone, operation, records, undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow
from crmlite.work.operations import move_epoch
from tests.history.conftest import CANARY, Past, make_past

Send = Callable[..., Any]


@pytest.fixture
def just_now(app: Flask) -> Past:
    """A customer of sales, changed a minute ago."""
    with app.app_context():
        past = make_past()
        past.at = clock.now() - timedelta(minutes=5)
        return past


def undo_url(operation_id: int) -> str:
    return f"/operations/{operation_id}/undo"


def region(app: Flask, past: Past) -> Any:
    with app.app_context():
        return past.value("region")


def changed(app: Flask, past: Past, login: str = "sales") -> int:
    with app.app_context():
        return past.change(login=login, region="Leeds")


def test_who_did_it_undoes_it_and_is_back_where_they_were(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    back = f"/customers/{just_now.number}?x=1"
    client = sign_in("sales")
    response = send(client, undo_url(operation_id), back=back)
    assert (response.status_code, response.headers["Location"]) == (303, back)
    assert region(app, just_now) is None
    assert "Undone." in client.get("/trash").text


def test_htmx_is_sent_to_the_page_again(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    response = send(sign_in("sales"), undo_url(operation_id), back="/trash", htmx=True)
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/trash")
    assert region(app, just_now) is None


@pytest.mark.parametrize(
    "referrer",
    [
        "http://elsewhere.example/trash",
        "http://localhost//elsewhere.example",
        "http://localhost/\\elsewhere.example",
        "http://[broken",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_sent_elsewhere(
    app: Flask, sign_in: SignIn, just_now: Past, referrer: str
) -> None:
    operation_id = changed(app, just_now)
    client = sign_in("sales")
    data = {"csrf_token": csrf_token(client, "/profile/password")}
    response = client.post(undo_url(operation_id), data=data, headers={"Referer": referrer})
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_others_may_not_and_learn_nothing(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    for login in ("sales2", "support"):
        assert send(sign_in(login), undo_url(operation_id)).status_code == 404
    assert send(sign_in("sales"), undo_url(999_999)).status_code == 404
    assert region(app, just_now) == "Leeds"


def test_a_manager_may_undo_what_others_did(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    assert send(sign_in("manager"), undo_url(operation_id)).status_code == 303
    assert region(app, just_now) is None


def test_after_a_day_it_is_too_late(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    just_now.at = clock.now() - timedelta(hours=25)
    operation_id = changed(app, just_now)
    client = sign_in("sales")
    assert send(client, undo_url(operation_id)).status_code == 303
    assert region(app, just_now) == "Leeds"
    assert "too long ago" in client.get("/trash").text
    send(sign_in("manager"), undo_url(operation_id))
    assert region(app, just_now) is None


def test_twice_is_said_and_does_nothing(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    client = sign_in("sales")
    send(client, undo_url(operation_id))
    client.get("/trash")
    send(client, undo_url(operation_id))
    assert "undone already" in client.get("/trash").text


def test_what_somebody_changed_since_is_named(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    with app.app_context():
        just_now.change(login="manager", region="York")
    client = sign_in("sales")
    send(client, undo_url(operation_id))
    assert region(app, just_now) == "York"
    assert "changed since" in client.get("/trash").text


def test_an_undo_that_is_cut_short_is_offered_again(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation_id = changed(app, just_now)
    client = sign_in("sales")

    def hindered(asked: int, **more: Any) -> Undone:
        return replace(undo(asked, **more), hindered="busy")

    monkeypatch.setattr(undoing, "undo", hindered)
    send(client, undo_url(operation_id))
    page = client.get("/trash").text
    assert "Undone in part, then the book was busy." in page
    assert f'action="{undo_url(operation_id)}"' in page


def role(key: str) -> Any:
    return next(one for one in roster().roles.values() if one.key == key)


def test_a_right_that_was_lost_since_does_not_come_back_by_undo(
    app: Flask, sign_in: SignIn, send: Send
) -> None:
    with app.app_context():
        by = Actor("person", "Grace Shen", person_id("manager"))
        grants = {role("sales").id: {**role("sales").grants, "customers:see": ""}}
        done = set_grants(grants, by=by, at=clock.now())
        move_to_sales(person_id("manager"), by=command_line(), at=clock.now())
    assert send(sign_in("manager"), undo_url(done)).status_code == 404
    with app.app_context():
        assert not role("sales").grants.get("customers:see")


def test_an_undo_leaves_somebody_in_charge(app: Flask, sign_in: SignIn, send: Send) -> None:
    client = sign_in("manager")
    with app.app_context():
        by = Actor("person", "Grace Shen", person_id("manager"))
        made = create_user(
            NewUser(login="boss", name="Boss", role="manager", password_hash="-", team_ids=[]),
            by=by,
            at=clock.now(),
        )
        move_to_sales(person_id("manager"), by=command_line(), at=clock.now())
        table = OperationRow.__table__
        newest = select(table.c.id).where(table.c.name == "user_created")
        created = database.session.execute(newest.order_by(table.c.id.desc())).scalars().first()
        with pytest.raises(Refused) as refused:
            undo(int(created or 0), by=by, at=clock.now())
        assert refused.value.code == "last_in_charge"
        assert roster().people[made].active
    assert client.get("/settings").status_code in (302, 303, 403)


@operation("user_updated")
def move_to_sales(user_id: int, *, by: Actor, at: Any) -> list[str]:
    """Take somebody's rights away, past all safeguards."""
    move_epoch()
    return list(records.update(User, user_id, {"role_id": role("sales").id}))


def test_it_takes_a_token(app: Flask, sign_in: SignIn, just_now: Past) -> None:
    operation_id = changed(app, just_now)
    client = sign_in("sales")
    assert client.post(undo_url(operation_id)).status_code == 400
    assert client.get(undo_url(operation_id)).status_code == 405
    assert region(app, just_now) == "Leeds"


def test_visitors_are_sent_to_sign_in(app: Flask, just_now: Past) -> None:
    operation_id = changed(app, just_now)
    client = app.test_client()
    data = {"csrf_token": csrf_token(client)}
    assert "/sign-in" in client.post(undo_url(operation_id), data=data).headers["Location"]
    assert region(app, just_now) == "Leeds"


def test_a_stronger_role_does_not_come_back_by_undo(
    app: Flask, sign_in: SignIn, send: Send
) -> None:
    with app.app_context():
        grants = {"people:manage": "all", "history:undo": "all", "history:see_all": "all"}
        office = NewRole(label={"en": "Office"}, grants=grants)
        office_id = create_role(office, by=command_line(), at=clock.now())
        office_key = roster().roles[office_id].key
        for key in ("manager", office_key):
            change = UserChange(login="support", name="周牧", role=key)
            update_user(person_id("support"), change, by=command_line(), at=clock.now())
        weaker = newest_operation()
        change = UserChange(login="sales", name="林知夏", role=office_key)
        update_user(person_id("sales"), change, by=command_line(), at=clock.now())
        stronger = newest_operation()
    client = sign_in("support")
    for done in (weaker, stronger):
        assert send(client, undo_url(done)).status_code == 404
        assert undo_url(done) not in client.get(f"/settings/ledger/{done}").text
    with app.app_context():
        people = roster().people.values()
        assert {one.role_id for one in people if one.login in ("support", "sales")} == {office_id}
    assert send(sign_in("manager"), undo_url(stronger)).status_code == 303
    with app.app_context():
        assert roster().people[person_id("sales")].role_id == role("sales").id


def newest_operation() -> int:
    table = OperationRow.__table__
    newest = select(table.c.id).order_by(table.c.id.desc()).limit(1)
    return int(database.session.execute(newest).scalar_one())


def test_what_was_handed_over_is_out_of_reach(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    operation_id = changed(app, just_now)
    with app.app_context():
        just_now.change(login="manager", owner_id=person_id("sales2"))
    assert send(sign_in("sales"), undo_url(operation_id)).status_code == 404
    assert region(app, just_now) == "Leeds"
    assert send(sign_in("manager"), undo_url(operation_id)).status_code == 303
    assert region(app, just_now) is None


@pytest.mark.parametrize(
    ("lost", "column", "new"),
    [
        ("customers:tier", "tier", "core"),
        ("customers:amounts", "annual_amount", 100),
        ("customers:edit", "region", "Leeds"),
        ("customers:see", "region", "Leeds"),
    ],
)
def test_a_column_asks_for_its_right_here_too(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past, lost: str, column: str, new: Any
) -> None:
    with app.app_context():
        operation_id = just_now.change(**{column: new})
        set_grants({role("sales").id: {lost: ""}}, by=command_line(), at=clock.now())
    assert send(sign_in("sales"), undo_url(operation_id)).status_code == 404
    with app.app_context():
        assert just_now.value(column) == new


def test_a_masked_way_to_reach_somebody_is_not_put_back(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    with app.app_context():
        operation_id = just_now.change_contact(mobile=CANARY)
        title = just_now.change_contact(title="Head")
        set_grants({role("sales").id: {"customers:unmask": ""}}, by=command_line(), at=clock.now())
    client = sign_in("sales")
    assert send(client, undo_url(operation_id)).status_code == 404
    assert send(client, undo_url(title)).status_code == 303


def test_what_one_put_away_oneself_can_be_brought_back(
    app: Flask, sign_in: SignIn, send: Send, just_now: Past
) -> None:
    with app.app_context():
        operation_id = just_now.delete()
    assert send(sign_in("sales"), undo_url(operation_id)).status_code == 303
    with app.app_context():
        assert just_now.value("state") == "active"


def test_the_button_is_there_for_those_only_who_may(
    app: Flask, sign_in: SignIn, just_now: Past
) -> None:
    with app.app_context():
        set_grants(
            {role("sales").id: {"customers:assign": "own"}}, by=command_line(), at=clock.now()
        )
        away = str(person_id("sales2"))
    client = sign_in("sales")
    facts = f"/customers/{just_now.number}/facts"
    token = csrf_token(client, "/profile/password")
    client.post(f"{facts}/region", data={"csrf_token": token, "region": "Leeds"})
    assert "/undo" in client.get("/trash").text
    owner = f"/customers/{just_now.number}/owner"
    form = {"csrf_token": token, "owner_id": away, "owner": away}
    assert client.post(owner, data=form).status_code == 303
    page = client.get("/trash").text
    assert "/undo" not in page
    with app.app_context():
        assert just_now.value("owner_id") == int(away)
