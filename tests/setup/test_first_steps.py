"""The first steps on Today: ticked by what is in the book, never by a click, and gone when they are done."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from crmlite import clock
from crmlite.accounts.operations import NewUser, create_user, disable_user
from crmlite.accounts.passwords import hashed
from crmlite.backups.models import BackupRow
from crmlite.cases.models import CaseFacts
from crmlite.cases.operations import CaseDraft, open_case
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.settings.operations import change_settings
from crmlite.setup.demo import clearing, loading
from crmlite.strategies.planner.writing import make_plans
from crmlite.testing import PASSWORD, SignIn, csrf_token, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.customers.operating import added, done
from tests.customers.records import counted
from tests.followups.conftest import add_customer
from tests.followups.tasks import planned

BOOK = (
    "Say what the firm is called",
    "Give a colleague a login",
    "Bring in your customers",
    "Give each customer an owner",
    "Have a strategy plan contacts",
    "Write down a first follow-up",
    "Make a backup",
    "Keep the recovery code safe",
)


def steps(client: FlaskClient, address: str = "/today") -> dict[str, bool]:
    """The steps that are listed, each with whether it is ticked."""
    part = re.search(r'<div id="first-steps">.*?</ul>', client.get(address).text, re.DOTALL)
    if part is None:
        return {}
    lines = re.findall(r"<li.*?</li>", part[0], re.DOTALL)
    texts = [re.sub(r"<[^>]+>", "", one).replace("It is kept", "").strip() for one in lines]
    return {one.removesuffix(": done"): one.endswith(": done") for one in texts}


def ticked(client: FlaskClient) -> list[str]:
    return [name for name, is_done in steps(client).items() if is_done]


def in_book(app: Flask, work: object, *given: object, **more: object) -> object:
    with app.app_context():
        try:
            return work(*given, **more)
        finally:
            database.session.commit()
            database.session.remove()


def post(client: FlaskClient, address: str) -> object:
    token = csrf_token(client, "/today")
    return client.post(address, data={"csrf_token": token}, follow_redirects=True)


@pytest.fixture
def alone(app: Flask) -> Flask:
    """A book with one manager who can sign in, and nothing else."""
    with app.app_context():
        for login in ("sales", "sales2", "support"):
            disable_user(person_id(login), by=command_line(), at=clock.now())
        database.session.remove()
    return app


def test_a_manager_sees_each_step_ticked_by_what_is_in_the_book(alone, sign_in):
    boss = sign_in("manager")
    assert tuple(steps(boss)) == BOOK
    assert ticked(boss) == []
    in_book(alone, done, change_settings, {"company_name": "Lanwick"})
    assert ticked(boss) == [BOOK[0]]
    colleague = NewUser(login="li", name="Li", role="sales", password_hash="-")
    in_book(alone, done, create_user, colleague)
    assert ticked(boss) == list(BOOK[:2])
    customer = in_book(alone, added, owner_id=None, lifecycle="active", tier="core")
    assert ticked(boss) == list(BOOK[:3])
    in_book(alone, own_all)
    assert ticked(boss) == list(BOOK[:4])
    in_book(alone, plan, customer["id"])
    assert ticked(boss) == list(BOOK[:5])
    in_book(alone, talk, customer["id"], done_by_id=in_book(alone, person_id, "manager"))
    assert ticked(boss) == list(BOOK[:6])
    in_book(alone, back_up)
    assert ticked(boss) == list(BOOK[:7])
    page = post(boss, "/start/steps/code")
    assert page.status_code == 200
    assert steps(boss) == {}


def own_all() -> None:
    database.session.execute(update(Customer.__table__).values(owner_id=person_id("manager")))


def plan(customer_id: int) -> None:
    make_plans([customer_id], by=command_line(), at=clock.now())


def talk(customer_id: int, **more: object) -> None:
    now = clock.now()
    row = {
        "customer_id": customer_id,
        "state": "active",
        "kind": "phone",
        "direction": "out",
        "occurred_at": now,
        "recorded_at": now,
        "content": "-",
        "answered": True,
        "quotation_sent": False,
        "imported": False,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }
    database.session.execute(insert(Interaction.__table__).values({**row, **more}))


def back_up() -> None:
    row = {"name": "b", "made_at": clock.now(), "seconds": 1.0, "state": "good"}
    more = {"elsewhere": False, "bytes": 1, "rows": 1, "encrypted": False, "version": 1}
    database.session.execute(insert(BackupRow.__table__).values({**row, **more}))


def test_an_own_day_and_that_of_a_team_show_them_another_person_s_does_not(app, sign_in):
    boss = sign_in("manager")
    assert steps(boss, "/today?team=sales")
    assert not steps(boss, "/today?who=sales")


def test_they_are_put_away_for_good_and_come_back_by_undo(app, sign_in):
    boss, other = sign_in("manager"), sign_in("sales")
    page = post(boss, "/start/steps/away")
    assert steps(boss) == {}
    assert steps(other) != {}
    with counted(app) as statements:
        boss.get("/today")
    assert [one for one in statements.asked if "first_steps" in one or "planned_touch" in one] == []
    undo = re.search(r"/operations/\d+/undo", page.text)
    assert undo
    boss.post(undo[0], data={"csrf_token": csrf_token(boss, "/profile")})
    assert len(steps(boss)) == len(BOOK)
    post(boss, "/start/steps/away")
    assert post(boss, "/start/steps/away").status_code == 200


def test_a_list_costs_one_statement(app, sign_in):
    boss = sign_in("manager")
    boss.get("/today")
    with counted(app) as statements:
        boss.get("/today")
    assert len([one for one in statements.asked if "EXISTS" in one and "backup" in one]) == 1
    assert [one for one in statements.asked if "first_steps" in one] == []


def test_sales_are_led_through_their_first_day(app, sign_in):
    sales = sign_in("sales")
    names = list(steps(sales))
    assert names == [
        "Add a first customer of yours",
        "Write down a first follow-up",
        "Plan the next step with a customer",
        "Finish something on Today",
    ]
    customer = in_book(app, add_customer, "sales", "Calder")
    assert ticked(sales) == names[:1]
    mine = in_book(app, person_id, "sales")
    in_book(app, talk, customer["id"], done_by_id=mine, imported=True)
    assert ticked(sales) == names[:1]
    in_book(app, talk, customer["id"], done_by_id=mine)
    assert ticked(sales) == names[:2]
    task = in_book(app, planned, customer)
    assert ticked(sales) == names[:3]
    in_book(app, finish, task)
    assert steps(sales) == {}


def finish(task_id: int) -> None:
    database.session.execute(
        update(Task.__table__).where(Task.__table__.c.id == task_id).values(status="done")
    )


def test_support_are_led_through_theirs(app, sign_in):
    support = sign_in("support")
    names = list(steps(support))
    assert names[0] == "Take on a first complaint"
    assert len(names) == 4
    case = in_book(app, take_case)
    assert ticked(support) == names[:1]
    in_book(app, close, case)
    assert ticked(support) == [names[0], names[2]]


def take_case() -> int:
    me = person_id("support")
    by = Actor("person", "support", me)
    customer = add_customer("sales", "Calder")
    values = {
        "subject": "Late",
        "kind": "complaint",
        "channel": "phone",
        "assignee_id": me,
        "opened_at": clock.now(),
    }
    draft = CaseDraft(customer=customer["id"], values=values, said="Late")
    return int(open_case(draft, by=by, at=clock.now())["id"])


def close(case_id: int) -> None:
    table = CaseFacts.__table__
    database.session.execute(update(table).where(table.c.case_id == case_id).values(is_open=False))


def test_a_role_without_a_right_is_not_asked_for_what_it_may_not_do(app, sign_in, employ):
    employ("sales", {"customers:see": "own", "interactions:create": "own"})
    assert list(steps(sign_in("sales"))) == ["Write down a first follow-up"]
    assert sign_in("sales").post("/start/steps/code").status_code in (400, 403)


def test_they_speak_chinese(app, sign_in):
    page = sign_in("manager", lang="zh").get("/today").text
    assert "入门步骤" in page
    assert "妥善保管恢复码" in page
    assert "第一天上手" in sign_in("sales", lang="zh").get("/today").text


@pytest.mark.parametrize("beside", [True, False])
def test_what_the_demo_put_in_was_done_by_nobody(empty, beside):
    """Of a book with the demo beside a manager its rows tick nothing; people of the demo have no list."""
    with empty.app_context():
        me = 0
        if beside:
            new = NewUser(login="emma", name="Emma", role="manager", password_hash=hashed(PASSWORD))
            me = done(create_user, new)
        loading.load_customers(hashed(PASSWORD), beside=me, at=clock.now())
        database.session.remove()
    client = SignIn(empty)("emma" if beside else "manager")
    if not beside:
        assert steps(client) == {}
        return
    assert tuple(steps(client)) == BOOK
    assert ticked(client) == []
    customer = in_book(empty, added, owner_id=me)
    assert ticked(client) == [BOOK[2], BOOK[3]]
    in_book(empty, talk, customer["id"], done_by_id=me)
    assert ticked(client) == [BOOK[2], BOOK[3], BOOK[5]]


def test_what_people_bring_in_counts_after_the_demo_was_cleared(empty):
    with empty.app_context():
        new = NewUser(login="emma", name="Emma", role="manager", password_hash=hashed(PASSWORD))
        me = done(create_user, new)
        loading.load_customers(hashed(PASSWORD), beside=me, at=clock.now())
        clearing.clear(at=clock.now())
        database.session.remove()
    client = SignIn(empty)("emma")
    assert ticked(client) == []
    customer = in_book(empty, added, owner_id=me)
    in_book(empty, talk, customer["id"], done_by_id=me)
    assert ticked(client) == [BOOK[2], BOOK[3], BOOK[5]]
