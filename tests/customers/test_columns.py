"""Every column that is offered can be shown, by everyone whom it is offered to."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.access.sensitive import ViewingRow
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact, Customer, Facts
from crmlite.customers.operations import create_customer, create_tag
from crmlite.customers.queries import dimension_id
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, TaskDraft, log_interaction
from crmlite.sales.operations import LineDraft, OrderDraft, add_order
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.customers.records import add, counted

OFFERED = re.compile(r'name="column" value="([a-z_]+)"')
CELL = re.compile(r'<td role="cell" class="[^"]*">(.*?)</td>', re.DOTALL)
DAY = date(2026, 6, 15)
SECRETS = {
    "phone": "13912347788",
    "email": "quietly.hidden@canary.example",
    "im": "canary_wechat_77",
    "address": "1 Mill Lane",
}
FULL = {
    "kind": "person", "name": "Ada Full", "lifecycle": "active", "stage": "discovery",
    "tier": "core", "status": "awaiting-payment", "lost_reason": "price", "source": "fair",
    "first_contact_on": DAY, "industry": "C35", "size": "s", "founded_on": DAY, "capital": 5,
    "business": "Bearings", "region": "Leeds", "address": SECRETS["address"],
    "website": "https://full.example", "signed_amount": 100, "annual_amount": 100,
    "cooperation_on": DAY, "contract_ends_on": DAY, "gender": "female", "birthday": DAY,
    "prospects": "high",
    "age": 30, "likes_products": "p", "likes_colours": "c", "likes_brands": "b", "interests": "i",
}  # fmt: skip
PEOPLE = ("manager", "sales", "support")
# Who answers keeps nobody waiting, and orders of no category are not often.
NOTHING_TO_SHOW = ("waiting_days", "bought_often")


@pytest.fixture
def full(app: Flask) -> str:
    """A customer of sales with something in every field; its number."""
    with app.app_context():
        by, at = command_line(), clock.now()
        tag = create_tag(dimension_id("free"), "vip", {"en": "VIP", "zh": "VIP"}, by=by, at=at)
        made = create_customer(
            CustomerDraft(
                values={
                    **FULL,
                    "owner_id": person_id("sales"),
                    "dedicated_id": person_id("support"),
                },
                contacts=[
                    {
                        "name": "Ada Full",
                        "mobile": SECRETS["phone"],
                        "email": SECRETS["email"],
                        "im": SECRETS["im"],
                    }
                ],
                needs=[{"goal": "g", "urgency": "high", "budget": "b1", "core_need": "price"}],
                remarks=[{"text": "Careful", "is_risk": True}],
                tags=[tag],
            ),
            by=by,
            at=at,
        )
        draft = InteractionDraft(
            customer_id=made["id"],
            kind="phone",
            content="Talked.",
            occurred_at=at,
            next_step=TaskDraft(what="Call again", due_on=DAY),
        )
        log_interaction(draft, by=by, at=at)
        for day in (DAY, DAY + timedelta(days=30), DAY + timedelta(days=60)):
            lines = [LineDraft(name="Pump", quantity=1000, price=100_00)]
            order = OrderDraft(customer_id=made["id"], values={"ordered_on": day}, lines=lines)
            add_order(order, by=by, at=at)
        return str(made["number"])


@pytest.mark.parametrize("login", PEOPLE)
def test_every_column_that_is_offered_shows_its_value(sign_in: SignIn, full: str, login: str):
    client = sign_in(login)
    offered = OFFERED.findall(client.get("/customers/columns").text)
    assert len(offered) > 45
    for name in offered:
        answer = client.get(f"/customers?columns=name,{name}")
        assert answer.status_code == 200, name
        shown = CELL.findall(answer.text)[-1]
        if name in NOTHING_TO_SHOW:
            continue
        assert re.sub(r"<[^>]*>|–", "", shown).strip(), f"{name}: {shown}"


@pytest.mark.parametrize("login", PEOPLE)
def test_columns_of_ways_show_what_the_reader_may_see(
    app: Flask, sign_in: SignIn, full: str, login: str
):
    masked = login == "support"
    page = sign_in(login).get("/customers?columns=name,phone,email,im,team,address").text
    assert SECRETS["address"] in page
    for name in ("phone", "email", "im"):
        assert (SECRETS[name] in page) is not masked, name
    assert ("139****7788" in page and "q***@canary.example" in page) is masked
    with app.app_context():
        looks = database.session.execute(select(ViewingRow.__table__)).mappings().all()
        contact = database.session.execute(select(Contact.__table__.c.id)).scalar()
    seen = [(row["record_ids"], row["columns"]) for row in looks if row["record_type"] == "contact"]
    assert seen == ([] if masked else [([contact], ["email", "im", "mobile"])])


def test_they_are_asked_once_for_a_page_and_only_when_shown(app: Flask, sign_in: SignIn):
    for number in range(12):
        add(app, "sales", name=f"Firm {number}")
    client = sign_in("sales")

    def asked(url: str) -> int:
        client.get(url)
        with counted(app) as statements:
            client.get(url)
        return sum("FROM contact" in one.replace('"', "") for one in statements.own)

    assert asked("/customers") == 0
    assert asked("/customers?columns=name,team") == 0
    assert asked("/customers?columns=name,phone,email,im") == 1


def test_the_main_contact_is_shown_and_an_owner_without_team_has_none(app: Flask, sign_in: SignIn):
    others = ({"name": "Aaron", "phone": "02088000004"}, {"name": "Zoe", "mobile": "13912340001"})
    contacts = [{**one, "is_primary": one["name"] == "Zoe"} for one in others]
    add(app, None, name="Nobody's", contacts=contacts)
    page = sign_in("manager").get("/customers?columns=name,phone,team").text
    assert "13912340001" in page and "02088000004" not in page
    assert CELL.findall(page)[-1] == ""


def test_no_column_shows_what_is_stored_sealed(app: Flask, sign_in: SignIn, full: str):
    with app.app_context():
        stored = [
            database.session.execute(select(column)).scalar_one()
            for column in (Customer.__table__.c.address, Contact.__table__.c.mobile)
        ]
    page = sign_in("manager").get("/customers?columns=name,phone,address").text
    assert stored[0] not in page and stored[1] not in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_last_contact_says_by_whom_it_was(
    app: Flask, sign_in: SignIn, employ: Employ, full: str, lang: str
):
    with app.app_context():
        facts = Facts.__table__
        by = update(facts).values(last_contact_by_id=person_id("sales2"))
        database.session.execute(by)
        database.session.commit()
    told = re.compile(r'title="[^"]+ · Oliver Hartwell"')
    assert told.search(sign_in("manager", lang=lang).get("/customers").text)
    employ("support", {"customers:see": "all"})
    page = sign_in("support", lang=lang).get("/customers").text
    assert "Talked." not in page and not told.search(page)


@pytest.mark.parametrize("sort", ["phone", "-address", "contact_role", "nothing"])
def test_an_order_that_is_impossible_is_said(sign_in: SignIn, full: str, sort: str):
    client = sign_in("manager")
    page = client.get(f"/customers?sort={sort}")
    assert page.status_code == 200 and "this one is sorted by name" in page.text
    assert "sorted by name" not in client.get("/customers?sort=-last_contact").text
    assert "已改为按名称排序" in sign_in("manager", lang="zh").get(f"/customers?sort={sort}").text
