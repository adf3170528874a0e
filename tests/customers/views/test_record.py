"""The page of a customer."""

import pytest
from flask import Flask

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.customers.records import AMOUNT, CLAIRE, EMAIL, HTMX, MOBILE, add, counted, press

MOST_STATEMENTS = 11
PARTS = (
    "",
    "/timeline",
    "/contacts",
    "/needs",
    "/changes",
    "/quick",
    "/edit",
    "/facts/region",
    "/lifecycle",
    "/tier",
    "/status",
    "/tags",
    "/contacts/new",
    "/needs/new",
    "/remarks/new",
)


def test_shows_head_contact_facts_and_tags(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    page = sign_in("sales").get(f"/customers/{number}").text
    for words in (
        "Riverton New Energy Ltd",
        number,
        "Potential",
        "林知夏",
        "Claire Harlow",
        MOBILE,
        EMAIL,
        "C38",
        "Leeds",
        "1,286,000",
    ):
        assert words in page


def test_masks_what_the_reader_may_not_see(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("support")
    for part in ("", "/contacts", "/changes", "/quick", "/timeline"):
        page = client.get(f"/customers/{number}{part}").text
        assert MOBILE not in page
        assert EMAIL not in page
        assert str(AMOUNT) not in page
        assert "1,286,000" not in page
    page = client.get(f"/customers/{number}").text
    assert "138****5678" in page
    assert "c***@riverton.example" in page
    assert "••••" in page


def test_is_not_there_for_who_may_not_see_it(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales2")
    client = sign_in("sales")
    for part in PARTS:
        assert client.get(f"/customers/{number}{part}").status_code == 404, part


@pytest.mark.parametrize("number", ["C999", "%00", "a%20b", "x" * 60, "…", "C1%F0%9F%98%80"])
def test_an_unknown_number_is_not_found(app: Flask, sign_in: SignIn, number: str) -> None:
    assert sign_in("manager").get(f"/customers/{number}").status_code == 404


def test_an_old_number_leads_to_the_one_of_now(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", aliases=("OLD-7",))
    answer = sign_in("sales").get("/customers/OLD-7/contacts?x=1")
    assert answer.status_code in (301, 308)
    assert answer.location.endswith(f"/customers/{number}/contacts?x=1")
    assert sign_in("sales2").get("/customers/OLD-7").status_code == 404


def test_an_old_number_leads_to_who_is_archived(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", aliases=("OLD-7",), lifecycle="lost", lost_reason="price")
    press(sign_in("manager"), f"/customers/{number}/archive")
    assert sign_in("manager").get("/customers/OLD-7").location == f"/customers/{number}"
    assert sign_in("sales").get("/customers/OLD-7").status_code == 404
    active = add(app, "sales", aliases=("OLD-7",))
    assert sign_in("manager").get("/customers/OLD-7").location == f"/customers/{active}"


@pytest.mark.parametrize(
    "query", ["number=C002", "endpoint=x", "_method=POST", "_external=1&show=need&w=a&w=b"]
)
def test_an_old_number_keeps_what_stands_behind_the_question_mark(
    app: Flask, sign_in: SignIn, query: str
) -> None:
    number = add(app, "sales", aliases=("OLD-7",))
    answer = sign_in("sales").get(f"/customers/OLD-7/timeline?{query}")
    assert answer.status_code == 308
    assert answer.location == f"/customers/{number}/timeline?{query}"


@pytest.mark.parametrize("page", ["", "/interactions/new", "/steps/new"])
def test_what_cannot_be_a_number_is_the_number_of_nobody(
    app: Flask, sign_in: SignIn, page: str
) -> None:
    add(app, "sales")
    client = sign_in("sales")
    for odd in ("C001%00", "C" * 5000, "%ED%A0%80"):
        assert client.get(f"/customers/{odd}{page}").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_a_page_and_a_fragment(app: Flask, sign_in: SignIn, part: str) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    whole = client.get(f"/customers/{number}{part}")
    piece = client.get(f"/customers/{number}{part}", headers=HTMX)
    assert whole.status_code == piece.status_code == 200
    assert "<html" in whole.text
    assert "<html" not in piece.text
    assert len(piece.text) < len(whole.text)


def test_costs_the_same_with_one_and_fifty_of_everything(app: Flask, sign_in: SignIn) -> None:
    small = add(app, "sales")
    large = add(app, "sales", contacts=[{**CLAIRE, "name": f"Claire {n}"} for n in range(50)])
    with app.app_context():
        customer_id = id_of(large)
        for n in range(50):
            do.add_need(customer_id, {"goal": f"goal {n}"}, by=command_line(), at=clock.now())
            do.add_remark(
                customer_id,
                {"text": f"text {n}", "is_risk": False},
                by=command_line(),
                at=clock.now(),
            )
    client = sign_in("sales")
    figures = []
    for number in (small, large):
        client.get(f"/customers/{number}")  # whole values are noted once in ten minutes
        with counted(app) as statements:
            assert client.get(f"/customers/{number}").status_code == 200
        figures.append(len(statements.own))
        assert len(statements.own) <= MOST_STATEMENTS, "\n".join(statements.own)
    assert figures[0] == figures[1]


def id_of(number: str) -> int:
    """The id of a customer."""
    table = Customer.__table__
    found = database.session.execute(
        database.select(table.c.id).where(table.c.number == number)
    ).scalar_one()
    database.session.rollback()
    return int(found)


def test_the_timeline_goes_on_without_gap_or_double(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", contacts=())
    with app.app_context():
        customer_id, at = id_of(number), clock.now()
        for n in range(45):
            do.add_need(customer_id, {"goal": f"goal-{n:02d}."}, by=command_line(), at=at)
    client = sign_in("sales")
    url, seen = f"/customers/{number}/timeline?show=needs", []
    for _page in range(5):
        text = client.get(url, headers=HTMX).text
        seen += [n for n in range(45) if f"goal-{n:02d}." in text]
        if 'id="flow-more"' not in text:
            break
        url = text.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&")
    assert sorted(seen) == list(range(45))


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=2026-01-01T00:00:00~need-000000000001",
        "before=0001-01-01T00:00:00%2B14:00~need-000000000001",
        "before=9999-12-31T23:59:59-14:00~need-000000000001",
        "before=2026-01-01T00:00:00Z~interaction-999999999999",
        "before=~",
        "before=%00",
    ],
)
def test_a_marker_that_is_none_of_ours_is_refused(app: Flask, sign_in: SignIn, query: str) -> None:
    number = add(app, "sales")
    assert sign_in("sales").get(f"/customers/{number}/timeline?{query}").status_code == 400


def test_looking_at_whole_values_is_written_down(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    sign_in("sales").get(f"/customers/{number}")
    page = sign_in("manager").get("/settings/viewings").text
    assert "Claire Harlow" in page
    assert "林知夏" in page


def test_who_may_see_the_number_can_call_from_the_head(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    head = f"/customers/{number}/head"
    seen = sign_in("sales").get(head, headers=HTMX).text
    assert f'href="tel:{MOBILE}"' in seen
    client = sign_in("support")
    assert client.get(head, headers=HTMX).status_code == 200
    assert "tel:" not in client.get(head, headers=HTMX).text


def test_amounts_are_changed_by_those_only_who_may_see_them(
    app: Flask, sign_in: SignIn, employ: Employ
) -> None:
    number = add(app, "sales")
    employ("support", {"customers:see": "all", "customers:edit": "all"})
    client = sign_in("support")
    assert client.get(f"/customers/{number}/facts/region").status_code == 200
    for field in ("annual_amount", "signed_amount"):
        assert client.get(f"/customers/{number}/facts/{field}").status_code == 404
        assert f'name="{field}"' not in client.get(f"/customers/{number}/edit").text
