"""Fields of packs: shown, filtered and sorted like those of crmlite, and refused where they cannot
be kept."""

import re
from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.accounts.operations import UserChange, update_user
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.lists.answering import listing
from crmlite.customers.lists.query_string import Asked
from crmlite.customers.models import Customer
from crmlite.customers.operations import create_customer, update_customer
from crmlite.extensions import database
from crmlite.fields import refuse_unfit
from crmlite.rules.fields import BadDeclaration, Choice, Field
from crmlite.testing import SignIn, person_id
from crmlite.work.actors import command_line
from tests.customers.records import form_on, send
from tests.fields.packs import bring

LEVELS = (Choice("silver", "Silver"), Choice("gold", "Gold"))
BREADS = (Choice("rye", "Rye"), Choice("rye_dark", "Dark rye"), Choice("white", "White"))
FIELDS = (
    Field(name="bakery__flour", label="Flour"),
    Field(name="bakery__story", label="Story", kind="longtext"),
    Field(name="bakery__shop", label="Shop", kind="url"),
    Field(name="bakery__ovens", label="Ovens", kind="integer"),
    Field(name="bakery__since", label="Baking since", kind="date"),
    Field(name="bakery__open", label="Open on Sundays", kind="boolean"),
    Field(name="bakery__level", label="Level", kind="choice", choices=LEVELS),
    Field(name="bakery__breads", label="Breads", kind="choices", choices=BREADS),
    Field(name="bakery__trade", label="Trade", kind="industry"),
    Field(name="bakery__miller", label="Miller", kind="person"),
)
NAMES = tuple(field.name for field in FIELDS)
BAKERS = {
    "Ada": {
        "flour": "Spelt",
        "story": "Since the flood",
        "shop": "https://ada.example",
        "ovens": 9,
        "since": "2019-05-01",
        "open": True,
        "level": "gold",
        "breads": ["rye", "white"],
        "trade": "C14",
    },
    "Bea": {
        "flour": "wheat 50%",
        "ovens": 12,
        "since": "2021-02-03",
        "open": False,
        "level": "silver",
        "breads": ["rye_dark"],
        "trade": "C1411",
    },
    "Cyd": {"ovens": "many", "since": 5, "open": "yes"},  # from before the fields had these kinds
    "Dot": {},
}
ROW = re.compile(r'<a class="name[^"]*" href="/customers/[^"]+"[^>]*>(Ada|Bea|Cyd|Dot)</a>')


@pytest.fixture
def bakers(app: Flask) -> None:
    """Four customers of sales, as a pack knows them."""
    bring(app, "bakery", customer=FIELDS)
    with app.app_context():
        owner = person_id("sales")
        for name, known in BAKERS.items():
            extra = {f"bakery__{key}": value for key, value in known.items()}
            if name == "Ada":
                extra["bakery__miller"] = owner
            values = {"kind": "company", "name": name, "owner_id": owner, "stage": "discovery"}
            create_customer(
                CustomerDraft(values=values, extra=extra), by=command_line(), at=clock.now()
            )


def listed(text: str) -> list[str]:
    """The customers of a list, in order."""
    return list(dict.fromkeys(ROW.findall(text)))


def test_every_field_of_a_pack_can_be_a_column(sign_in: SignIn, bakers: None):
    page = sign_in("sales").get(f"/customers?columns=name,{','.join(NAMES)}")
    assert page.status_code == 200
    row = page.text[page.text.index(">Ada<") : page.text.index(">Bea<")]
    words = ("Spelt", "Since the flood", "https://ada.example", "9", "yes", "Gold", "Rye, White")
    assert [word for word in words if word not in row] == []
    assert "1 May 2019" in row and "C14" in row


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("flour~is~SPELT", ["Ada"]),
        ("flour~contains~50%25", ["Bea"]),
        ("flour~starts~spe", ["Ada"]),
        ("flour~empty", ["Cyd", "Dot"]),
        ("flour~lacks~spe", ["Bea", "Cyd", "Dot"]),
        ("story~contains~flood", ["Ada"]),
        ("shop~filled", ["Ada"]),
        ("ovens~is~9", ["Ada"]),
        ("ovens~above~9", ["Bea"]),
        ("ovens~at_most~12", ["Ada", "Bea"]),
        ("ovens~between~1,9", ["Ada"]),
        ("ovens~empty", ["Cyd", "Dot"]),
        ("since~before~2020-01-01", ["Ada"]),
        ("since~on~2021-02-03", ["Bea"]),
        ("since~after~2019-05-01", ["Bea"]),
        ("since~filled", ["Ada", "Bea"]),
        ("open~is~yes", ["Ada"]),
        ("open~is~no", ["Bea"]),
        ("open~empty", ["Cyd", "Dot"]),
        ("level~is~gold,silver", ["Ada", "Bea"]),
        ("level~is_not~gold", ["Bea", "Cyd", "Dot"]),
        ("breads~has_any~rye", ["Ada"]),
        ("breads~has_all~rye,white", ["Ada"]),
        ("breads~has_all~rye,rye_dark", []),
        ("breads~has_none~rye", ["Bea", "Cyd", "Dot"]),
        ("breads~empty", ["Cyd", "Dot"]),
        ("trade~is~C", ["Ada", "Bea"]),
        ("trade~is~C14", ["Ada", "Bea"]),
        ("trade~is~C1411", ["Bea"]),
        ("trade~is_not~C14", ["Cyd", "Dot"]),
        ("trade~empty", ["Cyd", "Dot"]),
        ("miller~is~me", ["Ada"]),
        ("miller~empty", ["Bea", "Cyd", "Dot"]),
    ],
)
def test_what_a_pack_records_is_asked_for(
    sign_in: SignIn, bakers: None, asked: str, found: Sequence[str]
):
    page = sign_in("sales").get(f"/customers?w=bakery__{asked}")
    assert page.status_code == 200
    assert "bakery__" in page.text  # the condition stands: it was understood
    assert listed(page.text) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("ovens", ["Ada", "Bea", "Cyd", "Dot"]),
        ("-ovens", ["Bea", "Ada", "Dot", "Cyd"]),
        ("level", ["Bea", "Ada", "Cyd", "Dot"]),
        ("-open", ["Ada", "Bea", "Dot", "Cyd"]),
        ("miller", ["Ada", "Bea", "Cyd", "Dot"]),
    ],
)
def test_lists_are_sorted_by_what_a_pack_records(
    sign_in: SignIn, bakers: None, sort: str, found: list[str]
):
    client = sign_in("sales")
    sign = "-" * sort.startswith("-")
    address = f"/customers?sort={sign}bakery__{sort.removeprefix('-')}"
    assert listed(client.get(address).text) == found


def test_people_stand_in_the_order_of_their_names(app: Flask, sign_in: SignIn, bakers: None):
    table = Customer.__table__
    with app.app_context():
        zoe, ann = person_id("sales"), person_id("sales2")
        assert zoe < ann
        now = {"by": command_line(), "at": clock.now()}
        update_user(zoe, UserChange(login="sales", name="Zoe Zimmer", role="sales"), **now)
        update_user(ann, UserChange(login="sales2", name="Ann Adams", role="sales"), **now)
        bea = database.session.execute(select(table.c.id).where(table.c.name == "Bea")).scalar_one()
        update_customer(bea, {"extra": {"bakery__miller": ann}}, **now)
    client = sign_in("sales")
    for sort, found in (("", ["Bea", "Ada", "Cyd", "Dot"]), ("-", ["Ada", "Bea", "Dot", "Cyd"])):
        assert listed(client.get(f"/customers?sort={sort}bakery__miller").text) == found


@pytest.mark.parametrize("sort", [name for name in NAMES if not name.endswith(("story", "breads"))])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_go_on_in_every_order(inside: Flask, bakers: None, sort: str, sign: str):
    with inside.test_request_context():
        asked = Asked(sort=sort, descending=bool(sign), columns=("name", sort))
        seen: list[str] = []
        for _page in range(5):
            page = listing(asked, everything(), date(2026, 6, 15), size=1).page
            seen += [row["name"] for row in page.rows]
            if not page.after:
                break
            asked = Asked(
                sort=sort, descending=bool(sign), columns=("name", sort), cursor=page.after
            )
    assert sorted(seen) == ["Ada", "Bea", "Cyd", "Dot"]


def test_what_a_pack_records_is_typed_in_kept_and_shown(sign_in: SignIn, bakers: None):
    client = sign_in("sales")
    page = client.get("/customers/C004").text
    assert "Baking since" in page
    changed = {
        "bakery__since": "2020-02-29",
        "bakery__ovens": "7",
        "bakery__level": "gold",
        "bakery__breads": ["rye", "white"],
        "bakery__open": "1",
    }
    answer = send(client, "/customers/C004/edit", changed)
    assert answer.status_code == 303
    form = form_on(client, "/customers/C004/edit")
    assert (form["bakery__since"], form["bakery__ovens"]) == ("2020-02-29", "7")
    page = client.get("/customers/C004").text
    assert "29 Feb 2020" in page and "Rye, White" in page
    assert listed(client.get("/customers?w=bakery__since~on~2020-02-29").text) == ["Dot"]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (
            Field(name="bakery__crew", label="Crew", kind="person", multiple=True),
            "several of a person is not supported yet",
        ),
        (Field(name="bakery__marks", label="Marks", kind="tags"), "a tags cannot be a field"),
        (Field(name="flour", label="Flour"), "its name is like `pack__flour`"),
    ],
)
def test_a_field_that_cannot_be_kept_is_refused(field: Field, reason: str):
    with pytest.raises(BadDeclaration, match=reason):
        refuse_unfit("customer", [field])


def test_a_field_is_declared_once():
    with pytest.raises(BadDeclaration, match=r"bakery__flour.*declared twice"):
        refuse_unfit("customer", [FIELDS[0], FIELDS[0]])
